import {holdingOf, meaningOf, olderThan, pricedIntervals} from '../../../app/setup/interval.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {amountBar} from '../../components/bars.js';
import {fieldLine} from '../../components/field-view.js';
import {signSpan} from '../../meaning.js';
import {columns, type UiLine} from '../../spans.js';
import type {Size} from '../../screen.js';
import type {Theme} from '../../theme.js';
import {
  atMost,
  coloured,
  type Draft,
  drawn,
  EMPTY,
  muted,
  row,
  strong,
  wrapped,
} from '../../components/draft.js';
import {intervalNow, typedInterval} from './selectors.js';
import type {SetupState} from './state.js';
import {amountWords, intervalWords, memoryWords, pointWords, shareWords} from './words.js';

/** What was typed, what it means, and what it holds. */
export function intervalLines(
  state: SetupState,
  size: Size,
  theme: Theme,
  hasFocus: boolean,
): readonly UiLine[] {
  const typed = typedInterval(state);
  const seconds = typed?.kind === 'interval' ? typed.seconds : undefined;
  const rows: Draft[] = [
    EMPTY,
    row(strong('How long shall a deleted server wait?')),
    EMPTY,
    row(
      '  ',
      muted('interval'),
      '   ',
      ...fieldLine(theme, state.interval.field, {cells: 10, hasFocus}),
      '  ',
      (seconds === undefined ? '' : `${formatCount(seconds)} s`).padEnd(12),
      muted('90s  2m  2h  7d  1w; 0 or off'),
    ),
    EMPTY,
    ...(typed?.kind === 'refused'
      ? wrapped(typed.reason, size.columns - 8).map((text, index) =>
          row('  ', coloured(index === 0 ? `${theme.signs.failed} ${text}` : `  ${text}`, 'danger')),
        )
      : meaningRows(state, seconds, theme)),
    EMPTY,
    ...priceRows(state, seconds, size, theme),
    EMPTY,
    ...nowRows(state, seconds, theme),
  ];
  return drawn(theme, rows, size.columns, hasFocus);
}

function meaningRows(state: SetupState, seconds: number | undefined, theme: Theme): readonly Draft[] {
  if (seconds === undefined) {
    return [
      row('  ', muted('A deleted server can be restored for that long, and is destroyed then.')),
      EMPTY,
    ];
  }
  if (seconds === 0) {
    return [
      row('  A deleted server is gone at once.'),
      row('  ', muted('Those that wait now stay until they are gone.')),
    ];
  }
  const now = state.now + state.nodes.apiOffsetMs;
  const {restorableUntil, destroyedBy} = meaningOf(seconds, now);
  return [
    row(
      `  A server deleted now, ${pointWords(now, now)}, can be restored until ${pointWords(restorableUntil, now)},`,
    ),
    row(
      `  and is destroyed by ${pointWords(destroyedBy, now)} UTC: Nova looks once a minute (${atMost(theme)} 62 s).`,
    ),
  ];
}

function priceRows(state: SetupState, typed: number | undefined, size: Size, theme: Theme): readonly Draft[] {
  const {rate} = state.interval;
  if (rate.kind !== 'ready') {
    const words = ' What it holds: deletes of the last 7 days are being counted.';
    return [row(signSpan(theme, 'working'), muted(words))];
  }
  const {perDay, vcpus, memoryMib, problem} = rate.value;
  if (perDay === undefined) {
    return [
      row('  ', muted('What it holds is not known:')),
      ...wrapped(problem ?? 'Nova does not tell', size.columns - 8).map((text) => row('  ', muted(text))),
    ];
  }
  if (perDay === 0) {
    return [
      row('  ', muted('No server was deleted in the last 7 days, as far as Nova still has them:')),
      row('  ', muted('what an interval would hold cannot be told.')),
    ];
  }
  const sizes =
    vcpus === undefined || memoryMib === undefined
      ? 'sizes unknown'
      : `${amountWords(vcpus)} vCPU and ${memoryWords(memoryMib)} each`;
  const holdings = pricedIntervals(typed).map((seconds) => holdingOf(rate.value, seconds));
  const largest = Math.max(...holdings.map(({servers = 0}) => servers));
  const bar = size.columns >= 110 ? 30 : 14;
  return [
    row('  ', `What it holds, at ${amountWords(perDay)} deletes a day (last 7 days), ${sizes}:`),
    EMPTY,
    row(
      ...priceLine([], [muted('servers')], [muted('vCPU')], [muted('memory')], [muted('of cloud')], [], bar),
    ),
    ...holdings.map(({seconds, servers, vcpus: cpus, memoryMib: memory, share}): Draft => ({
      line: priceLine(
        [intervalWords(seconds)],
        [servers === undefined ? '?' : amountWords(servers)],
        [cpus === undefined ? '?' : amountWords(cpus)],
        [memory === undefined ? '?' : memoryWords(memory)],
        [share === undefined ? '?' : shareWords(share)],
        amountBar(theme, servers ?? 0, largest, bar),
        bar,
      ),
      isSelected: seconds === typed,
    })),
  ];
}

function priceLine(
  interval: UiLine,
  servers: UiLine,
  vcpus: UiLine,
  memory: UiLine,
  share: UiLine,
  picture: UiLine,
  barCells: number,
): UiLine {
  return columns([
    {cells: 11, align: 'right', line: interval},
    {cells: 8, align: 'right', line: servers},
    {cells: 10, align: 'right', line: vcpus},
    {cells: 11, align: 'right', line: memory},
    {cells: 8, align: 'right', line: share},
    {cells: barCells + 2, line: [' ', ...picture]},
  ]);
}

/** Lowering is announced here already. */
function nowRows(state: SetupState, seconds: number | undefined, theme: Theme): readonly Draft[] {
  const before = intervalNow(state);
  if (before === undefined) return [row('  ', muted('What the computes have now is being looked at.'))];
  if (before === 'mixed')
    return [
      row('  ', coloured(theme.signs.warning, 'overdue'), ' the computes do not all have the same now'),
    ];
  const now = state.now + state.nodes.apiOffsetMs;
  if (seconds === undefined || seconds === 0 || before === 0 || seconds >= before) {
    return [row('  ', muted(`now it is ${intervalWords(before)}`))];
  }
  const {softDeleted} = state.nodes;
  if (softDeleted === undefined) {
    return [row('  ', muted(`now it is ${intervalWords(before)}; Nova is being asked which servers wait`))];
  }
  const older = olderThan(softDeleted, seconds, now);
  if (older === 0)
    return [
      row(
        '  ',
        muted(
          `now it is ${intervalWords(before)}: no waiting server is surely older than ${intervalWords(seconds)}`,
        ),
      ),
    ];
  return [
    row(
      '  ',
      coloured(theme.signs.warning, 'overdue'),
      ` now it is ${intervalWords(before)}: `,
      strong(`${countOf(older, 'server is', 'servers are')} older than ${intervalWords(seconds)}`),
      '. The next step shows them.',
    ),
  ];
}
