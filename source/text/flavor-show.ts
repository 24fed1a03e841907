import type {FlavorServers, ShownFlavor} from '../app/flavor/show-flavor.js';
import {findSpec} from '../domain/flavor/catalogue/extra-specs.js';
import type {Finding} from '../domain/flavor/finding.js';
import {layoutOf, type GuestLayout} from '../domain/flavor/guest-layout.js';
import type {Judgement} from '../domain/flavor/judge.js';
import {Refusal} from '../domain/flavor/refusal.js';
import {cellWidth} from './cells.js';
import {countOf, formatCount} from './elapsed.js';
import {findingLines, VERDICTS} from './flavor-check.js';
import {drawGuest} from './flavor-drawing.js';
import {carriedWords, choiceWords, layoutNotes, outcomeTitle, topologyInShort} from './flavor-outcome.js';
import {guestSentences, outcomeSentence} from './flavor-sentences.js';
import {guestXml} from './guest-xml-lines.js';
import {spansOf, type Line} from './line.js';
import {heading, indented, paragraph, signed, TEXT_WIDTH} from './paragraph.js';
import {placementWords} from './placement-words.js';
import {sanitize} from './sanitize.js';
import {sign, type Meaning, type Signs} from './signs.js';
import {formatDisk, formatMemory} from './sizes.js';

/** Lines of XML; a guest of 64 NUMA nodes has fewer. */
const MOST_XML = 300;

/** How a flavor is shown. */
export type ShowStyle = {
  readonly signs: Signs;
  /** Cells; only XML, names and values are wider. */
  readonly width: number;
  /** For a screen reader: sentences in the place of the drawing. */
  readonly isRead: boolean;
};

/** A flavor for people: size, the drawing of its guest, extra specs, what Nova makes of them, findings, XML. */
export function showLines(shown: ShownFlavor, style: ShowStyle): Line[] {
  const {judgement} = shown;
  const {signs} = style;
  const layout = layoutOf(judgement);
  return [
    ...headLines(shown, style),
    ...(layout === undefined ? [] : guestLines(layout, judgement, style)),
    ...specLines(judgement, style),
    ...novaLines(judgement, style),
    ...(judgement.findings.length === 0 ? [] : heading('findings')),
    ...judgement.findings.flatMap((finding) =>
      style.isRead ? findingSentences(finding) : findingLines(finding, signs),
    ),
    ...xmlLines(judgement),
  ];
}

const SEVERITIES = {error: 'Error', warning: 'Warning', info: 'Note'} as const;

function findingSentences({severity, message, suggestion}: Finding): Line[] {
  const more = suggestion === '' ? '' : ` What to do: ${suggestion}`;
  return paragraph(`${SEVERITIES[severity]}: ${message}${more}`, 2);
}

function headLines(shown: ShownFlavor, {signs}: ShowStyle): Line[] {
  const {judgement, origin, withImage, servers, projects, fitting, placement} = shown;
  const {flavor, verdict, imageProperties} = judgement;
  const {meaning, words} = VERDICTS[verdict];
  const row = origin.kind === 'cloud' ? origin.row : undefined;
  const size = [
    `${flavor.vcpus} vCPU`,
    `${formatMemory(flavor.memoryMib)} of memory`,
    ...(flavor.diskGib === 0 ? [] : [`${formatDisk(flavor.diskGib)} of disk`]),
    ...(row === undefined || row.ephemeralGib === 0
      ? []
      : [`${formatDisk(row.ephemeralGib)} of ephemeral disk`]),
    ...(row === undefined || row.swapMib === 0 ? [] : [`${formatMemory(row.swapMib)} of swap`]),
    ...(row === undefined
      ? []
      : [row.isPublic ? 'public' : privateWords(projects), ...(row.isDisabled ? ['disabled'] : [])]),
  ];
  const room = placement === undefined ? undefined : placementWords(placement);
  const name = flavor.name === '' ? 'flavor without a name' : flavor.name;
  const properties = Object.keys(imageProperties).length;
  const image = withImage === undefined ? 'an image' : `the image ${withImage.name} (${withImage.id})`;
  return [
    ...signed(sign(signs, meaning), `${name}: ${words}`, 0),
    ...paragraph(size.join(', '), 4),
    ...(row === undefined ? [] : paragraph(`id ${row.id}`, 4)),
    ...(row?.description === undefined || row.description === '' ? [] : paragraph(row.description, 4)),
    ...(properties === 0 && withImage === undefined
      ? []
      : paragraph(`with ${image}: ${countOf(properties, 'property', 'properties')} of Nova`, 4)),
    ...(servers === undefined ? [] : paragraph(serverWords(servers), 4)),
    ...(fitting === undefined || fitting.total === 0
      ? []
      : paragraph(
          `${formatCount(fitting.large)} of ${countOf(fitting.total, 'host')} could take it by size, ` +
            `${formatCount(fitting.free)} have that much free, without overcommitment`,
          4,
        )),
    ...(room === undefined ? [] : paragraph(room.words, 4)),
  ];
}

