import {readDraft, type FlavorDraft} from '../../../app/flavor/draft.js';
import {CpuSpecError, formatCpuSet, parseCpuSpec, union} from '../../../domain/flavor/cpu-set.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {formatDisk, formatMemory} from '../../../text/sizes.js';
import {fieldLine} from '../../components/field-view.js';
import {signSpan} from '../../meaning.js';
import {fit, lineCells, type UiLine, type UiSpan} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {coloured, type Draft, EMPTY, heading, muted, row, wrapped} from '../setup/draft.js';
import {currentField, fieldsOf, hasNumaLists, type FormField, nodeCount, WATCHDOG_ACTIONS} from './fields.js';
import {judgementOf, numaOf, replacingOf, usesOf} from './judged.js';
import {readyOf} from './known.js';
import type {FlavorState} from './state.js';

/** What the form is drawn in: `cells` with column 0, and whether there is room for words behind the values. */
type Room = {
  readonly theme: Theme;
  readonly cells: number;
  readonly isWide: boolean;
  readonly hasFocus: boolean;
};

const LABEL_CELLS = 13;
/** Of values with a note behind them. */
const VALUE_CELLS = 6;

/** The left half: what was answered so far in the step that is open. */
export function formRows(
  state: FlavorState,
  theme: Theme,
  cells: number,
  hasFocus: boolean,
): readonly Draft[] {
  const room: Room = {theme, cells, isWide: cells >= 50, hasFocus};
  switch (state.step) {
    case 'size':
      return sizeRows(state, room);
    case 'watchdog':
      return watchdogRows(state, room);
    case 'topology':
      return topologyRows(state, room);
    case 'NUMA':
      return state.isByNode ? nodeRows(state, room) : numaRows(state, room);
    case 'access':
      return accessRows(state, room);
    case 'review':
      return reviewRows(state, room);
  }
}

const title = (text: string, note = ''): Draft =>
  note === '' ? row(heading(text)) : row(heading(text), '  ', muted(note));

function sizeRows(state: FlavorState, room: Room): readonly Draft[] {
  const fields = fieldsOf(state);
  const isStart = ({kind}: FormField): boolean => kind === 'start' || kind === 'start-clone';
  return [
    title('SIZE'),
    ...fields.filter((field) => !isStart(field)).map((field) => fieldRow(state, field, room, sizeNote)),
    EMPTY,
    title('START FROM'),
    ...fields.filter(isStart).map((field) => startRow(state, field)),
  ];
}

/** How a size is read where it was typed otherwise. */
function sizeNote({draft}: FlavorState, {id}: FormField): string {
  const {size} = readDraft(draft);
  if (size === undefined) return '';
  switch (id) {
    case 'memory':
      return `${formatCount(size.memoryMib)} MiB`;
    case 'swap':
      return size.swapMib === 0 ? '' : `${formatCount(size.swapMib)} MiB`;
    default:
      return '';
  }
}

/** A size as it is shown where nobody types it. */
function shownValue({draft}: FlavorState, {id, value}: FormField): string {
  const {size} = readDraft(draft);
  switch (id) {
    case 'memory':
      return size === undefined ? value : formatMemory(size.memoryMib);
    case 'swap':
      return size === undefined || size.swapMib === 0 ? value : formatMemory(size.swapMib);
    case 'disk':
      return size === undefined ? value : formatDisk(size.diskGib);
    case 'ephemeral':
      return size === undefined || size.ephemeralGib === 0 ? value : formatDisk(size.ephemeralGib);
    default:
      return value;
  }
}

function startRow(state: FlavorState, field: FormField): Draft {
  const isNow = field.value !== '';
  const uses = field.kind === 'start-clone' && isNow ? usesOf(state, field.value) : undefined;
  const note = uses === undefined ? [] : ['   ', muted(countOf(uses, 'server'))];
  const text: UiSpan = isNow ? {text: field.label, isBold: true} : field.label;
  return {line: [' ', text, ...note], isSelected: isCurrent(state, field)};
}

