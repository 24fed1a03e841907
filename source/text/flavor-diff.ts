import type {ComparedSide, FlavorComparison} from '../app/flavor/compare-flavors.js';
import {findSpec} from '../domain/flavor/catalogue/extra-specs.js';
import {haveSameSize, type FlavorDifference} from '../domain/flavor/flavor-differences.js';
import type {ResizeProblem} from '../domain/flavor/resize-outlook.js';
import {cellWidth} from './cells.js';
import {countOf} from './elapsed.js';
import {findingLines} from './flavor-check.js';
import {guestFacts} from './flavor-facts.js';
import {serverWords, type ShowStyle} from './flavor-show.js';
import {guestXml} from './guest-xml-lines.js';
import type {Line, Span} from './line.js';
import {lineDiff} from './line-diff.js';
import {heading, paragraph, signed} from './paragraph.js';
import {sanitize} from './sanitize.js';
import {ASCII_SIGNS, sign} from './signs.js';

/** A fact of the guest that two flavors give differently. */
export type ChangedFact = {readonly subject: string; readonly before: string; readonly after: string};

/** Lines of XML that are different, and those around them. */
const MOST_XML = 300;

/** What changes for a guest. */
export function changedFacts({before, after}: FlavorComparison): ChangedFact[] {
  const now = guestFacts(after.judgement);
  return guestFacts(before.judgement).flatMap(({subject, value}, at) => {
    const is = now[at]?.value ?? '';
    return value === is ? [] : [{subject, before: value, after: is}];
  });
}

/** Two flavors for people: spec by spec, then what changes for a guest, findings, XML, and the servers there are. */
export function comparisonLines(comparison: FlavorComparison, style: ShowStyle): Line[] {
  const {before, after, differences, image} = comparison;
  const {release} = before.judgement;
  const rules = `as Nova ${release.name}${image === undefined ? '' : `, with the image ${image}`}`;
  const names: Line = [
    {text: originWords(before), tone: 'strong'},
    ` ${arrowOf(style)} `,
    {text: originWords(after), tone: 'strong'},
    {text: `  ${rules}`, tone: 'muted'},
  ];
  if (differences.length === 0) return [names, ...signed(sign(style.signs, 'ok'), SAME, 0)];
  return [
    names,
    ...heading('size and extra specs'),
    ...differences.flatMap((one) => differenceLines(one, comparison, style)),
    ...guestSection(comparison, style),
    ...findingSection(comparison, style),
    ...xmlSection(comparison),
    ...serverSection(comparison, style),
  ];
}

/** A single ASCII arrow between two numbers would compare them. */
function arrowOf({signs}: ShowStyle): string {
  return signs === ASCII_SIGNS ? '->' : signs.arrow;
}

const SAME = 'Sizes and extra specs are the same: a server is the same with both.';

/** `db.16c64g`, `flavors.yaml: db.16c64g`. */
function originWords({flavor, origin}: ComparedSide): string {
  if (origin.kind === 'cloud') return flavor.name;
  // As it is named on the command line.
  return flavor.name === '' ? origin.source : `${origin.source}#${flavor.name}`;
}

/** `name  before → after  meaning`, in as many lines as it takes. */
function differenceLines(
  {property, before, after}: FlavorDifference,
  {differences, before: {judgement}}: FlavorComparison,
  style: ShowStyle,
): Line[] {
  const cells = Math.min(30, Math.max(...differences.map((one) => cellWidth(sanitize(one.property)))));
  const meaning = findSpec(property, judgement.release)?.meaning;
  return changeLines(property, before ?? 'not set', after ?? 'not set', {cells, meaning, style});
}

function changeLines(
  name: string,
  before: string,
  after: string,
  {
    cells,
    meaning,
    style,
  }: {readonly cells: number; readonly meaning?: string | undefined; readonly style: ShowStyle},
): Line[] {
  const {width} = style;
  const head = `  ${name}${' '.repeat(Math.max(0, cells - cellWidth(sanitize(name))))}  `;
  const change = `${before} ${arrowOf(style)} ${after}`;
  const used = cellWidth(sanitize(head)) + cellWidth(sanitize(change));
  const isRoomy = meaning !== undefined && used + 2 + cellWidth(meaning) <= width;
  const more: Span[] = isRoomy ? [{text: `  ${meaning}`, tone: 'muted'}] : [];
  if (used <= width) return [[head, change, ...more]];
  return [
    [`  ${name}`],
    ...paragraph(before, 6, ['    ', {text: '- ', tone: 'removed'}], width),
    ...paragraph(after, 6, ['    ', {text: '+ ', tone: 'added'}], width),
  ];
}

