import {guestXml} from '../../../text/guest-xml-lines.js';
import {drawGuest, guestInBrief} from '../../../text/flavor-drawing.js';
import {topologyWords} from '../../../text/flavor-words.js';
import {layoutOf} from '../../../domain/flavor/guest-layout.js';
import {withRemedy} from '../../../app/errors.js';
import {readDraft} from '../../../app/flavor/draft.js';
import type {Finding, Severity} from '../../../domain/flavor/finding.js';
import type {Judgement} from '../../../domain/flavor/judge.js';
import {PAGES_SMALL} from '../../../domain/flavor/memory.js';
import {Refusal} from '../../../domain/flavor/refusal.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {carriedWords, choiceWords, layoutNotes, outcomeTitle} from '../../../text/flavor-outcome.js';
import {formatMemory} from '../../../text/sizes.js';
import {signSpan, type AnySign} from '../../meaning.js';
import {keyOf} from '../../own-keys.js';
import {remembered} from '../../remembered.js';
import {fit, type UiLine, type UiSpan} from '../../spans.js';
import {tonedLine} from '../../toned-line.js';
import {coloured, heading, muted, strong, wrapped} from '../../components/draft.js';
import {
  curable,
  existingOf,
  findingsOf,
  fittingOf,
  judgementOf,
  numaOf,
  topologyOf,
  usesOf,
} from './judged.js';
import {formProblems} from './form-problems.js';
import {estimateLines, noVerdictLines, verdictLines} from './room-lines.js';
import {mutedLines, type PartRoom, signedLines} from './signed-lines.js';
import type {FlavorState} from './state.js';

const SIGNS: Readonly<Record<Severity, AnySign>> = {error: 'failed', warning: 'warning', info: 'none'};

/** What the guest sees, in one line, and how it came to that. */
export function resultLines(state: FlavorState, {theme, cells}: PartRoom): readonly UiLine[] {
  const judgement = judgementOf(state);
  if (judgement === undefined) {
    const wrong = formProblems(state.draft).filter(({field}) => field !== 'name');
    return wrong.flatMap(({text}) => signedLines({theme, cells}, 'failed', text));
  }
  const layout = layoutFor(judgement);
  const topology = topologyOf(judgement);
  if (layout === undefined || topology === undefined) return [[strong('Nova makes no guest of it')]];
  const carried = carriedWords(layout);
  const chosen = choiceWords(topology);
  const below = state.step === 'topology' || carried === undefined ? [chosen] : [carried];
  return [tonedLine(outcomeTitle(layout)), ...below.flatMap((text) => mutedLines(text, cells))];
}

const layoutFor = remembered(layoutOf);

/** The drawing in at most so many lines, and what its signs mean below it. */
export function drawingLines(state: FlavorState, {theme, cells}: PartRoom, most: number): readonly UiLine[] {
  const judgement = judgementOf(state);
  const layout = judgement === undefined ? undefined : layoutFor(judgement);
  if (layout === undefined) return [];
  const {lines, legend} = drawGuest(layout, {width: cells, signs: theme.signs, lines: most});
  return [...lines, ...legend].map(tonedLine);
}

/** The guest in one line, and its topology in words. */
export function briefLines(state: FlavorState, {theme, cells}: PartRoom): readonly UiLine[] {
  const judgement = judgementOf(state);
  const layout = judgement === undefined ? undefined : layoutFor(judgement);
  if (layout === undefined) return resultLines(state, {theme, cells});
  return [
    tonedLine(guestInBrief(layout, {width: cells, signs: theme.signs})),
    [topologyWords(layout.topology)],
    ...(layout.numa === undefined ? [] : mutedLines(carriedWords(layout) ?? '', cells)),
  ];
}

/** How sockets, nodes, cores and pages lie to each other. What a finding with a cure tells is not told twice. */
export function layoutLines(state: FlavorState, room: PartRoom): readonly UiLine[] {
  const judgement = judgementOf(state);
  const layout = judgement === undefined ? undefined : layoutFor(judgement);
  if (judgement === undefined || layout === undefined) return [];
  const isTornTold = judgement.findings.some(({code}) => code === 'CoreTornByNuma');
  return layoutNotes(layout)
    .filter(({text}) => !(isTornTold && text.includes('ends inside core')))
    .flatMap(({meaning, text, detail}): readonly UiLine[] => [
      ...signedLines(room, meaning, text),
      ...(detail === undefined || room.cells < 60
        ? []
        : wrapped(detail, room.cells - 2).map((line): UiLine => ['  ', muted(line)])),
    ]);
}

