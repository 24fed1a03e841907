import type {FileCheck} from '../../../app/template/template-ports.js';
import {splitHeader} from '../../../app/template/header.js';
import type {PreviewedFile} from '../../../app/template/preview.js';
import {countOf} from '../../../text/elapsed.js';
import {LEFT_WORDS, UNSEEN_WORDS} from '../../../text/template-files.js';
import {signSpan, type AnySign} from '../../meaning.js';
import type {Key} from '../../keys.js';
import {keyOf} from '../../own-keys.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {coloured, muted, strong, troubleRows, wrapped} from '../../components/draft.js';
import {shownFile, triedValues, wantedOf} from './form.js';
import type {TemplatesState} from './state.js';
import {commentSign, differenceOf, fileWords, writtenHeadline} from './words.js';

type Room = {readonly theme: Theme; readonly cells: number; readonly rows: number};

/** What of a file is in sight: lines above the window, and the key that shows more. */
type Sight = {readonly top: number; readonly more: Key};

/** The right half: the file with the cursor as it will be, and what reads it; or what became of all of them. */
export function previewLines(state: TemplatesState, room: Room): readonly UiLine[] {
  const {form} = state;
  if (form === undefined) return [];
  if (form.stage.kind === 'written') return writtenLines(state, room);
  if (wantedOf(state) === undefined) return missingLines(state, room);
  if (form.preview.kind === 'failed') {
    return troubleRows(room.theme, form.preview.trouble, room.cells).map(({line}) => line);
  }
  const file = shownFile(state);
  if (file === undefined) {
    return [[muted(form.preview.kind === 'ready' ? 'With these values it makes no file.' : 'Rendering.')]];
  }
  const more = keyOf('move.half-page-down', state.options.ownKeys);
  return fileLines(file, {top: form.top, more}, room);
}

/** What keeps the files from being rendered. */
function missingLines(state: TemplatesState, {theme, cells}: Room): readonly UiLine[] {
  const missing = triedValues(state).filter(({problem}) => problem?.kind === 'missing');
  const wrong = triedValues(state).filter(({problem}) => problem?.kind === 'refused');
  const told = (text: string): readonly UiLine[] =>
    wrapped(text, cells - 4).map((line): UiLine => ['  ', line]);
  return [
    [strong('Nothing to show yet')],
    [],
    ...(missing.length === 0 ? [] : [[muted('it needs')] as UiLine]),
    ...missing.flatMap(({definition}): readonly UiLine[] => [
      [signSpan(theme, 'not-begun'), ' ', definition.name.replaceAll('_', ' ')],
      ...told(definition.help).map((line): UiLine =>
        line.map((span) => (typeof span === 'string' ? muted(span) : span)),
      ),
    ]),
    ...(wrong.length === 0 ? [] : [[muted('what is given cannot be')] as UiLine]),
    ...wrong.flatMap(({definition, problem}): readonly UiLine[] => [
      [signSpan(theme, 'failed'), ' ', definition.name.replaceAll('_', ' ')],
      ...(problem?.kind === 'refused' ? told(problem.reason) : []),
    ]),
    ...(state.form?.folder.trim() === '' ? [[signSpan(theme, 'failed'), ' folder'] as UiLine] : []),
  ];
}

function fileLines(file: PreviewedFile, {top, more}: Sight, {theme, cells, rows}: Room): readonly UiLine[] {
  const checks = file.checks.flatMap((check) => checkLines(check, theme, cells));
  const content = contentLines(file);
  const room = Math.max(3, rows - checks.length - 3);
  const last = Math.max(0, content.length - room);
  const first = Math.min(top, last);
  const isCut = content.length > room;
  const shown = isCut ? content.slice(first, first + room - 1) : content;
  const below = content.length - first - shown.length;
  return [
    [strong(file.file.path), '  ', muted(fileWords(file))],
    [],
    ...shown,
    ...(isCut
      ? [
          [
            muted(
              `  lines ${first + 1} to ${first + shown.length} of ${content.length}${below > 0 ? `, ${more} goes on` : ''}`,
            ),
          ],
        ]
      : []),
    [],
    ...checks,
  ];
}

