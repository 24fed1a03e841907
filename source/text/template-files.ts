import type {LeftBehind} from '../app/template/left-behind.js';
import type {PlacedFile} from '../app/template/place-files.js';
import type {Template} from '../app/template/template-types.js';
import type {TestReport} from '../app/template/test-template.js';
import {lineDiff} from './line-diff.js';
import type {Line} from './line.js';
import {paragraph} from './paragraph.js';
import {sign, type Signs} from './signs.js';

/** What became of files, one a line: how each stands to what was there. */
export function placedLines(
  placed: readonly PlacedFile[],
  folder: string,
  signs: Signs,
  written?: ReadonlySet<PlacedFile>,
): readonly Line[] {
  return placed.flatMap((one) => {
    const isGood = written !== undefined || one.state === 'none' || one.state === 'version';
    return paragraph(`${folder}/${one.file.path}  ${stateWords(one, written?.has(one))}`, 2, [
      sign(signs, isGood ? 'ok' : 'failed'),
      ' ',
    ]);
  });
}

function stateWords({file, state, standing}: PlacedFile, isWritten: boolean | undefined): string {
  if (isWritten === true) return state === 'new' ? 'written' : 'replaced';
  switch (state) {
    case 'none':
      return 'is as it should be';
    case 'version':
      return 'is as it should be; another version made it';
    case 'new':
      return 'is missing';
    case 'mode':
      return 'has the right text, but the wrong mode';
    case 'values':
      return 'was made with other values, or by another version of the template';
    case 'by-hand':
      return file.format.comment === undefined
        ? 'is another one; it has no header that would tell why'
        : 'was changed by hand, or not made from a template';
    case 'refused':
      return standing.kind === 'refused' ? standing.reason : 'cannot be written';
  }
}

/** Files that are not made any more: whoever reads the folder may still read them. */
export function leftLines({paths, isWhole}: LeftBehind, folder: string, signs: Signs): readonly Line[] {
  const tell = (text: string): readonly Line[] => paragraph(text, 2, [sign(signs, 'warning'), ' ']);
  return [
    ...paths.flatMap((path) => tell(`${folder}/${path}  ${LEFT_WORDS}`)),
    ...(isWhole ? [] : tell(`${folder}  ${UNSEEN_WORDS}`)),
  ];
}

/** Of a file that a template made once and would not make now. */
export const LEFT_WORDS = 'was made before and is not any more; remove it, unless something needs it';
/** Of a folder that is too large, or that nobody may read. */
export const UNSEEN_WORDS =
  'was not looked through to its end: files that are not made any more may be there';

/** What would change in a file. */
export function diffOfFile({file, standing}: PlacedFile): readonly Line[] {
  if (standing.kind !== 'file') return [];
  const marks = {same: ' ', removed: '-', added: '+'} as const;
  return [
    [{text: file.path, tone: 'strong'}],
    ...lineDiff(standing.text, file.text).map(({kind, text}): Line => {
      const line = `${marks[kind]}${text}`;
      return kind === 'same' ? line : {text: line, tone: kind};
    }),
    '',
  ];
}

/** How what was written is used. */
export function usageLines(usage: readonly string[]): readonly Line[] {
  return usage.length === 0 ? [] : ['', 'Next:', ...usage.map((line) => `  ${line}`)];
}

/**
 * What came of a template's examples, of which files only that they were rendered is known, and which branches no example
 * goes through. What is wrong with several examples is told once.
 */
export function testLines({name}: Template, {outcomes, unseen}: TestReport, signs: Signs): readonly Line[] {
  const tell = (text: string, kind: 'ok' | 'failed' | 'none'): readonly Line[] =>
    paragraph(text, 2, [sign(signs, kind), ' ']);
  const problems = new Map<string, string[]>();
  for (const {example, problem} of outcomes) {
    if (problem !== undefined) problems.set(problem, [...(problems.get(problem) ?? []), example]);
  }
  const unread = outcomes.flatMap((outcome) => outcome.unread.map(({path, format}) => `${path} (${format})`));
  return [
    ...outcomes.flatMap(({example, files, problem}) => {
      if (problem === undefined) return tell(`${name}, ${example}: ${files.join(', ')}`, 'ok');
      const examples = problems.get(problem) ?? [];
      return examples[0] === example ? tell(`${name}, ${examples.join(', ')}: ${problem}`, 'failed') : [];
    }),
    ...(unread.length === 0
      ? []
      : tell(`${name}, rendered only, nothing here checks it: ${[...new Set(unread)].join(', ')}`, 'none')),
    ...unseen.flatMap((branch) => tell(`${name}, in no example: ${branch}`, 'none')),
  ];
}