/** A label, its value, and a word about it where there is room. */
function fieldRow(
  state: FlavorState,
  field: FormField,
  room: Room,
  noteOf: (state: FlavorState, field: FormField) => string = () => '',
): Draft {
  const isSelected = isCurrent(state, field);
  const {typing} = state;
  const label: UiLine = [' ', ...fit([field.label], LABEL_CELLS), ' '];
  const left = room.cells - LABEL_CELLS - 4;
  if (typing?.id === field.id && isSelected) {
    const cells = Math.min(
      left,
      field.kind === 'text' ? 30 : Math.max(8, lineCells([typing.field.text]) + 2),
    );
    const note = room.isWide ? noteOf(state, field) : '';
    const box = fieldLine(room.theme, typing.field, {cells, hasFocus: room.hasFocus});
    return {line: [...label, ...box, ...(note === '' ? [] : ['  ', muted(note)])], isSelected};
  }
  const value = shownValue(state, field);
  const shown: UiSpan = value === '' ? muted(room.theme.signs.none) : value;
  const note = room.isWide ? noteOf(state, field) : '';
  const problem = problemOf(state, field);
  return {
    line: [
      ...label,
      ...(note === '' ? [shown] : [...fit([shown], Math.max(VALUE_CELLS, value.length)), '  ', muted(note)]),
      ...(problem === undefined ? [] : [' ', coloured(room.theme.signs.failed, 'danger')]),
    ],
    isSelected,
  };
}

function isCurrent(state: FlavorState, field: FormField): boolean {
  return state.panel === undefined && currentField(state)?.id === field.id;
}

function problemOf({draft}: FlavorState, {id}: FormField): string | undefined {
  const {problems} = readDraft(draft);
  // A name that is missing is told in the review: nobody has to begin with it.
  if (id === 'name') return draft.name === '' ? undefined : problems.get('name');
  return id === 'vcpus' || id === 'memory' || id === 'disk' || id === 'ephemeral' || id === 'swap'
    ? problems.get(id)
    : undefined;
}

function watchdogRows(state: FlavorState, room: Room): readonly Draft[] {
  const {theme, isWide, cells} = room;
  const actions = fieldsOf(state).map((field): Draft => {
    const about = WATCHDOG_ACTIONS.find(({action}) => action === field.id);
    const isNow = field.value !== '';
    const sign: UiSpan = isNow ? {text: theme.signs.due, colour: 'accent'} : muted(theme.signs.waiting);
    const words = about === undefined ? 'Nova refuses it' : isWide ? about.words : about.short;
    return {
      line: [sign, ' ', ...fit([field.label], 10), muted(words)],
      isSelected: isCurrent(state, field),
    };
  });
  const text = (words: string): readonly Draft[] =>
    wrapped(words, cells - 5).map((line) => row('  ', muted(line)));
  return [
    title('WHEN THE GUEST HANGS'),
    ...actions,
    EMPTY,
    ...text(isWide ? 'libvirt has three more, Nova lacks them:' : 'libvirt only, Nova refuses:'),
    row('  ', 'shutdown  dump  inject-nmi'),
    ...(isWide ? text(WHY_NOT) : []),
    EMPTY,
    ...replacedRows(state, room),
  ];
}

/** Why Nova has no words for them. */
export const WHY_NOT =
  'shutdown asks a guest that hangs, which does not hear; dump writes all of its memory to the disk of the host; ' +
  'inject-nmi leaves it to the guest. None of them brings it back by itself, and Nova takes none.';

function replacedRows(state: FlavorState, {theme, isWide, cells}: Room): readonly Draft[] {
  const images = replacingOf(state);
  const rule = isWide
    ? [row('  an image with hw_watchdog_action'), row('  replaces it, whatever it says')]
    : [row('  image property replaces it')];
  if (images === undefined) {
    const {kind} = state.facts.images;
    const words = kind === 'loading' ? 'images are being asked for' : 'which images do is not known';
    return [title('WHO WINS'), ...rule, row('  ', muted(words))];
  }
  const {watchdog, total} = images;
  const most = isWide ? 8 : 4;
  const name = Math.min(cells - 16, Math.max(15, ...watchdog.slice(0, most).map((one) => one.name.length)));
  const rows = watchdog
    .slice(0, most)
    .map((one) => row(signSpan(theme, 'warning'), ' ', ...fit([one.name], name), ' ', one.action));
  const more = watchdog.length - rows.length;
  const rest =
    watchdog.length === 0
      ? `none of ${countOf(total, 'image')} does`
      : `${more > 0 ? `${more} more do; ` : ''}${countOf(total - watchdog.length, 'other image')} ${total - watchdog.length === 1 ? 'leaves' : 'leave'} it alone`;
  return [
    title('WHO WINS'),
    ...rule,
    ...rows,
    ...wrapped(rest, cells - 5).map((line) => row('  ', muted(line))),
  ];
}

