import type {ChangeGroup, Changes} from '../../../app/setup/changes.js';
import {countOf, formatCount, formatElapsed} from '../../../text/elapsed.js';
import {isWordTyped} from '../../components/dialog.js';
import {buttonsLine, notedButtons, noteSpans, wordBox} from '../../components/dialog-view.js';
import {signSpan} from '../../meaning.js';
import {columns, fit, lineCells, type UiLine} from '../../spans.js';
import type {Size} from '../../screen.js';
import type {Theme} from '../../theme.js';
import {
  atMost,
  beside,
  coloured,
  type Draft,
  drawn,
  EMPTY,
  heading,
  inSight,
  muted,
  row,
  strong,
  troubleRows,
  wrapped,
} from '../../components/draft.js';
import {sentenceOf} from '../../trouble.js';
import {allRows, applyProblem, changesForm, keyIn} from './selectors.js';
import type {ChangesState, Proposed, SetupState} from './state.js';
import {diffRows, groupRows, selectedGroup, shownDiff, victimRows} from './view-groups.js';
import {headRows, histogramRows, label, projectLine, safeLine, WIDE} from './view-impact.js';
import {baseName} from './words.js';

/** What changes and what that does to servers: the count first, then who, then files. */
export function changeLines(
  state: SetupState,
  size: Size,
  theme: Theme,
  hasFocus: boolean,
): readonly UiLine[] {
  const {changes} = state;
  const {proposed} = changes;
  const all = (drafts: readonly Draft[]) => drawn(theme, drafts, size.columns, hasFocus);
  if (proposed.kind === 'failed') {
    return all([
      EMPTY,
      ...noticeRows(changes, size.columns, theme),
      ...troubleRows(theme, proposed.trouble, size.columns),
      row(
        '  ',
        muted(`${keyIn(state, 'set-up.retry')} plans again, ${keyIn(state, 'set-up.step-back')} goes back`),
      ),
    ]);
  }
  if (proposed.kind !== 'ready') {
    const since = proposed.kind === 'loading' ? proposed.since : state.now;
    const waited = formatElapsed((state.now - since) / 1000);
    return all([
      EMPTY,
      ...noticeRows(changes, size.columns, theme),
      row(signSpan(theme, 'working'), muted(` Counting what it does to servers.  ${waited}`)),
    ]);
  }
  const {value} = proposed;
  if (changes.panel === 'victims') return all(victimRows(value, state, size));
  if (changes.panel === 'diff') return all(diffRows(value, changes, size.columns, size.rows, theme));
  if (size.columns < WIDE || size.rows < 30) return all(narrowRows(state, value, size, theme));
  const left = Math.max(76, Math.min(96, size.columns - 84));
  const right = size.columns - left - 1;
  return beside(
    theme,
    drawn(theme, wideRows(state, value, left, size.rows, theme), left, hasFocus),
    drawn(theme, sideRows(state, value, right, theme), right, hasFocus),
    [left, right],
    size.rows,
  );
}

function noticeRows({notice}: ChangesState, cells: number, theme: Theme): readonly Draft[] {
  if (notice === undefined) return [];
  const lines = wrapped(`${sentenceOf(notice)} It was planned again.`, cells - 6);
  return [
    ...lines.map((text, index) =>
      row(coloured(index === 0 ? theme.signs.warning : ' ', 'overdue'), ' ', text),
    ),
    EMPTY,
  ];
}

