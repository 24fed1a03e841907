import {
  type FlavorDraft,
  projectWords,
  readDraft,
  type SizeName,
  withPreset,
  withSize,
  withSpec,
  withSpecs,
} from '../../../app/flavor/draft.js';
import {isNumaList} from '../../../domain/flavor/even-lists.js';
import {isPlainInteger, readBoolean} from '../../../domain/flavor/python-values.js';
import {PRESETS} from '../../../domain/flavor/presets.js';
import {MASK_TYPED, MEMORY_TYPED, NUMBER_TYPED} from '../../actions.js';
import {readyOf} from './known.js';
import type {FlavorState} from './state.js';

/** What a person can fill in, as data: the form, its keys and its sentences are made from it. */
export type FormField = {
  readonly id: string;
  readonly label: string;
  /** The label for who does not see what stands above it. */
  readonly spoken?: string;
  /** As it is written now. */
  readonly value: string;
} & (
  | {
      /** Typed as soon as the cursor is there: its characters are no keys. */
      readonly kind: 'number';
      readonly accepts: RegExp;
      set(draft: FlavorDraft, text: string): FlavorDraft;
    }
  /** Typed after enter. */
  | {readonly kind: 'text'; set(draft: FlavorDraft, text: string): FlavorDraft}
  /** One of a few; the empty word is nothing said. */
  | {
      readonly kind: 'word';
      readonly words: readonly string[];
      set(draft: FlavorDraft, word: string): FlavorDraft;
    }
  /** One of a group: where the cursor goes is what is chosen. */
  | {readonly kind: 'radio'; set(draft: FlavorDraft): FlavorDraft}
  /** Of a list of which several may be marked. */
  | {readonly kind: 'mark'; readonly isMarked: boolean; set(draft: FlavorDraft): FlavorDraft}
  /** Something to begin with. */
  | {readonly kind: 'start'; set(draft: FlavorDraft): FlavorDraft}
  | {readonly kind: 'start-clone'}
);

/** The actions of Nova's watchdog in plain words, `short` where there is little room. */
export const WATCHDOG_ACTIONS = [
  {action: 'disabled', short: 'no device', words: 'no device, as Nova does alone'},
  {action: 'reset', short: 'hard reset', words: 'hard reset, it boots again'},
  {action: 'poweroff', short: 'off, SHUTOFF', words: 'hard power off, Nova shows SHUTOFF'},
  {action: 'pause', short: 'stands still', words: 'stands still, for a look inside'},
  {action: 'none', short: 'does nothing', words: 'device is there, nothing happens'},
] as const;

/** Nodes that are written one by one. */
const MOST_NODES = 64;

/** The fields of the step that is open, from top to bottom. */
export function fieldsOf(state: FlavorState): readonly FormField[] {
  const {draft, step} = state;
  switch (step) {
    case 'size':
      return [...sizeFields(draft), ...startFields(state)];
    case 'watchdog':
      return watchdogFields(draft);
    case 'topology':
      return [
        ...TOPOLOGY.map((part) => spec(draft, `hw:cpu_${part}`, part, NUMBER_TYPED)),
        ...TOPOLOGY.map((part) => spec(draft, `hw:cpu_max_${part}`, `max ${part}`, NUMBER_TYPED)),
      ];
    case 'NUMA':
      return state.isByNode ? nodeFields(draft) : numaFields(draft);
    case 'access':
      return accessFields(state);
    case 'review':
      return [];
  }
}

/** The field that has the cursor: the first one, where the one that had it is gone. */
export function currentField(state: FlavorState): FormField | undefined {
  const fields = fieldsOf(state);
  return fields.find(({id}) => id === state.cursors[state.step]) ?? fields.find(isChosen) ?? fields[0];
}

function isChosen(field: FormField): boolean {
  return field.kind === 'radio' && field.value !== '';
}

/** Whether the flavor has lists of its own for its nodes. */
export function hasNumaLists({extraSpecs}: FlavorDraft): boolean {
  return Object.keys(extraSpecs).some(isNumaList);
}

/** How many nodes are asked for; 1 where nothing that can be read is. */
export function nodeCount({extraSpecs}: FlavorDraft): number {
  const text = extraSpecs['hw:numa_nodes'] ?? '';
  return isPlainInteger(text) && Number(text) >= 1 ? Number(text) : 1;
}

const TOPOLOGY = ['sockets', 'cores', 'threads'] as const;