function privateWords(projects: readonly string[] | undefined): string {
  return projects === undefined ? 'private' : `private to ${countOf(projects.length, 'project')}`;
}

/** `31 servers have it, 3 of them an older copy`. */
export function serverWords({total, old, scope, isComplete}: FlavorServers): string {
  const where = scope === 'all-projects' ? '' : ' of this project';
  const least = isComplete ? '' : 'at least ';
  if (total === 0)
    return isComplete ? `no server${where} has it` : 'which servers have it is not known in full';
  const have = `${least}${countOf(total, 'server')}${where} ${total === 1 ? 'has' : 'have'} it`;
  if (old === undefined) return `${have}, and whether with an older copy is not known`;
  if (old === 0) return have;
  const which = total === 1 ? '' : `${formatCount(old)} of them `;
  return `${have}, ${which}with an older copy, which only a resize renews`;
}

function guestLines(layout: GuestLayout, judgement: Judgement, style: ShowStyle): Line[] {
  const {signs, width, isRead} = style;
  if (isRead) return ['', ...guestSentences(layout)];
  const {topology} = judgement;
  const carried = carriedWords(layout);
  const choice = topology instanceof Refusal || 'refusal' in topology ? undefined : choiceWords(topology);
  const {lines, legend} = drawGuest(layout, {width: width - 2, signs});
  const notes = layoutNotes(layout).filter(({meaning}) => meaning === 'ok');
  return [
    ...heading('guest'),
    indented(outcomeTitle(layout), 2),
    ...[carried, choice].filter((words) => words !== undefined).map((words) => `  ${words}`),
    '',
    ...lines.map((line) => indented(line, 2)),
    ...legend.map((line) => indented(line, 2)),
    ...(notes.length === 0 ? [] : ['']),
    ...notes.flatMap(({text, detail}) =>
      signed(sign(signs, 'ok'), detail === undefined ? text : `${text} (${detail})`, 2),
    ),
  ];
}

/** Values as they are, and what each spec is for. */
function specLines({flavor, storeProblems, release}: Judgement, {signs, width, isRead}: ShowStyle): Line[] {
  const specs = Object.entries(flavor.extraSpecs);
  if (specs.length === 0) return [...heading('extra specs'), '  none'];
  if (isRead) {
    const sentences = specs.map(([name, value]) => {
      const meaning = findSpec(name, release)?.meaning;
      const refused = storeProblems.has(name) ? ', refused' : '';
      return `  ${name}: ${value}${refused}${meaning === undefined ? '' : `, ${meaning}`}.`;
    });
    return [...heading('extra specs'), ...sentences];
  }
  const cells = (texts: readonly string[]): number =>
    Math.min(40, Math.max(...texts.map((text) => cellWidth(sanitize(text)))));
  const nameCells = cells(specs.map(([name]) => name));
  const valueCells = cells(specs.map(([, value]) => value));
  const padded = (text: string, room: number): string =>
    text + ' '.repeat(Math.max(0, room - cellWidth(sanitize(text))));
  const lines = specs.flatMap(([name, value]): Line[] => {
    const problem = storeProblems.get(name);
    const meaning = findSpec(name, release)?.meaning;
    const head = ['  ', padded(name, nameCells), '  '];
    if (problem !== undefined)
      return [[...head, padded(value, valueCells), '  ', sign(signs, 'failed'), ' refused']];
    const room =
      width -
      6 -
      Math.max(nameCells, cellWidth(sanitize(name))) -
      Math.max(valueCells, cellWidth(sanitize(value)));
    if (meaning === undefined) return [[...head, value]];
    if (cellWidth(meaning) <= room)
      return [[...head, padded(value, valueCells), '  ', {text: meaning, tone: 'muted'}]];
    const below = paragraph(meaning, 4, undefined, Math.min(width, TEXT_WIDTH));
    return [[...head, value], ...below.map(mutedLine)];
  });
  return [...heading('extra specs'), ...lines];
}