/** The count that has to be typed, the buttons, or why there is nothing to press. */
function formRows(state: SetupState, cells: number, theme: Theme, isCompact: boolean): readonly Draft[] {
  const form = changesForm(state);
  const problem = applyProblem(state);
  const typed = state.changes.form;
  const rows: Draft[] = [];
  if (problem !== undefined) {
    rows.push(
      ...wrapped(problem, cells - 6).map((text, index) =>
        row(coloured(index === 0 ? theme.signs.failed : ' ', 'danger'), ' ', text),
      ),
    );
  }
  if (problem !== undefined && !isCompact) rows.push(EMPTY);
  if (form.word === undefined) return [...rows, {line: buttonsLine(form, typed)}];
  const word = wordBox(theme, form, typed);
  if (!isCompact) return [...rows, {line: word}, EMPTY, {line: notedButtons(form, typed)}];
  // Where rows are few the buttons stand beside the field, and below them only what was refused.
  const needed = isWordTyped(form, typed) ? [] : ['   ', muted(`needs ${form.word.expected}`)];
  return [
    ...rows,
    {line: [...word, '   ', ...buttonsLine(form, typed), ...needed]},
    ...(typed.isPasteRefused ? [{line: noteSpans(form, typed)}] : []),
  ];
}

/** 80 columns: everything in one column, the order of harm. */
function narrowRows(state: SetupState, value: Proposed, size: Size, theme: Theme): readonly Draft[] {
  const {changes} = value;
  const cells = size.columns;
  const end = formRows(state, cells, theme, size.rows < 26);
  const top = [...noticeRows(state.changes, cells, theme), ...headRows(value, theme, cells)];
  const also = changes.also.filter(({sign}) => sign !== 'ok').map(({text}) => text);
  if (changes.leftOut.length > 0) also.push(`${changes.leftOut.length} left out`);
  const alsoRow = row(label('also'), ...alsoWords(also, cells - 12, theme));
  if (changes.histogram === undefined) return calmRows(state, value, size, theme, top, alsoRow, end);
  const fixed = top.length + end.length + 14;
  const height = Math.max(1, Math.min(5, size.rows - fixed));
  const names = changes.victims.slice(0, 4).map(({name}) => name);
  const body: readonly Draft[] = [
    EMPTY,
    ...top,
    EMPTY,
    ...histogramRows(changes.histogram, value, height, theme),
    EMPTY,
    {line: projectLine(changes, cells)},
    {line: safeLine(changes, cells)},
    EMPTY,
    row(label('such as'), names.join(', ')),
    EMPTY,
    row(label('changes'), changeWordsOf(changes)),
    alsoRow,
    EMPTY,
  ];
  return keepingEnd(body, end, size.rows);
}

/** What else there is to know, as much as fits, and how much more there is. */
function alsoWords(texts: readonly string[], cells: number, theme: Theme): UiLine {
  if (texts.length === 0) return [muted('nothing to look at')];
  for (let shown = texts.length; shown > 1; shown--) {
    const rest = texts.length - shown;
    const line: UiLine = [
      ...texts.slice(0, shown).flatMap((text) => [coloured(theme.signs.warning, 'overdue'), ` ${text}  `]),
      ...(rest === 0 ? [] : [muted(`${rest} more`)]),
    ];
    if (lineCells(line) <= cells) return line;
  }
  const [first = ''] = texts;
  const more = texts.length === 1 ? '' : `  ${texts.length - 1} more`;
  const room = cells - more.length - 2;
  return [coloured(theme.signs.warning, 'overdue'), ' ', ...shortened(first, room, theme), muted(more)];
}

/** Cut only where it is longer. */
function shortened(text: string, cells: number, theme: Theme): UiLine {
  return lineCells([text]) <= cells ? [text] : fit([text], cells, 'left', theme.signs.cut);
}

/** `487 nova.conf:14  7 nova-compute.conf:3  3 API nodes, last`: alike places together. */
function changeWordsOf({groups, isApiLast}: Changes): string {
  const places = Map.groupBy(groups, placeWords);
  return [...places]
    .map(([place, alike]) => {
      const count = alike.reduce((sum, {hosts}) => sum + hosts.length, 0);
      if (place !== API) return `${formatCount(count)} ${place}`;
      return `${countOf(count, 'API node')}${isApiLast ? ', last' : ''}`;
    })
    .join('  ');
}

const API = 'API';