function sizeFields(draft: FlavorDraft): readonly FormField[] {
  const size = (id: SizeName, label: string, accepts: RegExp): FormField => ({
    kind: 'number',
    id,
    label,
    value: draft.sizes[id],
    accepts,
    set: (before, text) => withSize(before, id, text),
  });
  return [
    {kind: 'text', id: 'name', label: 'name', value: draft.name, set: (before, name) => ({...before, name})},
    size('vcpus', 'vCPUs', NUMBER_TYPED),
    size('memory', 'memory', MEMORY_TYPED),
    size('disk', 'disk', NUMBER_TYPED),
    size('ephemeral', 'ephemeral', NUMBER_TYPED),
    size('swap', 'swap', MEMORY_TYPED),
    publicField(draft),
  ];
}

function publicField({isPublic}: FlavorDraft): FormField {
  return {
    kind: 'word',
    id: 'public',
    label: 'public',
    words: ['yes', 'no'],
    value: isPublic ? 'yes' : 'no',
    set: (before, word) => ({...before, isPublic: word === 'yes'}),
  };
}

function startFields({facts, draft}: FlavorState): readonly FormField[] {
  const presets = PRESETS.map(({name, title}): FormField => ({
    kind: 'start',
    id: `preset ${name}`,
    label: title,
    value: draft.start.kind === 'preset' && draft.start.name === name ? name : '',
    set: (before) => withPreset(before, name),
  }));
  const flavors = readyOf(facts.flavors)?.rows ?? [];
  const value = draft.start.kind === 'clone' ? draft.start.of.name : '';
  const clone: readonly FormField[] =
    flavors.length === 0 && value === ''
      ? []
      : [
          {
            kind: 'start-clone',
            id: 'clone',
            label: value === '' ? 'clone a flavor' : `clone ${value}`,
            value,
          },
        ];
  return [...presets, ...clone];
}

function watchdogFields(draft: FlavorDraft): readonly FormField[] {
  const name = 'hw:watchdog_action';
  const now = draft.extraSpecs[name] || 'disabled';
  const known = WATCHDOG_ACTIONS.map(({action}): FormField => ({
    kind: 'radio',
    id: action,
    label: action,
    value: now === action ? action : '',
    set: (before) => withSpec(before, name, action === 'disabled' ? '' : action),
  }));
  if (WATCHDOG_ACTIONS.some(({action}) => action === now)) return known;
  // What no release takes stays until another one is chosen.
  return [
    ...known,
    {kind: 'radio', id: now, label: now, value: now, set: (before) => withSpec(before, name, now)},
  ];
}

function spec(draft: FlavorDraft, name: string, label: string, accepts: RegExp, spoken = label): FormField {
  return {
    kind: 'number',
    id: name,
    label,
    spoken,
    value: draft.extraSpecs[name] ?? '',
    accepts,
    set: (before, text) => withSpec(before, name, text),
  };
}

function words(
  draft: FlavorDraft,
  name: string,
  label: string,
  all: readonly string[],
  spoken = label,
): FormField {
  const value = draft.extraSpecs[name] ?? '';
  return {
    kind: 'word',
    id: name,
    label,
    spoken,
    value,
    words: all.includes(value) ? all : [...all, value],
    set: (before, word) => withSpec(before, name, word),
  };
}

const PINNED: ReadonlySet<string | undefined> = new Set(['dedicated', 'mixed']);

function numaFields(draft: FlavorDraft): readonly FormField[] {
  const specs = draft.extraSpecs;
  const isRealtime = readBoolean(specs['hw:cpu_realtime'] ?? '');
  // What has no effect is not asked for, but for what is set already.
  const isPinned = PINNED.has(specs['hw:cpu_policy']);
  const isShown = (name: string, isAsked: boolean): boolean => isAsked || (specs[name] ?? '') !== '';
  const mask = 'hw:cpu_dedicated_mask';
  const realtimeMask = 'hw:cpu_realtime_mask';
  return [
    spec(draft, 'hw:numa_nodes', 'nodes', NUMBER_TYPED, 'NUMA nodes'),
    {
      kind: 'word',
      id: 'numa lists',
      label: 'CPUs',
      spoken: 'CPUs and memory of the nodes',
      words: ['even', 'by node'],
      value: hasNumaLists(draft) ? 'by node' : 'even',
      set: (before, word) => (word === 'even' ? withoutNumaLists(before) : withNumaLists(before)),
    },
    words(draft, 'hw:mem_page_size', 'page size', ['', 'small', 'large', 'any', '2MB', '1GB']),
    words(draft, 'hw:cpu_policy', 'CPUs', ['', 'dedicated', 'mixed', 'shared'], 'CPU policy'),
    ...(isShown(mask, specs['hw:cpu_policy'] === 'mixed')
      ? [spec(draft, mask, 'pinned', MASK_TYPED, 'pinned CPUs')]
      : []),
    words(draft, 'hw:cpu_thread_policy', 'threads', ['', 'prefer', 'isolate', 'require'], 'thread policy'),
    words(draft, 'hw:emulator_threads_policy', 'emulator', ['', 'share', 'isolate'], 'emulator threads'),
    {
      kind: 'word',
      id: 'hw:cpu_realtime',
      label: 'realtime',
      words: ['no', 'yes'],
      value: isRealtime ? 'yes' : 'no',
      set: (before, word) => setRealtime(before, word === 'yes', isPinned),
    },
    ...(isShown(realtimeMask, isRealtime)
      ? [spec(draft, realtimeMask, 'rt CPUs', MASK_TYPED, 'realtime CPUs')]
      : []),
  ];
}