function mutedLine(line: Line): Line {
  return spansOf(line).map((span) => ({text: typeof span === 'string' ? span : span.text, tone: 'muted'}));
}

/** What becomes of it where: stored, taken by the API, built by the compute node. */
function novaLines(judgement: Judgement, {signs, isRead}: ShowStyle): Line[] {
  const {flavor, storeProblems, boot, release} = judgement;
  const title = heading(`Nova ${release.name}`);
  if (isRead) return [...title, `  ${outcomeSentence(judgement)}`];
  const specs = Object.keys(flavor.extraSpecs).length;
  const refused = [...storeProblems.keys()];
  const stored: readonly [Meaning, string] =
    refused.length === 0
      ? ['ok', specs === 0 ? 'there is no extra spec' : `${specs} of ${specs} accepted at 2.86`]
      : ['warning', `${specs - refused.length} of ${specs} accepted at 2.86, refused: ${refused.join(', ')}`];
  const api: readonly [Meaning, string] =
    boot === undefined
      ? ['ok', 'a server create is accepted']
      : ['failed', `every server create is refused: ${boot.error}, for ${boot.property}`];
  const rows = [
    ['stored', ...stored],
    ['API', ...api],
    ['compute', ...computeWords(judgement)],
  ] as const;
  return [
    ...title,
    ...rows.flatMap(([name, meaning, words]) => {
      const first: Line = ['  ', sign(signs, meaning), ` ${name.padEnd(9)}`];
      return paragraph(words, 13, first);
    }),
  ];
}

function computeWords({topology, numa, watchdog, boot, verdict}: Judgement): readonly [Meaning, string] {
  if (boot !== undefined) return ['none', 'no server gets that far'];
  if (topology instanceof Refusal) return ['failed', `a server goes to ERROR: ${topology.error}`];
  if ('refusal' in topology) return ['failed', `a server goes to ERROR: ${topology.refusal.error}`];
  if (watchdog instanceof Refusal) return ['failed', `a server goes to ERROR: ${watchdog.error}`];
  const parts = [
    topologyInShort(topology.best),
    ...(numa === undefined || numa instanceof Refusal ? [] : [countOf(numa.cells.length, 'NUMA node')]),
    watchdog === undefined ? 'no watchdog' : `watchdog ${watchdog.model}, ${watchdog.action}`,
  ];
  const words = parts.join(', ');
  return verdict === 'error' ? ['failed', `${words}; it does not start, see the findings`] : ['ok', words];
}

function xmlLines(judgement: Judgement): Line[] {
  const parts = guestXml(judgement);
  if (parts.length === 0) return [];
  const isHost = parts.some(({isWhole}) => !isWhole);
  const more = isHost
    ? '  what the flavor adds; words stand where the host decides'
    : '  what the flavor adds';
  const [space = '', title = ''] = heading('xml');
  const lines = parts.flatMap((part) => part.lines);
  const left = lines.length - MOST_XML;
  return [
    space,
    [...spansOf(title), {text: more, tone: 'muted'}],
    ...lines.slice(0, MOST_XML).map((line) => `  ${line}`),
    ...(left > 0 ? [`  and ${countOf(left, 'more line')}; --json has all of them`] : []),
  ];
}
