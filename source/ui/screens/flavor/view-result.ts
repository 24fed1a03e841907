import {wishesMet} from '../../../text/flavor-outcome.js';
import {signSpan} from '../../meaning.js';
import {keyOf} from '../../own-keys.js';
import {fit, type UiLine, wrap} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {muted, strong} from '../../components/draft.js';
import {isReleaseKnown, judgementOf, releaseOf, topologyOf} from './judged.js';
import {
  briefLines,
  checkpointLines,
  checkpoints,
  drawingLines,
  findingLines,
  hostHeadline,
  hostLines,
  layoutLines,
  nameLines,
  noCloudLines,
  partTitle,
  resultLines,
  xmlLines,
} from './parts.js';
import {mutedLines, type PartRoom, signedLines} from './signed-lines.js';
import type {FlavorState} from './state.js';
import {wantedCommands} from './command.js';

/** Lines that belong together; those with the highest number leave first where there is no room. */
type Part = {readonly lines: readonly UiLine[]; readonly leaves: number};

const part = (lines: readonly UiLine[], leaves = 0): Part => ({lines, leaves});

/** The right half: what Nova makes of the answers. It is never more than the rows that there are. */
export function resultSide(state: FlavorState, theme: Theme, cells: number, rows: number): readonly UiLine[] {
  const room: PartRoom = {theme, cells};
  return composed(partsOf(state, room, rows), rows, state, room);
}

function partsOf(state: FlavorState, room: PartRoom, rows: number): readonly Part[] {
  switch (state.step) {
    case 'size':
      return sizeParts(state, room, rows);
    case 'watchdog':
      return watchdogParts(state, room);
    case 'topology':
      return topologyParts(state, room, rows);
    case 'NUMA':
      return numaParts(state, room, rows);
    case 'access':
      return accessParts(state, room);
    case 'review':
      return reviewParts(state, room, rows);
  }
}

function sizeParts(state: FlavorState, room: PartRoom, rows: number): readonly Part[] {
  return [
    part([...partHead(state), ...briefLines(state, room)]),
    part(rows > 30 ? drawingLines(state, room, Math.floor(rows / 3)) : [], 5),
    part(findingLines(state, room), 1),
    part([...nameLines(state, room), ...hostLines(state, room), ...noCloudLines(state, room)]),
    part(
      mutedLines('Name, vCPUs, memory and disk can never be changed later; extra specs can.', room.cells),
      4,
    ),
    part(rows > 30 ? xmlPart(state, room, true) : [], 6),
  ];
}

function partHead({draft}: FlavorState): readonly UiLine[] {
  const isBare = Object.keys(draft.extraSpecs).length === 0;
  return [[strong('What the guest sees'), ...(isBare ? ['  ', muted('nothing chosen yet')] : [])]];
}

function watchdogParts(state: FlavorState, room: PartRoom): readonly Part[] {
  const judgement = judgementOf(state);
  const xml = xmlLines(state, room, ['watchdog']);
  const hasDevice = judgement?.xml.watchdog !== undefined;
  const {theme, cells} = room;
  const half: readonly UiLine[] = hasDevice
    ? [
        [strong('The guest has a half, too')],
        ...numbered(1, 'driver i6300esb, in most kernels; cloud kernels of Debian lack it', cells),
        ...numbered(2, 'daemon opens /dev/watchdog and feeds it; until then the device does nothing', cells),
        [],
        [
          {text: keyOf('flavor.guest', state.options.ownKeys), colour: 'accent', isBold: true},
          ' cloud-init for Debian, Ubuntu, EL, SUSE',
        ],
      ]
    : [];
  return [
    part([[strong('What Nova adds')]]),
    part(xml.length === 0 ? [[muted('no device: nothing watches the guest')]] : xml),
    part(checkpointLines(state, room)),
    part(half, 2),
    part(findingLines(state, room).slice(0, 8), 1),
    part(hostLines(state, room), 5),
    part(drawingLines(state, room, 8), 7),
    part(mutedLines('Running servers keep what they have; resize to this flavor brings it.', cells), 4),
    part(
      hasDevice
        ? signedLines({theme, cells}, 'none', 'x86 with PCI only: s390x refuses an i6300esb.', 'muted')
        : [],
      6,
    ),
  ];
}

function numbered(number: number, text: string, cells: number): readonly UiLine[] {
  return wrap([`${number} ${text}`], cells, 2);
}

function topologyParts(state: FlavorState, room: PartRoom, rows: number): readonly Part[] {
  return [
    part(resultLines(state, room)),
    part(drawingLines(state, room, Math.max(5, Math.floor(rows * 0.45)))),
    part(layoutLines(state, room), 3),
    part(nextBest(state, room), 4),
    part(findingLines(state, room), 1),
    part(checkpointLines(state, room)),
    part(hostLines(state, room), 5),
    part(rows > 30 ? xmlPart(state, room, true) : [], 6),
  ];
}