function topologyRows(state: FlavorState, room: Room): readonly Draft[] {
  const fields = fieldsOf(state);
  const {isWide, cells} = room;
  const key = (letter: string, what: string, result: string): Draft =>
    row(' ', {text: letter, colour: 'accent', isBold: true}, ` ${what.padEnd(9)} `, muted(result));
  const vcpus = judgementOf(state)?.flavor.vcpus;
  const replaced = replacingOf(state)?.topology ?? [];
  const image =
    replaced.length === 0
      ? 'image hw_cpu_* would replace all three wishes'
      : `${countOf(replaced.length, 'image')} ${replaced.length === 1 ? 'replaces' : 'replace'} the wishes: ${replaced.slice(0, 2).join(', ')}${replaced.length > 2 ? ' …' : ''}`;
  return [
    title('WISHES', isWide ? 'a wish is never an error' : ''),
    ...fields.slice(0, 3).map((field) => fieldRow(state, field, room)),
    EMPTY,
    title('LIMITS', isWide ? 'only limits force anything' : ''),
    ...fields.slice(3).map((field) => fieldRow(state, field, room)),
    EMPTY,
    title('PRESETS'),
    key('w', 'Windows', '2 sockets'),
    key('f', 'flat', '1 socket'),
    key('d', 'as Nova', vcpus === undefined ? '' : `${vcpus}:1:1`),
    EMPTY,
    ...wrapped(image, cells - 4).map((line) => row(' ', muted(line))),
  ];
}

const POLICY_WORDS: Readonly<Record<string, string>> = {
  dedicated: 'all pinned',
  mixed: 'some pinned, some shared',
  shared: 'all float',
};

function numaRows(state: FlavorState, room: Room): readonly Draft[] {
  const fields = fieldsOf(state);
  const at = fields.findIndex(({id}) => id === 'hw:cpu_policy');
  const shown = (field: FormField): Draft => fieldRow(state, field, room, numaNote);
  const numa = numaOf(judgementOf(state));
  const memory = new Set(numa?.cells.map(({memoryMib}) => memoryMib));
  const [each] = memory;
  const memoryNote =
    numa === undefined || !room.isWide
      ? ''
      : memory.size === 1
        ? `${formatCount(each ?? 0)} MiB each`
        : numa.cells
            .slice(0, 3)
            .map(({memoryMib}) => formatCount(memoryMib))
            .join(' | ');
  const lists = hasNumaLists(state.draft) ? 'by node' : 'even';
  return [
    title('NUMA'),
    ...fields.slice(0, 2).map(shown),
    row(
      ' ',
      ...fit([muted('memory')], LABEL_CELLS),
      ' ',
      muted(lists.padEnd(VALUE_CELLS)),
      '  ',
      muted(memoryNote),
    ),
    ...fields.slice(2, at).map(shown),
    EMPTY,
    title('POLICY'),
    ...fields.slice(at).map(shown),
    ...(room.isWide
      ? [
          EMPTY,
          title('WHAT THE WORDS DO'),
          row('  dedicated  ', muted('every vCPU has a host CPU to itself')),
          row('  mixed      ', muted('the mask says which')),
          row('  shared     ', muted('all float')),
        ]
      : []),
  ];
}

function numaNote(state: FlavorState, {id, value}: FormField): string {
  const judgement = judgementOf(state);
  const numa = numaOf(judgement);
  switch (id) {
    case 'numa lists':
      return (numa?.cells ?? [])
        .slice(0, 4)
        .map(({shared, pinned}) => formatCpuSet(union([shared, pinned])))
        .join(' | ');
    case 'hw:mem_page_size': {
      const size = numa?.pageSizeKib ?? 0;
      const memoryMib = judgement?.flavor.memoryMib ?? 0;
      return size > 0 && Number.isInteger((memoryMib * 1024) / size)
        ? countOf((memoryMib * 1024) / size, 'page')
        : '';
    }
    case 'hw:cpu_policy':
      return POLICY_WORDS[value] ?? '';
    case 'hw:cpu_dedicated_mask':
    case 'hw:cpu_realtime_mask':
      return maskWords(value);
    default:
      return '';
  }
}