const SIGNS: Readonly<Record<FileCheck['verdict'], AnySign>> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'failed',
  none: 'none',
};

function checkLines({verdict, text}: FileCheck, theme: Theme, cells: number): readonly UiLine[] {
  return wrapped(text, cells - 4).map((line, index): UiLine => [
    index === 0 ? signSpan(theme, SIGNS[verdict]) : ' ',
    ' ',
    verdict === 'none' ? muted(line) : line,
  ]);
}

/** The text without its header, which says what made it; as a difference where a file is there. */
function contentLines(one: PreviewedFile): readonly UiLine[] {
  const comment = commentSign(one);
  const {header, body} = splitHeader(one.file.text);
  const head: readonly UiLine[] =
    header.length === 0
      ? []
      : [[muted(` ${comment ?? ''} header of ${countOf(header.length, 'line')}: what made it`)]];
  if (one.standing.kind !== 'file') return [...head, ...textLines(body, comment)];
  const difference = differenceOf(one);
  return [
    ...head,
    ...difference.map(({kind, text}): UiLine => {
      const shown = text.replaceAll('\t', '  ');
      switch (kind) {
        case 'same':
          return [' ', muted(` ${shown}`)];
        case 'removed':
          return [coloured(` -${shown}`, 'danger')];
        case 'added':
          return [coloured(` +${shown}`, 'ok')];
      }
    }),
  ];
}

/** Comments are muted and headings of sections strong: what counts is seen first. */
export function textLines(text: string, comment: string | undefined): readonly UiLine[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line): UiLine => {
      const shown = `  ${line.replaceAll('\t', '  ')}`;
      if (comment !== undefined && line.trimStart().startsWith(comment)) return [muted(shown)];
      return /^\[.*\]\s*$/.test(line) ? [strong(shown)] : [shown];
    });
}

/** What became of each file, and how they are used now. */
function writtenLines({form}: TemplatesState, {theme, cells, rows}: Room): readonly UiLine[] {
  if (form?.stage.kind !== 'written') return [];
  const {written} = form.stage;
  const next = [
    ...(written.usage.length === 0 ? [] : [[], [strong('Next')] as UiLine]),
    ...written.usage.flatMap((text) =>
      wrapped(text, cells - 4).map((line, index): UiLine => [index === 0 ? '  ' : '    ', line]),
    ),
  ];
  const head = wrapped(writtenHeadline(written), cells - 4).map((line, index): UiLine => [
    index === 0 ? signSpan(theme, 'ok') : ' ',
    ' ',
    strong(line),
  ]);
  const {left} = written;
  const warned = [
    ...left.paths.map((path) => `${path} ${LEFT_WORDS}`),
    ...(left.isWhole ? [] : [`${written.folder} ${UNSEEN_WORDS}`]),
  ].flatMap((text) =>
    wrapped(text, cells - 4).map((line, index): UiLine => [
      index === 0 ? signSpan(theme, 'warning') : ' ',
      ' ',
      line,
    ]),
  );
  const files = written.placed.map((file): UiLine => {
    const how = !written.written.has(file) ? 'as it was' : file.state === 'new' ? 'written' : 'replaced';
    return ['  ', muted(how.padEnd(9)), ' ', file.file.path];
  });
  // How they are used is worth more than their names.
  const room = Math.max(2, rows - head.length - warned.length - next.length);
  const shown = files.length <= room ? files : files.slice(0, room - 1);
  const rest = files.length - shown.length;
  return [
    ...head,
    ...shown,
    ...(rest === 0 ? [] : [['  ', muted(`and ${rest} more`)] as UiLine]),
    ...warned,
    ...next,
  ];
}
