import {countOf, formatCount} from '../../../text/elapsed.js';
import {clockTime} from '../../../text/point-in-time.js';
import type {SignMeaning} from '../../components/help.js';
import {signSpan} from '../../meaning.js';
import type {Context, Frame, Size} from '../../screen.js';
import {fit, lineCells, spread, type UiLine, type UiSpan} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {doctorCommand} from './command.js';
import {countsOf, rowsOf, selectedRow, shownRows} from './rows.js';
import type {DoctorState} from './state.js';
import {extentWords, missingWords, progressWords, SEVERITIES} from './words.js';

/** How long a word about an own action stands in the strip. */
const NOTICE_MS = 10_000;

/** Everything around the body. */
export function doctorFrame(state: DoctorState, size: Size, theme: Theme): Frame {
  const {cloud, opened} = state;
  const selected = selectedRow(state);
  return {
    title: {
      screen: 'doctor',
      ...(opened === undefined || selected === undefined ? {} : {object: selected.who}),
      ...(cloud === undefined ? {} : {middle: [cloud]}),
      right: rightOf(state, theme),
    },
    context: contextOf(state, size, theme),
    strip: stripOf(state, theme),
    ...positionOf(state),
  };
}

/** What the signs mean. */
export function doctorLegend(theme: Theme): readonly SignMeaning[] {
  return [
    {sign: [signSpan(theme, 'failed')], name: 'error'},
    {sign: [signSpan(theme, 'warning')], name: 'warning'},
    {sign: [signSpan(theme, 'none')], name: 'note: nothing is wrong'},
    {sign: [signSpan(theme, 'unknown')], name: 'could not be seen'},
    {sign: [signSpan(theme, 'ok')], name: 'well'},
  ];
}

/** What goes on while the window is too small. */
export function doctorMeanwhile({look, diagnosis}: DoctorState): string | undefined {
  if (look.kind !== 'looking') return undefined;
  const words = progressWords(look, diagnosis?.chart !== undefined);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function rightOf({look}: DoctorState, theme: Theme): UiLine {
  switch (look.kind) {
    case 'looking':
      return [{text: `${theme.signs.soon} looking`, colour: 'muted'}];
    case 'done':
      return [{text: `as of ${clockTime(look.at)} UTC`, colour: 'muted'}];
    case 'failed':
      return [{text: `${theme.signs.failed} failed ${clockTime(look.at)} UTC`, colour: 'danger'}];
  }
}

/** How many findings there are, and what was looked at; the filter while there is one. */
function contextOf(state: DoctorState, {columns}: Size, theme: Theme): Context {
  // One column stays free at both edges.
  const cells = columns - 2;
  const {filter, look, diagnosis} = state;
  if (filter.isTyping || filter.field.text !== '') {
    const count = `    ${formatCount(shownRows(state).length)} of ${formatCount(rowsOf(state).length)}`;
    return {
      kind: 'line',
      line: [
        {text: '/ ', colour: 'accent'},
        filter.field.text,
        ...(filter.isTyping ? [{text: ' ', isInverse: true}] : []),
        {text: count, colour: 'muted'},
      ],
    };
  }
  const counts = countSpans(state, theme);
  if (look.kind === 'looking') {
    const words = progressWords(look, diagnosis?.chart !== undefined);
    const progress: UiLine = [signSpan(theme, 'working'), ` ${words}`];
    return {kind: 'line', line: spread(progress, counts, cells, theme.signs.cut)};
  }
  if (diagnosis === undefined) return {kind: 'line', line: []};
  if (look.kind === 'failed') {
    const words: UiLine = [signSpan(theme, 'failed'), ` not looked at again: ${look.trouble.message}`];
    return {kind: 'line', line: spread(words, counts, cells, theme.signs.cut)};
  }
  const {nodes, servers} = diagnosis.extent;
  const room = cells - lineCells(counts) - 3;
  const forms = [
    extentWords(diagnosis, look),
    `${countOf(nodes, 'node')}, ${countOf(servers, 'server')} looked at`,
    countOf(nodes, 'node'),
  ];
  const words = forms.find((form) => form.length <= room) ?? '';
  return {kind: 'line', line: fit([...counts, '   ', {text: words, colour: 'muted'}], cells)};
}

function countSpans(state: DoctorState, theme: Theme): readonly UiSpan[] {
  const counts = countsOf(rowsOf(state));
  const told = (['error', 'warning', 'info'] as const).flatMap((severity): readonly UiSpan[][] => {
    const {sign, word} = SEVERITIES[severity];
    const count = countOf(counts[severity], word);
    const isLoud = severity !== 'info';
    return counts[severity] === 0
      ? []
      : [[signSpan(theme, sign), isLoud ? {text: ` ${count}`, isBold: true} : ` ${count}`]];
  });
  const isSettled = state.diagnosis?.chart !== undefined;
  const isCalm = isSettled && counts.error + counts.warning + counts.missing === 0;
  // Where not all was seen nobody can say that nothing is wrong.
  const verdict: readonly UiSpan[] =
    counts.unseen === 0
      ? [signSpan(theme, 'ok'), {text: ' nothing is wrong', isBold: true}]
      : [{text: 'nothing wrong was found', isBold: true}];
  const missing: readonly UiSpan[][] =
    counts.missing === 0
      ? []
      : [[signSpan(theme, 'failed'), {text: ` ${missingWords(counts.missing)}`, isBold: true}]];
  const unseen: readonly UiSpan[][] =
    counts.unseen === 0 ? [] : [[signSpan(theme, 'unknown'), ` ${formatCount(counts.unseen)} not seen`]];
  return [...(isCalm ? [verdict] : []), ...missing, ...told, ...unseen].flatMap((spans, index) =>
    index === 0 ? spans : ['   ', ...spans],
  );
}

function stripOf(state: DoctorState, theme: Theme): UiLine {
  const {notice, now} = state;
  if (notice !== undefined && now - notice.at < NOTICE_MS) {
    return notice.isBad ? [signSpan(theme, 'warning'), ` ${notice.text}`] : [notice.text];
  }
  return [{text: doctorCommand(state), colour: 'muted'}];
}

function positionOf(state: DoctorState): Pick<Frame, 'position'> {
  const rows = shownRows(state);
  const at = rows.findIndex(({id}) => id === state.list.cursor);
  return at === -1 ? {} : {position: `${formatCount(at + 1)} of ${formatCount(rows.length)}`};
}
