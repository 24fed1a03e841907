import type {Changes} from '../../../app/setup/changes.js';
import type {AgeHistogram} from '../../../app/setup/histogram.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {histogram} from '../../components/histogram.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {coloured, type Draft, muted, row, strong, wrapped} from '../../components/draft.js';
import type {Proposed} from './state.js';
import {intervalWords} from './words.js';

/** From here on the diff stands beside the impact. */
export const WIDE = 110;

const LABEL = 9;
/** The word before a row. */
export const label = (text: string) => muted(text.padEnd(LABEL));

/** The headline: how many are destroyed of how many, and what was promised to them. */
export function headRows({changes}: Proposed, theme: Theme, cells: number): readonly Draft[] {
  const {victims, waiting, promisedSeconds, isKnown, problem, stranded} = changes;
  const bar = coloured(theme.isAscii ? '!' : '▌', 'danger');
  if (!isKnown && changes.isRisky) {
    return [
      row(bar, {text: 'What happens to waiting servers is not known.', colour: 'danger', isBold: true}),
      ...wrapped(problem ?? '', cells - 4).map((text) => row(bar, muted(text))),
    ];
  }
  if (victims.length > 0) {
    const promised = promisedSeconds === undefined ? '' : ` Promised was ${intervalWords(promisedSeconds)}.`;
    return [
      row(
        bar,
        {
          text: `${formatCount(victims.length)} of ${countOf(waiting, 'waiting server')} ${victims.length === 1 ? 'is' : 'are'} destroyed`,
          colour: 'danger',
          isBold: true,
        },
        strong(' within 2 min of the restarts.'),
      ),
      row(bar, muted(`A new interval counts for what is already deleted.${promised}`)),
    ];
  }
  const strandedWords =
    stranded === 0
      ? 'nothing is stranded'
      : `${countOf(stranded, 'server waits', 'servers wait')} on computes that go off`;
  const none =
    waiting === 0
      ? 'No server is soft-deleted now.'
      : `${countOf(waiting, 'server waits', 'servers wait')} and ${waiting === 1 ? 'stays' : 'stay'}.`;
  return [
    row(
      coloured(stranded === 0 ? theme.signs.ok : theme.signs.warning, stranded === 0 ? 'ok' : 'overdue'),
      ' ',
      strong(`Nothing is destroyed, ${strandedWords}.`),
      ` ${none}`,
    ),
  ];
}

/** The picture with its scale, and the counts below it. */
export function histogramRows(
  picture: AgeHistogram,
  {changes, proposal}: Proposed,
  height: number,
  theme: Theme,
): readonly Draft[] {
  const {counts, cut, columnSeconds} = picture;
  const lines = histogram(theme, {
    values: counts,
    rows: height,
    cutBefore: cut,
    colourOf: (index) => (index < cut ? 'ok' : 'danger'),
  });
  const kept = counts.slice(0, cut).reduce((sum, one) => sum + one, 0);
  const last = lines.length - 1;
  const interval = proposal.planned.plan.intervalSeconds ?? cut * columnSeconds;
  return [
    ...lines.map((line, index) => row(index === last ? label('deleted') : label(''), ...line)),
    row(label(''), muted(scaleOf(counts.length, cut, columnSeconds, interval, theme))),
    row(
      label(''),
      coloured(String(kept).padEnd(Math.max(4, cut)), 'ok'),
      {text: `${formatCount(changes.victims.length)} destroyed`, colour: 'danger', isBold: true},
      muted(`  ${countOf(changes.projects.length, 'project')}`),
    ),
  ];
}

/** `now │2 h ago   6 h   12 h`: marks that have room, the cut first, which is the new interval. */
function scaleOf(length: number, cut: number, columnSeconds: number, interval: number, theme: Theme): string {
  const cells = Array.from({length: length + 14}, () => ' ');
  const put = (at: number, text: string): void => {
    const isFree = cells.slice(Math.max(0, at - 1), at + text.length + 1).every((cell) => cell === ' ');
    if (isFree) cells.splice(at, text.length, ...Array.from(text));
  };
  cells[cut] = theme.signs.rule;
  const ago = `${intervalWords(interval)} ago`;
  cells.splice(cut + 1, ago.length, ...Array.from(ago));
  if (cut >= 4) put(0, 'now');
  for (const share of [1, 0.25, 0.5, 0.75]) {
    const column = Math.round(length * share);
    if (column > cut + 1) put(column + 1, intervalWords(column * columnSeconds));
  }
  return cells.join('').trimEnd();
}

/** Who they belong to, the largest first. */
export function projectLine({projects}: Changes, cells: number): UiLine {
  const line: UiLine[number][] = [label('projects')];
  let width = LABEL;
  let shown = 0;
  for (const {name, count} of projects) {
    const text = `${name} ${count}`;
    if (width + text.length + 14 > cells) break;
    line.push(name, ' ', strong(String(count)), '  ');
    width += text.length + 2;
    shown += 1;
  }
  const others = projects.slice(shown);
  if (others.length === 0) return line;
  const sum = others.reduce((total, {count}) => total + count, 0);
  return [...line, muted(`${others.length} more ${formatCount(sum)}`)];
}

/** The value that spares them. */
export function safeLine({harmlessSeconds, victims}: Changes, cells: number): UiLine {
  if (harmlessSeconds === undefined)
    return [label('safe'), muted('no value below the present one spares all of them')];
  return [
    label('safe'),
    strong(intervalWords(harmlessSeconds)),
    muted(' destroys none now   '),
    coloured('i', 'accent'),
    muted(' use it   '),
    coloured('v', 'accent'),
    muted(cells < 79 ? ' see them' : ` see the ${formatCount(victims.length)}`),
    muted('   '),
    coloured('x', 'accent'),
    muted(' export'),
  ];
}