/** Realtime needs pinned CPUs, and one that is left to the emulator. */
function setRealtime(draft: FlavorDraft, isOn: boolean, isPinned: boolean): FlavorDraft {
  if (!isOn) return withSpecs(draft, {'hw:cpu_realtime': '', 'hw:cpu_realtime_mask': ''});
  const {extraSpecs} = draft;
  return withSpecs(draft, {
    'hw:cpu_realtime': 'yes',
    'hw:cpu_realtime_mask': extraSpecs['hw:cpu_realtime_mask'] ?? '^0',
    ...(isPinned ? {} : {'hw:cpu_policy': 'dedicated'}),
  });
}

/** Lists that say what Nova's even division does, to be changed. */
export function withNumaLists(draft: FlavorDraft): FlavorDraft {
  if (hasNumaLists(draft)) return draft;
  const {vcpus, memoryMib} = readDraft(draft).size ?? {vcpus: 1, memoryMib: 1};
  const nodes = Math.min(nodeCount(draft), vcpus, MOST_NODES);
  const lists: Record<string, string> = {'hw:numa_nodes': String(nodes)};
  const share = (all: number, node: number): number => Math.floor((node * all) / nodes);
  for (let node = 0; node < nodes; node += 1) {
    const [first, end] = [share(vcpus, node), share(vcpus, node + 1)];
    lists[`hw:numa_cpus.${node}`] = end - first > 1 ? `${first}-${end - 1}` : String(first);
    lists[`hw:numa_mem.${node}`] = String(share(memoryMib, node + 1) - share(memoryMib, node));
  }
  return withSpecs(draft, lists);
}

function withoutNumaLists(draft: FlavorDraft): FlavorDraft {
  const lists = Object.keys(draft.extraSpecs).filter(isNumaList);
  return withSpecs(draft, Object.fromEntries(lists.map((name) => [name, ''])));
}

/** Every node with its CPUs and its memory. */
function nodeFields(draft: FlavorDraft): readonly FormField[] {
  const nodes = Math.min(nodeCount(draft), MOST_NODES);
  return Array.from({length: nodes}, (_, node) => [
    spec(draft, `hw:numa_cpus.${node}`, `node ${node}  CPUs`, MASK_TYPED),
    spec(draft, `hw:numa_mem.${node}`, 'MiB', NUMBER_TYPED, `node ${node}, MiB of memory`),
  ]).flat();
}

function accessFields(state: FlavorState): readonly FormField[] {
  const {draft, facts} = state;
  const text = (id: 'projects' | 'description'): FormField => ({
    kind: 'text',
    id,
    label: id,
    value: draft[id],
    set: (before, value) => ({...before, [id]: value}),
  });
  return [
    publicField(draft),
    ...(draft.isPublic ? [] : [text('projects')]),
    text('description'),
    ...(draft.isPublic ? [] : projectFields(draft, readyOf(facts.projects))),
  ];
}

/** The projects of the cloud, to be marked; those with a name that others have too go by their ids. */
function projectFields(
  draft: FlavorDraft,
  projects: ReadonlyMap<string, string> | undefined,
): readonly FormField[] {
  if (projects === undefined) return [];
  const marked = new Set(projectWords(draft));
  const counts = new Map<string, number>();
  for (const name of projects.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const rows = Array.from(projects, ([id, name]) => ({id, name, word: counts.get(name) === 1 ? name : id}));
  return rows
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({id, name, word}): FormField => {
      const isMarked = marked.has(id) || marked.has(word);
      return {
        kind: 'mark',
        id: `project ${id}`,
        label: word === name ? name : `${name}  ${id}`,
        value: word,
        isMarked,
        set: (before) => {
          const others = projectWords(before).filter((one) => one !== id && one !== word);
          return {...before, projects: [...others, ...(isMarked ? [] : [word])].join(', ')};
        },
      };
    });
}