function guestSection(comparison: FlavorComparison, style: ShowStyle): Line[] {
  const changes = changedFacts(comparison);
  if (changes.length === 0) {
    const words = 'Topology, NUMA nodes, host CPUs, memory and watchdog of a guest stay as they are.';
    return [...heading('effect'), ...signed(sign(style.signs, 'none'), words, 2)];
  }
  const cells = Math.max(...changes.map(({subject}) => subject.length));
  return [
    ...heading('effect'),
    ...changes.flatMap(({subject, before, after}) => changeLines(subject, before, after, {cells, style})),
  ];
}

function findingSection({gone, come}: FlavorComparison, {signs}: ShowStyle): Line[] {
  if (gone.length + come.length === 0) return [];
  return [
    ...heading('findings'),
    ...gone.flatMap(({message}) => signed({text: '-', tone: 'removed'}, `no longer: ${message}`, 2)),
    ...come.flatMap((finding) => findingLines(finding, signs)),
  ];
}

function xmlSection({before, after}: FlavorComparison): Line[] {
  const text = ({judgement}: ComparedSide): string =>
    guestXml(judgement)
      .flatMap(({lines}) => lines)
      .join('\n');
  const lines = lineDiff(text(before), text(after), 1);
  if (lines.length === 0) return [];
  const left = lines.length - MOST_XML;
  return [
    ...heading('xml'),
    ...lines.slice(0, MOST_XML).map(({kind, text: line}): Line => {
      if (kind === 'same') return `    ${line}`;
      return kind === 'removed'
        ? {text: `  - ${line}`, tone: 'removed'}
        : {text: `  + ${line}`, tone: 'added'};
    }),
    ...(left > 0 ? [`    and ${countOf(left, 'more line')}`] : []),
  ];
}

/** What a change means for servers that are there. */
function serverSection(comparison: FlavorComparison, {signs}: ShowStyle): Line[] {
  return [
    ...heading('servers'),
    ...resizeSentences(comparison).flatMap(({isWarning, text}) =>
      signed(sign(signs, isWarning ? 'warning' : 'none'), text, 2),
    ),
  ];
}

const PROBLEMS: Readonly<Record<Exclude<ResizeProblem, 'same-flavor' | 'not-there'>, string>> = {
  disabled: 'The second flavor is disabled: Nova refuses a resize to it.',
  'no-disk':
    'The second flavor has no disk: Nova refuses the resize of servers that do not boot from a volume.',
  'smaller-disk':
    'The disk becomes smaller: the libvirt driver refuses the resize of servers that do not boot from a volume.',
  'smaller-ephemeral': 'The ephemeral disk becomes smaller: the libvirt driver refuses every resize.',
};

/** Who has the first flavor, what brings the second one, and what stands in the way. */
export function resizeSentences(
  comparison: FlavorComparison,
): readonly {readonly isWarning: boolean; readonly text: string}[] {
  const {before, after, resize, servers, differences} = comparison;
  if (differences.length === 0) return [];
  const info = (text: string) => ({isWarning: false, text});
  const carried = servers === undefined ? [] : [info(`${capitalised(serverWords(servers))}.`)];
  if (resize.includes('same-flavor')) return carried;
  const {name} = before.flavor;
  const isEdit = haveSameSize(before.flavor, after.flavor) && after.flavor.name === name;
  const isOfCloud = before.origin.kind === 'cloud';
  const keep = 'Servers keep the copy of the flavor that they were made or last resized with';
  const how = !resize.includes('not-there')
    ? `${keep}; a resize to ${after.flavor.name} brings what is different, and stops the guest for it.`
    : isEdit && isOfCloud
      ? `${keep}; where ${name} is edited, none can be resized to the same flavor: a copy of it under another name brings what is different.`
      : `${keep}; the second flavor is in no cloud yet, and only a resize to it brings what is different.`;
  const cannot = 'No server starts with the second flavor: a resize to it ends in an error.';
  const stops = after.judgement.verdict === 'error' ? [warning(cannot)] : [];
  const hindrances = resize.flatMap((problem) =>
    problem === 'same-flavor' || problem === 'not-there' ? [] : [warning(PROBLEMS[problem])],
  );
  return [...carried, info(how), ...stops, ...hindrances];
}

function warning(text: string): {readonly isWarning: true; readonly text: string} {
  return {isWarning: true, text};
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