function placeWords({file, line, role, needsRestart}: ChangeGroup): string {
  const place = file === undefined ? 'restart' : `${baseName(file)}${line === undefined ? '' : `:${line}`}`;
  const what = line === undefined && needsRestart ? 'restart only' : place;
  return role === 'api' ? API : what;
}

/** Nobody is destroyed: the same places, no red. */
function calmRows(
  state: SetupState,
  value: Proposed,
  size: Size,
  theme: Theme,
  top: readonly Draft[],
  alsoRow: Draft,
  end: readonly Draft[],
): readonly Draft[] {
  const {changes} = value;
  const order = changes.order.flatMap(({name, text}) => (name === '' ? [] : [`${name} ${text}`]));
  const busy = changes.busyHosts.length;
  const rows: Draft[] = [
    EMPTY,
    ...top,
    EMPTY,
    ...wrapped(order.join(', '), size.columns - 12).map((text, index) =>
      row(label(index === 0 ? 'order' : ''), text),
    ),
    row(
      label('waits'),
      busy === 0
        ? muted('no host has servers with a task now')
        : `${countOf(busy, 'host has', 'hosts have')} servers with a task; each gets 2 min to finish`,
    ),
    row(label('takes'), `about ${formatElapsed(changes.expectedSeconds)}`),
    alsoRow,
    EMPTY,
    row(heading('CHANGES')),
    ...inSight(groupRows(changes, state.changes, size.columns, theme), 5),
  ];
  const diff = shownDiff(value, state.changes, size.columns - 2, theme);
  const room = size.rows - rows.length - end.length - 2;
  const body = [...rows, ...(room > 3 ? [EMPTY, ...diff.slice(0, room - 1)] : []), EMPTY];
  return keepingEnd(body, end, size.rows);
}

/** 120 columns, the left half. */
function wideRows(
  state: SetupState,
  value: Proposed,
  cells: number,
  rows: number,
  theme: Theme,
): readonly Draft[] {
  const {changes} = value;
  const end = formRows(state, cells, theme, false);
  const also = changes.also.map((one) => alsoRows(one, cells, theme));
  const oldest = changes.victims.slice(0, 5).map(({name, project, ageSeconds}): Draft => ({
    line: [
      '  ',
      ...columns([
        {cells: 20, line: [name]},
        {cells: 13, line: [muted(project)]},
        {cells: 12, align: 'right', line: [ageSeconds === undefined ? 'unknown' : formatElapsed(ageSeconds)]},
        {cells: 4, line: [muted('ago')]},
      ]),
    ],
  }));
  const picture = changes.histogram;
  const groups = groupRows(changes, state.changes, cells, theme);
  const bodyOf = (most: (typeof FULLNESS)[number]): readonly Draft[] => [
    EMPTY,
    ...noticeRows(state.changes, cells, theme),
    ...headRows(value, theme, cells),
    EMPTY,
    ...(picture === undefined
      ? []
      : [
          ...histogramRows(picture, value, rows >= 44 ? 7 : most.height, theme),
          EMPTY,
          {line: projectLine(changes, cells)},
          {line: safeLine(changes, cells)},
          EMPTY,
          ...(most.oldest === 0
            ? []
            : [
                row(
                  heading('OLDEST OF THEM'),
                  muted(
                    `  ${keyIn(state, 'set-up.victims')} shows all ${formatCount(changes.victims.length)}`,
                  ),
                ),
                ...oldest.slice(0, most.oldest),
                EMPTY,
              ]),
        ]),
    ...(groups.length === 0 ? [] : [row(heading('CHANGES')), ...inSight(groups, most.groups), EMPTY]),
    row(heading('ALSO')),
    ...(also.length <= most.also
      ? also.flat()
      : [...also.slice(0, most.also - 1).flat(), row('  ', muted(`${also.length - most.also + 1} more`))]),
    EMPTY,
  ];
  const bodies = FULLNESS.map(bodyOf);
  const body = bodies.find((one) => one.length + end.length <= rows) ?? bodies.at(-1) ?? [];
  return keepingEnd(body, end, rows);
}