/** `all but 0 and 8`. */
function maskWords(mask: string): string {
  if (!mask.startsWith('^')) return '';
  const set = parseCpuSpec(mask.replaceAll('^', ''));
  return set instanceof CpuSpecError ? '' : `all but ${formatCpuSet(set)}`;
}

function nodeRows(state: FlavorState, room: Room): readonly Draft[] {
  const {size} = readDraft(state.draft);
  const memory = Object.entries(state.draft.extraSpecs)
    .filter(([name]) => name.startsWith('hw:numa_mem.'))
    .reduce((sum, [, value]) => sum + (Number(value) || 0), 0);
  const left = (size?.memoryMib ?? 0) - memory;
  return [
    title('NODE BY NODE', countOf(nodeCount(state.draft), 'node')),
    ...fieldsOf(state).map((field) => fieldRow(state, field, room)),
    EMPTY,
    row(
      ' ',
      left === 0
        ? muted('all of the memory is divided')
        : coloured(`${formatCount(Math.abs(left))} MiB ${left > 0 ? 'are left' : 'too many'}`, 'overdue'),
    ),
  ];
}

function accessRows(state: FlavorState, room: Room): readonly Draft[] {
  const {draft, facts} = state;
  const {theme, cells} = room;
  const fields = fieldsOf(state);
  const marks = fields.filter(({kind}) => kind === 'mark');
  const text = (words: string): readonly Draft[] =>
    wrapped(words, cells - 4).map((line) => row(' ', muted(line)));
  const rest = draft.isPublic
    ? text('Every project may use it.')
    : facts.projects.kind === 'ready'
      ? marks.map((field): Draft => {
          const isMarked = field.kind === 'mark' && field.isMarked;
          const sign: UiSpan = isMarked ? {text: theme.signs.ok, colour: 'ok'} : ' ';
          return {line: [sign, ' ', field.label], isSelected: isCurrent(state, field)};
        })
      : text(projectsUnknown(state));
  return [
    title('ACCESS'),
    ...fields.filter(({kind}) => kind !== 'mark').map((field) => fieldRow(state, field, room)),
    EMPTY,
    ...(draft.isPublic
      ? []
      : [title('PROJECTS', marks.length === 0 ? '' : `${countOf(marks.length, 'project')}, space marks`)]),
    ...rest,
  ];
}

function projectsUnknown({facts, options}: FlavorState): string {
  if (options.isOffline) return 'Ids of projects, with commas between them.';
  return facts.projects.kind === 'loading'
    ? 'Projects are being asked for.'
    : 'Keystone does not list the projects: type their ids, with commas between them.';
}

function reviewRows(state: FlavorState, room: Room): readonly Draft[] {
  const {draft} = state;
  const {cells} = room;
  const {size, problems} = readDraft(draft);
  const specs = Object.entries(draft.extraSpecs);
  const name = Math.min(cells - 14, Math.max(18, ...specs.map(([key]) => key.length)));
  const projects = readyOf(state.facts.projects) === undefined ? '' : draft.projects;
  const access = draft.isPublic ? 'public' : projects === '' ? 'private' : `private: ${projects}`;
  return [
    row({text: draft.name === '' ? 'no name yet' : draft.name, isBold: true}),
    ...(size === undefined
      ? Array.from(problems, ([field, problem]) => row(coloured(`${field} ${problem}`, 'danger')))
      : wrapped(sizeWords(draft, access), cells - 3).map((line) => row(line))),
    EMPTY,
    title('EXTRA SPECS', specs.length === 0 ? 'none' : ''),
    ...specs.map(([key, value]) => row(' ', ...fit([key], name), '  ', value)),
  ];
}

/** `16 vCPU  64 GiB  80 GiB  public`. */
export function sizeWords(draft: FlavorDraft, access: string): string {
  const {size} = readDraft(draft);
  if (size === undefined) return '';
  return [
    `${size.vcpus} vCPU`,
    formatMemory(size.memoryMib),
    formatDisk(size.diskGib),
    ...(size.ephemeralGib === 0 ? [] : [`ephemeral ${formatDisk(size.ephemeralGib)}`]),
    ...(size.swapMib === 0 ? [] : [`swap ${formatMemory(size.swapMib)}`]),
    access,
  ].join('  ');
}
