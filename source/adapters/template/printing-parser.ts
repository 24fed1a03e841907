import {TemplateProblem} from '../../app/template/template-ports.js';
import {MARK, type Format} from '../../domain/template/format.js';
import {formatNamed} from '../../domain/template/formats.js';
import {
  LiquidError,
  Output,
  Parser,
  Tag,
  TokenKind,
  type Context,
  type Emitter,
  type Liquid,
  type LiquidTemplate,
  type TagToken,
  type TopLevelToken,
} from './liquid-package.js';
import {problemOf, type Words} from './explain.js';
import {settled, type Print} from './settle.js';

/** Where what is printed is kept, in order: of a text that is quoted apart. */
export type Sink = {
  prints: Print[];
  /** Is told the number of each branch that is gone through. */
  taken: (branch: number) => void;
};

/** Reads templates whose values leave marks, and are kept in `sink`. */
export class PrintingParser extends Parser {
  readonly #liquid: Liquid;
  readonly #sink: Sink;
  readonly #words: Words;

  constructor(liquid: Liquid, sink: Sink, words: Words) {
    super(liquid);
    this.#words = words;
    this.#liquid = liquid;
    this.#sink = sink;
  }

  override parseToken(token: TopLevelToken, remaining: TopLevelToken[]): ReturnType<Parser['parseToken']> {
    try {
      if (token.kind === TokenKind.Output && 'contentRange' in token && !('name' in token)) {
        return new PrintedValue(token, this.#liquid, this.#sink);
      }
      if (token.kind === TokenKind.Tag && 'name' in token && token.name === 'quote') {
        return new QuotedText(token, remaining, {liquid: this.#liquid, parser: this, sink: this.#sink});
      }
    } catch (error) {
      if (!(error instanceof Error) || LiquidError.is(error) || error instanceof TemplateProblem) throw error;
      throw problemOf(error.message, token, this.#words);
    }
    return super.parseToken(token, remaining);
  }
}

/** `{{ value }}`. */
export class PrintedValue extends Output {
  readonly #line: number;
  readonly #sink: Sink;

  constructor(token: ConstructorParameters<typeof Output>[0], liquid: Liquid, sink: Sink) {
    super(token, liquid);
    this.#line = lineOf(token);
    this.#sink = sink;
  }

  override *render(context: Context, emitter: Emitter): IterableIterator<unknown> {
    const value: unknown = yield this.value.value(context, false);
    this.#sink.prints.push({line: this.#line, content: {kind: 'value', value}});
    emitter.write(MARK);
  }
}

function lineOf(token: TopLevelToken): number {
  return token.getPosition()[0] ?? 1;
}

type Surroundings = {readonly liquid: Liquid; readonly parser: Parser; readonly sink: Sink};

/** `{% quote shell %}…{% endquote %}`: a text of one language as one value of the language around it. */
export class QuotedText extends Tag {
  readonly templates: LiquidTemplate[] = [];
  readonly #language: Format;
  readonly #line: number;
  readonly #sink: Sink;

  constructor(token: TagToken, remaining: TopLevelToken[], {liquid, parser, sink}: Surroundings) {
    super(token, remaining, liquid);
    this.#line = lineOf(token);
    this.#sink = sink;
    const name = token.args.trim();
    const language = formatNamed(name);
    if (language === undefined) {
      throw new TemplateProblem(`${JSON.stringify(name)} is no language that can be quoted`, this.#line);
    }
    this.#language = language;
    for (let next = remaining.shift(); next !== undefined; next = remaining.shift()) {
      if ('name' in next && next.name === 'endquote') return;
      this.templates.push(parser.parseToken(next, remaining));
    }
    throw new TemplateProblem('{% quote %} is not closed with {% endquote %}', this.#line);
  }

  /** For who looks which names are used. */
  // oxlint-disable-next-line require-yield -- the library asks for a generator
  *children(): Generator<unknown, LiquidTemplate[]> {
    return this.templates;
  }

  *render(context: Context, emitter: Emitter): Generator<unknown, void, string> {
    const sink = this.#sink;
    const outer = sink.prints;
    const inner: Print[] = [];
    sink.prints = inner;
    const text = yield this.liquid.renderer.renderTemplates(this.templates, context);
    sink.prints = outer;
    const language = this.#language;
    outer.push({
      line: this.#line,
      content: {kind: 'quote', text: settled(body(text), inner, language), language},
    });
    emitter.write(MARK);
  }
}

/** Without the rest of the tags' own lines, and without what all lines are in by; before values are in it. */
function body(text: string): string {
  const inside = text.replace(/\n[ \t]+$/, '\n');
  if (!/^[ \t]*\n/.test(inside)) return inside;
  const lines = inside.slice(inside.indexOf('\n') + 1).split('\n');
  const margins = lines.flatMap((line) => (line.trim() === '' ? [] : [line.search(/[^ \t]/)]));
  const margin = Math.min(...margins, Infinity);
  return lines.map((line) => line.slice(margin)).join('\n');
}