/** One thing to know, with all that is said of it. */
function alsoRows(
  {sign, text, more}: Changes['also'][number],
  cells: number,
  theme: Theme,
): readonly Draft[] {
  const [mark, colour] =
    sign === 'ok'
      ? ([theme.signs.ok, 'ok'] as const)
      : sign === 'failed'
        ? ([theme.signs.failed, 'danger'] as const)
        : ([theme.signs.warning, 'overdue'] as const);
  const lines = wrapped(more === '' ? text : `${text}: ${more}`, cells - 6);
  return lines.map((line, index) => {
    const head = index === 0 && line.startsWith(text) ? text : '';
    return row(coloured(index === 0 ? mark : ' ', colour), ' ', head, muted(line.slice(head.length)));
  });
}

/** What leaves where rows are few, in this order. */
const FULLNESS = [
  {oldest: 5, also: 5, groups: 6, height: 5},
  {oldest: 3, also: 5, groups: 6, height: 5},
  {oldest: 3, also: 3, groups: 4, height: 5},
  {oldest: 0, also: 3, groups: 4, height: 5},
  {oldest: 0, also: 3, groups: 3, height: 3},
  {oldest: 0, also: 2, groups: 2, height: 2},
] as const;

/** Rows with their end, which has the buttons, always in sight. */
function keepingEnd(body: readonly Draft[], end: readonly Draft[], rows: number): readonly Draft[] {
  return [...body.slice(0, Math.max(0, rows - end.length)), ...end];
}

/** 120 columns, the right half: the diff of the selected change, the order, what waits, what is left out. */
function sideRows(state: SetupState, value: Proposed, cells: number, theme: Theme): readonly Draft[] {
  const {changes, proposal} = value;
  const group = selectedGroup(value, state.changes);
  const kind = group?.role === 'api' ? 'API node' : 'compute';
  const busy = changes.busyHosts.length;
  // What was seen of a node says more than that it could not be reached.
  const seen = new Map(
    allRows(state).flatMap((one) => (one.kind === undefined ? [[one.host, one.state] as const] : [])),
  );
  return [
    EMPTY,
    ...(group === undefined
      ? []
      : [
          row(strong(countOf(group.hosts.length, kind)), muted(`  ${group.file ?? ''}`)),
          row(muted(group.diff === '' ? 'nothing is written' : 'one place, nothing else is touched')),
          EMPTY,
          ...shownDiff(value, state.changes, cells - 1, theme).slice(0, 10),
          EMPTY,
          ...(group.needsRestart && proposal.settings.restart
            ? [
                row(muted('then  '), `restart ${group.unit}`),
                row(
                  muted('then  '),
                  group.role === 'api'
                    ? 'its own listener answers, twice'
                    : 'up, and a new heartbeat after that',
                ),
              ]
            : []),
          EMPTY,
        ]),
    ...(changes.order.length === 0
      ? []
      : [
          row(heading('ORDER')),
          ...changes.order.map(({name, text}) =>
            row(' ', muted(name.padEnd(8)), name === '' ? muted(text) : text),
          ),
          row(' ', muted(`takes about ${formatElapsed(changes.expectedSeconds)}`)),
        ]),
    ...(busy === 0
      ? []
      : [
          EMPTY,
          row(heading('WAITS FOR')),
          row(` ${countOf(busy, 'host')}  `, muted(`servers with a task, ${atMost(theme)} 2 min`)),
        ]),
    ...(changes.leftOut.length === 0
      ? []
      : [
          ...(changes.order.length === 0 ? [] : [EMPTY]),
          row(heading('LEFT OUT')),
          ...changes.leftOut
            .slice(0, 6)
            .map(({host, reason}) => row(` ${host}  `, muted(seen.get(host) ?? reason))),
          ...(changes.leftOut.length > 6 ? [row(' ', muted(`${changes.leftOut.length - 6} more`))] : []),
        ]),
  ];
}