/** Whether Nova stores it, its API takes a server, and the guest starts: three checkpoints with rules of their own. */
export function checkpointLines(state: FlavorState, {theme, cells}: PartRoom): readonly UiLine[] {
  const judgement = judgementOf(state);
  if (judgement === undefined) return [];
  const parts = checkpoints(judgement).map(({isOk, word}): UiLine => [
    signSpan(theme, isOk ? 'ok' : 'failed'),
    ` ${word}`,
  ]);
  const line = parts.flatMap((part, index) => (index === 0 ? part : [' ', ...part]));
  return [fit(line, cells, 'left', theme.signs.cut)];
}

/** The three checkpoints of Nova in their order. */
export function checkpoints(
  judgement: Judgement,
): readonly {readonly isOk: boolean; readonly word: string; readonly name: string; readonly note: string}[] {
  const {flavor, storeProblems, boot, topology, watchdog, numa} = judgement;
  const total = Object.keys(flavor.extraSpecs).length;
  const starts = judgement.verdict !== 'error' && !(watchdog instanceof Refusal);
  const parts = [
    ...(topology instanceof Refusal || 'refusal' in topology ? [] : [topology.best.join(':')]),
    ...(watchdog === undefined || watchdog instanceof Refusal ? [] : ['watchdog']),
    ...(numa === undefined || numa instanceof Refusal ? [] : [countOf(numa.cells.length, 'cell')]),
  ];
  return [
    {
      isOk: storeProblems.size === 0,
      word: 'stored',
      name: 'stored',
      note: total === 0 ? 'no extra specs' : `${total - storeProblems.size} of ${total} accepted at 2.86`,
    },
    {
      isOk: boot === undefined,
      word: 'API takes it',
      name: 'API',
      note: boot === undefined ? 'a server create is accepted' : `refuses every server: ${boot.error}`,
    },
    {
      isOk: starts,
      word: 'guest starts',
      name: 'compute',
      note: starts ? parts.join(', ') : 'no server comes up',
    },
  ];
}

/** What there is to say, worst first; the key of a cure stands behind the one that it cures. */
export function findingLines(state: FlavorState, room: PartRoom): readonly UiLine[] {
  const findings = findingsOf(state);
  const cured = curable(findings);
  const key = keyOf('flavor.cure', state.options.ownKeys);
  return findings.flatMap((finding): readonly UiLine[] => [
    ...signedLines(room, SIGNS[finding.severity], finding.message),
    ...(finding === cured ? cureLines(finding, key, room) : []),
  ]);
}

function cureLines(finding: Finding, key: string, {cells}: PartRoom): readonly UiLine[] {
  const lines = wrapped(finding.suggestion, cells - 5);
  return lines.map((line, index): UiLine => [
    '  ',
    muted(index === lines.length - 1 ? line.padEnd(Math.min(cells - 5, line.length + 1)) : line),
    ...(index === lines.length - 1 ? [' ', {text: key, colour: 'accent', isBold: true} as const] : []),
  ]);
}

/** Every finding with what to do, for the panel; `at` is the one that has the cursor. */
export function findingRows(
  findings: readonly Finding[],
  {theme, cells}: PartRoom,
): readonly {readonly id: string; readonly lines: readonly UiLine[]}[] {
  return findings.map((finding, index) => ({
    id: String(index),
    lines: [
      ...signedLines({theme, cells}, SIGNS[finding.severity], finding.message),
      ...(finding.suggestion === ''
        ? []
        : wrapped(finding.suggestion, cells - 4).map((line): UiLine => ['    ', muted(line)])),
    ],
  }));
}

/** Hosts that could take it, as Placement says, else by what Nova tells: how many, and how far that can be trusted. */
export function hostLines(state: FlavorState, room: PartRoom): readonly UiLine[] {
  const verdict = verdictLines(state, room);
  if (verdict !== undefined) return [...verdict, ...estimateLines(state, room)];
  const fitting = fittingOf(state);
  const note = fitting === undefined ? [] : wrapped(hostNote(state, fitting.large), room.cells - 2);
  return [
    ...hostHeadline(state, room),
    ...note.map((line): UiLine => ['  ', muted(line)]),
    ...noVerdictLines(state, room),
  ];
}

/** Why there is no cloud, and what that means. */
export function noCloudLines({facts, options}: FlavorState, room: PartRoom): readonly UiLine[] {
  if (facts.label.kind !== 'failed') return [];
  const {message, remedy} = facts.label.trouble;
  const key = keyOf('again', options.ownKeys);
  return [
    ...signedLines(room, 'failed', withRemedy(message, remedy)),
    ...wrapped(`Everything but saving works; ${key} asks again.`, room.cells - 2).map((line): UiLine => [
      '  ',
      muted(line),
    ]),
  ];
}