/** What Nova would take instead, best first. */
function nextBest(state: FlavorState, {theme}: PartRoom): readonly UiLine[] {
  const topology = topologyOf(judgementOf(state));
  if (topology === undefined || topology.possible.length < 2) return [];
  const {desired, preferred} = topology;
  return [
    partTitle('NEXT BEST'),
    ...desired
      .slice(0, 4)
      .map((triple, index): UiLine => [
        index === 0 ? signSpan(theme, 'now') : ' ',
        ' ',
        ...fit([triple.join(':')], 9),
        muted(` ${wishesMet(triple, preferred) ?? ''}`),
      ]),
  ];
}

function numaParts(state: FlavorState, room: PartRoom, rows: number): readonly Part[] {
  const isTall = rows > 30;
  return [
    part(resultLines(state, room)),
    part(drawingLines(state, room, Math.max(6, Math.floor(rows * 0.5)))),
    part(layoutLines(state, room), 2),
    part(findingLines(state, room), 1),
    part(isTall ? [partTitle('WHERE IT FITS'), ...hostLines(state, room)] : hostLines(state, room), 2),
    part(isTall ? xmlPart(state, room, true) : [], 6),
  ];
}

function accessParts(state: FlavorState, room: PartRoom): readonly Part[] {
  const {draft} = state;
  const words = draft.isPublic
    ? 'A public flavor is seen and used by every project.'
    : 'A private flavor is seen only by the projects that are named, not even by your own if it is not among them.';
  return [
    part(resultLines(state, room)),
    part(mutedLines(words, room.cells)),
    part(nameLines(state, room)),
    part(findingLines(state, room), 1),
    part([...checkpointLines(state, room), ...hostLines(state, room)], 2),
    part(drawingLines(state, room, 8), 3),
  ];
}

function reviewParts(state: FlavorState, room: PartRoom, rows: number): readonly Part[] {
  const judgement = judgementOf(state);
  const {theme, cells} = room;
  const isTall = rows > 30;
  const nova: readonly UiLine[] =
    judgement === undefined
      ? resultLines(state, room)
      : checkpoints(judgement).map(({isOk, name, note}): UiLine => [
          signSpan(theme, isOk ? 'ok' : 'failed'),
          ' ',
          ...fit([name], 9),
          ' ',
          muted(note),
        ]);
  const findings = findingLines(state, room);
  const commands = isTall ? wantedCommands(state) : [];
  const {notice} = state;
  const commandLines =
    commands.length === 0
      ? []
      : [partTitle('COMMAND'), ...commands.flatMap((line) => wrap([line], cells, 2))];
  const others = [
    part(notice?.isBad === true ? signedLines(room, 'failed', notice.text) : []),
    part([
      partTitle(`NOVA, ${releaseOf(state).name.toUpperCase()}`, isReleaseKnown(state) ? '' : 'assumed'),
      ...nova,
    ]),
    part([...nameLines(state, room), ...hostHeadline(state, room), ...noCloudLines(state, room)], 3),
    part(findings.length === 0 ? [] : [partTitle('FINDINGS'), ...findings], 1),
    part(commandLines, 4),
  ];
  // The XML has what the others leave; all of it is a key away.
  const taken = others.reduce((sum, {lines}) => sum + (lines.length === 0 ? 0 : lines.length + 1), 0);
  const xml = part(xmlPart(state, room, isTall, rows - taken - 1), 6);
  return others.toSpliced(-1, 0, xml);
}

/** Lines of XML that stand beside a step. */
const MOST_XML = 10;

/** The XML, as much as there may be room for. */
function xmlPart(state: FlavorState, room: PartRoom, isTall: boolean, rows = MOST_XML): readonly UiLine[] {
  const lines = xmlLines(state, room, undefined, isTall ? Math.max(2, Math.min(MOST_XML, rows)) : 2);
  return lines.length === 0 ? [] : [partTitle('XML', isTall ? 'what these specs add' : ''), ...lines];
}

/** Parts with an empty line between them, as many as there is room for; what was cut is told with its key. */
function composed(
  parts: readonly Part[],
  rows: number,
  state: FlavorState,
  {cells}: PartRoom,
): readonly UiLine[] {
  const all = parts.filter(({lines}) => lines.length > 0);
  const kept = new Set<Part>();
  let used = -1;
  for (const one of all.toSorted((a, b) => a.leaves - b.leaves)) {
    // What must be there is cut at the end; the rest is there whole or not at all.
    if (one.leaves > 1 && used + one.lines.length + 1 > rows) continue;
    kept.add(one);
    used += one.lines.length + 1;
  }
  const shown = all.filter((one) => kept.has(one));
  const apart = shown.flatMap(({lines}, index): readonly UiLine[] => (index === 0 ? lines : [[], ...lines]));
  const lines = apart.length <= rows ? apart : shown.flatMap(({lines: own}) => own);
  if (lines.length <= rows) return lines;
  const key = keyOf('flavor.findings', state.options.ownKeys);
  const more = muted(`${lines.length - rows + 1} more lines  `);
  return [...lines.slice(0, rows - 1), fit([more, {text: key, colour: 'accent', isBold: true}], cells)];
}
