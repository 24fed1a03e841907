import {
  TemplateProblem,
  type CompiledText,
  type NamesInText,
  type TemplateEngine,
} from '../../app/template/template-ports.js';
import {MARK, type Format} from '../../domain/template/format.js';
import {checkKinds} from './check-kinds.js';
import {problemOf, refuseElseWithWords, type Words} from './explain.js';
import {PrintingParser, type Sink} from './printing-parser.js';
import {readTokens} from './read-tokens.js';
import {settled} from './settle.js';
import {watchBranches} from './watch-branches.js';
import {Context, Liquid, LiquidError, type LiquidTemplate} from './liquid-package.js';

/**
 * Tags that are left: what decides and repeats. Others read files, print without being seen as values, or keep a state
 * between two renderings.
 */
const TAGS: ReadonlySet<string> = new Set([
  'assign',
  'break',
  'case',
  'comment',
  'continue',
  'for',
  'if',
  'unless',
  '#',
]);
/** Filters that hang on a clock, a zone or chance, or pretend to quote. */
const NO_FILTERS = [
  'date',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
  'sample',
  'raw',
  'escape',
  'escape_once',
  'xml_escape',
  'newline_to_br',
  'strip_html',
];
const LIMITS = {parseLimit: 1_000_000, renderLimit: 5_000, memoryLimit: 50_000_000};

/**
 * Templates in Liquid. Each value that is printed leaves a mark; where it stands is judged in the text as it came out,
 * with the branches that were taken, and then it is quoted for its language and place. There is no way to print one as
 * it is.
 */
export function liquidEngine(): TemplateEngine {
  const liquid = makeLiquid();
  const words = {
    tags: [...Object.keys(liquid.tags), 'elsif', 'else', 'raw', 'quote'],
    filters: Object.keys(liquid.filters),
  };
  return {
    compile(text, format, kinds): CompiledText {
      refuseMarks(text);
      const sink: Sink = {prints: [], taken: ignore};
      const templates = explained(words, () => {
        const tokens = readTokens(text, liquid);
        refuseElseWithWords(tokens);
        return new PrintingParser(liquid, sink, words).parseTokens(tokens);
      });
      checkKinds(templates, kinds);
      const names = namesIn(liquid, templates);
      return {
        names,
        branches: watchBranches(templates, sink),
        render(values, taken = ignore) {
          sink.taken = taken;
          return explained(words, () => rendered(liquid, templates, {values, sink, format}));
        },
      };
    },
  };
}

function ignore(): void {}

function makeLiquid(): Liquid {
  const liquid = new Liquid({
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    // Else the locale is asked for, which takes as long as all the rest.
    locale: 'en-US',
    ...LIMITS,
  });
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  for (const name of NO_FILTERS) delete liquid.filters[name];
  return liquid;
}

type Rendering = {
  readonly values: Readonly<Record<string, unknown>>;
  /** Filled by what prints. */
  readonly sink: Sink;
  readonly format: Format;
};

function rendered(liquid: Liquid, templates: LiquidTemplate[], {values, sink, format}: Rendering): string {
  sink.prints = [];
  const context = new Context({...values}, liquid.options, {sync: true});
  const text = String(liquid.renderSync(templates, context));
  return settled(text, sink.prints, format);
}

function namesIn(liquid: Liquid, templates: LiquidTemplate[]): NamesInText {
  const {variables, globals} = liquid.analyzeSync(templates, {partials: false});
  const named = (segment: unknown, line: number) =>
    typeof segment === 'string' ? [{name: segment, line}] : [];
  return {
    values: Object.values(globals)
      .flat()
      .flatMap(({segments: [first], location}) => named(first, location.row)),
    parts: Object.values(variables)
      .flat()
      .flatMap(({segments, location}) => segments.slice(1).flatMap((one) => named(one, location.row))),
  };
}

function refuseMarks(text: string): void {
  const at = text.indexOf(MARK);
  if (at === -1) return;
  throw new TemplateProblem(
    'it has a character for private use, U+E000',
    text.slice(0, at).split('\n').length,
  );
}

/** What the library throws about a text, as our own. */
function explained<Value>(words: Words, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const {originalError, token, message} = error;
    if (originalError instanceof TemplateProblem) throw originalError;
    const reason = (originalError?.message ?? message).replace(/, (?:file|line):.*$/s, '');
    throw problemOf(reason, token, words);
  }
}