/** How many hosts could take it. */
export function hostHeadline(state: FlavorState, room: PartRoom): readonly UiLine[] {
  const {facts, options} = state;
  if (options.isOffline || facts.label.kind === 'failed') return [];
  const verdict = verdictLines(state, room);
  if (verdict !== undefined) return verdict;
  if (facts.hosts.kind === 'loading') return [[muted('hosts are being asked for')]];
  if (facts.hosts.kind === 'failed') {
    return signedLines(room, 'unknown', `hosts: ${facts.hosts.trouble.message}`);
  }
  if (facts.hosts.kind === 'ready' && facts.hosts.value === undefined) {
    return signedLines(room, 'unknown', 'Nova tells its hosts to administrators only.', 'muted');
  }
  const fitting = fittingOf(state);
  const flavor = judgementOf(state)?.flavor;
  if (fitting === undefined || flavor === undefined) return [];
  const {total, free} = fitting;
  const isPart = facts.hosts.kind === 'ready' && facts.hosts.value?.isComplete === false;
  const hosts = `${formatCount(free)} of ${isPart ? 'at least ' : ''}${countOf(total, 'host')}`;
  const size = `${formatCount(flavor.vcpus)} vCPU, ${formatMemory(flavor.memoryMib)} free`;
  return signedLines(room, free > 0 ? 'ok' : 'warning', `${hosts}: ${size}`);
}

function hostNote(state: FlavorState, large: number): string {
  const numa = numaOf(judgementOf(state));
  const special = [
    ...((numa?.pageSizeKib ?? 0) !== 0 && numa?.pageSizeKib !== PAGES_SMALL ? ['huge pages'] : []),
    ...(numa?.cpuPolicy === 'dedicated' || numa?.cpuPolicy === 'mixed' ? ['dedicated CPUs'] : []),
  ];
  const base = `estimated without overcommitment; ${formatCount(large)} are large enough`;
  return special.length === 0 ? base : `${base}. Nova does not tell who has ${special.join(' and ')}`;
}

/** Whether the name is free, and what a taken one means. */
export function nameLines(state: FlavorState, room: PartRoom): readonly UiLine[] {
  const {draft, facts} = state;
  // What is wrong with a name is told by a finding.
  if (draft.name === '' || readDraft(draft).problems.has('name')) return [];
  const existing = existingOf(state);
  if (existing !== undefined) {
    const uses = usesOf(state, existing.name);
    const carried = uses === undefined || uses === 0 ? '' : ` ${countOf(uses, 'server')} keep the old copy.`;
    return signedLines(
      room,
      'warning',
      `${existing.name} exists: saving changes its extra specs, never its size.${carried}`,
    );
  }
  const label = facts.label.kind === 'ready' ? ` in ${facts.label.value}` : '';
  if (facts.flavors.kind === 'failed' && facts.label.kind === 'ready') {
    const {message} = facts.flavors.trouble;
    return signedLines(room, 'unknown', `whether the name is free is not known: ${message}`);
  }
  if (facts.flavors.kind !== 'ready') return [];
  return facts.flavors.value.isComplete
    ? signedLines(room, 'ok', `name is free${label}`)
    : signedLines(room, 'unknown', 'not all flavors could be listed: the name may be taken');
}

/** The XML of these elements, or of all. `rest`: how many lines are left out is told with the key that shows them. */
export function xmlLines(
  state: FlavorState,
  {cells}: PartRoom,
  names: readonly string[] | undefined,
  most = Infinity,
): readonly UiLine[] {
  const judgement = judgementOf(state);
  if (judgement === undefined) return [];
  const parts = guestXml(judgement, most === Infinity ? undefined : 2);
  const all = parts
    .filter(({name}) => names === undefined || names.includes(name))
    .flatMap(({lines}) => lines);
  const rows = all.flatMap((line) => wrappedXml(line, cells));
  const shown = rows.length > most ? rows.slice(0, Math.max(1, most - 1)) : rows;
  const left = all.length === 0 ? 0 : rows.length - shown.length;
  const key = keyOf('flavor.xml', state.options.ownKeys);
  return [
    ...shown.map((line): UiLine => xmlSpans(line)),
    ...(left === 0 ? [] : [[muted(`${countOf(left, 'more line')}  `), coloured(key, 'accent')]]),
  ];
}

/** A line of XML in lines of so many cells, broken between attributes. */
function wrappedXml(line: string, cells: number): readonly string[] {
  if (line.length <= cells) return [line];
  const indent = ' '.repeat(Math.min(12, line.length - line.trimStart().length + 2));
  const [first = '', ...others] = wrapped(line.trimStart(), cells - indent.length);
  return [`${indent.slice(2)}${first}`, ...others.map((one) => `${indent}${one.trim()}`)];
}

/** Values of attributes stand out. */
function xmlSpans(line: string): UiLine {
  return line
    .split(/("[^"]*")/)
    .map((part): UiSpan => (part.startsWith('"') ? coloured(part, 'accent') : muted(part)));
}

/** A heading of the right half. */
export function partTitle(text: string, note = ''): UiLine {
  return note === '' ? [heading(text)] : [heading(text), '  ', muted(note)];
}
