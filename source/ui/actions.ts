import type {Key} from './keys.js';

/** What a person can do with a key: its usual keys, and what the manual says of it. */
export type ActionFacts = {
  readonly keys: readonly Key[];
  readonly does: string;
  /** It destroys or puts back: no key that is pressed by mistake may do that. */
  readonly isDangerous?: boolean;
};

/**
 * Every action of the screens by the name that a profile has for it. The bindings take their keys from here; what
 * several screens do with one key has one name, so that it moves everywhere at once.
 */
export const ACTIONS = {
  quit: {keys: ['q'], does: 'quit, leave the run'},
  back: {keys: ['esc'], does: 'back, close, clear'},
  help: {keys: ['?'], does: 'all keys'},
  'go-to': {keys: [':'], does: 'another screen, by its name'},
  open: {keys: ['enter'], does: 'open, close, next: what the line of keys says'},
  again: {keys: ['ctrl-r'], does: 'ask, look, read, plan again'},
  filter: {keys: ['/'], does: 'filter'},
  log: {keys: ['l'], does: 'what happened'},
  command: {keys: ['e'], does: 'the command that does the same'},
  copy: {keys: ['y'], does: 'copy that command'},
  redraw: {keys: ['ctrl-l'], does: 'draw again'},
  suspend: {keys: ['ctrl-z'], does: 'to the shell'},
  'move.down': {keys: ['j', 'down'], does: 'down'},
  'move.up': {keys: ['k', 'up'], does: 'up'},
  'move.first': {keys: ['g', 'home'], does: 'to the first'},
  'move.last': {keys: ['G', 'end'], does: 'to the last'},
  'move.half-page-down': {keys: ['ctrl-d', 'page-down'], does: 'half a page down'},
  'move.half-page-up': {keys: ['ctrl-u', 'page-up'], does: 'half a page up'},
  'home.watch': {keys: ['1'], does: 'the soft-deleted servers'},
  'home.set-up': {keys: ['2'], does: 'the set-up'},
  'home.flavor': {keys: ['3'], does: 'the flavors'},
  'home.doctor': {keys: ['4'], does: 'the doctor'},
  'home.templates': {keys: ['5'], does: 'the templates'},
  'home.runs': {keys: ['6'], does: 'the runs'},
  'runs.diffs': {keys: ['d'], does: 'what the run changed'},
  'runs.resume': {keys: ['r'], does: 'go on with what is left of the run'},
  'runs.ask-nodes': {keys: ['n'], does: 'ask the nodes for the runs of others'},
  'watch.restore': {keys: ['r'], does: 'bring the server back, or all that are marked'},
  'watch.restore-and-stop': {keys: ['R'], does: 'bring it back and power it off again'},
  'watch.destroy': {
    keys: ['ctrl-k'],
    does: 'destroy the server now, or all that are marked',
    isDangerous: true,
  },
  'watch.another-interval': {keys: ['i'], does: 'give the server another interval'},
  'watch.newest': {keys: ['t'], does: 'newest delete first, or least time left first'},
  'watch.late': {keys: ['!'], does: 'only servers that are late, or all'},
  'watch.sort': {keys: ['s'], does: 'sort by the next column'},
  'watch.turn-sort': {keys: ['S'], does: 'turn the order'},
  'watch.columns': {keys: ['c'], does: 'choose and order the columns'},
  'watch.show-column': {keys: ['space'], does: 'of the columns: show it, or not'},
  'watch.column-down': {keys: ['J'], does: 'of the columns: move it down, to the right'},
  'watch.column-up': {keys: ['K'], does: 'of the columns: move it up, to the left'},
  'watch.usual-columns': {keys: ['u'], does: 'of the columns: those that are usual for the window'},
  'watch.keep': {keys: ['p'], does: 'of the columns: keep them, order and filter in the profile'},
  'watch.mark': {keys: ['space'], does: 'mark the server, or not'},
  'watch.mark-all': {keys: ['A'], does: 'mark all servers that are shown, or none'},
  'watch.why': {keys: ['w'], does: 'why servers stand as they do'},
  'watch.export': {keys: ['x'], does: 'write what is shown to a file'},
  'set-up.next': {keys: ['n'], does: 'from the nodes to the next step'},
  'set-up.step-back': {keys: ['b'], does: 'one step back'},
  'set-up.retry': {keys: ['r'], does: 'sign in again, plan again after a failure'},
  'set-up.leave-out': {keys: ['space'], does: 'leave the node out, take it in'},
  'set-up.leave-out-all': {keys: ['a'], does: 'leave all nodes out, take all in'},
  'set-up.shorter': {keys: ['up'], does: 'a shorter interval'},
  'set-up.longer': {keys: ['down'], does: 'a longer interval'},
  'set-up.victims': {keys: ['v'], does: 'who is destroyed'},
  'set-up.harmless': {keys: ['i'], does: 'take the lowest interval that destroys none'},
  'set-up.diff': {keys: ['d'], does: 'the diff of the selected change'},
  'set-up.save-plan': {keys: ['o'], does: 'save the plan'},
  'set-up.export': {keys: ['x'], does: 'write who is destroyed to a file'},
  'set-up.pause': {keys: ['space'], does: 'pause the run, go on'},
  'set-up.end-after-batch': {keys: ['s'], does: 'stop after this batch'},
  'set-up.put-back': {keys: ['ctrl-x'], does: 'put every node back', isDangerous: true},
  'set-up.go-on': {keys: ['r'], does: 'go on with, or plan again for what is left'},
  'set-up.prove': {keys: ['p'], does: 'prove it with a test server'},
  'set-up.other-flavor': {keys: ['f'], does: 'another flavor for the test server'},
  'set-up.other-image': {keys: ['i'], does: 'another image for the test server'},
  'set-up.template': {keys: ['t'], does: 'what was set up as files, from a template'},
  'doctor.remedy': {keys: ['f'], does: 'what helps against the finding'},
  'doctor.servers': {keys: ['w'], does: 'the servers of the finding'},
  'doctor.ssh': {keys: ['o'], does: 'the ssh command to the host of the finding'},
  'doctor.report': {keys: ['x'], does: 'write the findings to a file'},
  'flavor.next': {keys: ['n'], does: 'of a flavor: to the next step'},
  'flavor.step-back': {keys: ['b'], does: 'of a flavor: one step back'},
  'flavor.change': {
    keys: ['right', 'space'],
    does: 'of a flavor: another word in the field, or mark the row',
  },
  'flavor.change-back': {keys: ['left'], does: 'of a flavor: the word before in the field'},
  'flavor.cure': {keys: ['i'], does: 'do what the finding suggests'},
  'flavor.undo': {keys: ['u'], does: 'take the last cure, preset or clone back'},
  'flavor.clone': {keys: ['o'], does: 'begin with a copy of a flavor'},
  'flavor.xml': {keys: ['x'], does: 'the XML that comes of a flavor'},
  'flavor.findings': {keys: ['v'], does: 'every finding about a flavor, with what to do'},
  'flavor.guest': {keys: ['g'], does: 'what a guest needs to feed its watchdog'},
  'flavor.windows': {keys: ['w'], does: 'a topology of two sockets, for desktop Windows'},
  'flavor.flat': {keys: ['f'], does: 'a topology of one socket'},
  'flavor.as-nova': {keys: ['d'], does: 'the topology that Nova makes alone'},
  'flavor.template': {keys: ['t'], does: 'the flavor as files, from a template'},
  'flavor.by-node': {keys: ['m'], does: 'CPUs and memory of a flavor node by node'},
  'templates.print': {keys: ['p'], does: 'all that a template makes, to read or copy'},
  'templates.write': {keys: ['W'], does: 'write the files of a template'},
  'templates.change': {keys: ['right', 'space'], does: 'of a template: another word in the field'},
  'templates.change-back': {keys: ['left'], does: 'of a template: the word before in the field'},
  'templates.as-known': {keys: ['u'], does: 'of a template: take back what was typed for the value'},
  'templates.step-back': {keys: ['b'], does: 'from a template back to the list'},
} as const satisfies Readonly<Record<string, ActionFacts>>;

export type ActionName = keyof typeof ACTIONS;

/** Where keys work at the same time. */
export type Place = {
  readonly name: string;
  readonly actions: readonly ActionName[];
  /** Keys of that place that no profile moves. */
  readonly fixed?: readonly Key[];
  /** What the text field takes that has the focus there. */
  readonly typed?: RegExp;
};

const EVERYWHERE = [
  'quit',
  'back',
  'help',
  'go-to',
  'log',
  'command',
  'copy',
  'redraw',
  'suspend',
] as const satisfies readonly ActionName[];
const MOVES = [
  'move.down',
  'move.up',
  'move.first',
  'move.last',
  'move.half-page-down',
  'move.half-page-up',
] as const satisfies readonly ActionName[];
const CHANGES = [
  'open',
  'again',
  'set-up.step-back',
  'set-up.retry',
  'set-up.victims',
  'set-up.harmless',
  'set-up.diff',
  'set-up.save-plan',
  'set-up.export',
  ...MOVES,
  ...EVERYWHERE,
] as const satisfies readonly ActionName[];
/** Fields of a form: the one below and the one above. */
const FORM = [
  'open',
  'again',
  'move.down',
  'move.up',
  'flavor.next',
  'flavor.step-back',
  'flavor.change',
  'flavor.change-back',
  'flavor.cure',
  'flavor.undo',
  'flavor.xml',
  'flavor.findings',
  ...EVERYWHERE,
] as const satisfies readonly ActionName[];
/** Values and files of a template. */
const FILL_IN = [
  'open',
  'again',
  'move.down',
  'move.up',
  'move.first',
  'move.last',
  'move.half-page-down',
  'move.half-page-up',
  'templates.print',
  'templates.write',
  'templates.change',
  'templates.change-back',
  'templates.as-known',
  'templates.step-back',
  ...EVERYWHERE,
] as const satisfies readonly ActionName[];
const OF_DIALOGS: readonly Key[] = ['enter', 'left', 'right', 'up', 'down'];

/** Letters of units and of off only, so that b and ? stay keys. */
export const INTERVAL_TYPED = /^[0-9smhdwof.,\-\u2212]$/;
/** What is typed in fields of flavors before any is opened: numbers, memory with its unit, masks of CPUs. */
export const NUMBER_TYPED = /^[0-9]$/;
export const MEMORY_TYPED = /^[0-9.gGmMtT]$/;
export const MASK_TYPED = /^[0-9,^-]$/;
/** Digits and signs of a number of a template. */
export const FIGURE_TYPED = /^[0-9.+-]$/;
/** How many are destroyed. */
export const COUNT_TYPED = /^[0-9]$/;

/** What can be done at the same time: keys are told apart within each of these. */
export const PLACES: readonly Place[] = [
  {
    name: 'home',
    actions: [
      'watch.restore',
      'filter',
      'open',
      'home.watch',
      'home.set-up',
      'home.flavor',
      'home.doctor',
      'home.templates',
      'home.runs',
      'again',
      ...MOVES,
      ...EVERYWHERE,
    ],
  },
  {
    name: 'runs',
    actions: ['open', 'again', 'runs.diffs', 'runs.resume', 'runs.ask-nodes', ...MOVES, ...EVERYWHERE],
  },
  {name: 'drill', actions: ['open', 'again', ...EVERYWHERE]},
  {
    name: 'watch',
    actions: [
      'open',
      'again',
      'filter',
      'watch.restore',
      'watch.restore-and-stop',
      'watch.destroy',
      'watch.another-interval',
      'watch.newest',
      'watch.late',
      'watch.sort',
      'watch.turn-sort',
      'watch.columns',
      'watch.mark',
      'watch.mark-all',
      'watch.why',
      'watch.export',
      ...MOVES,
      ...EVERYWHERE,
    ],
  },
  {
    name: 'watch, columns',
    actions: [
      'open',
      'watch.show-column',
      'watch.column-down',
      'watch.column-up',
      'watch.usual-columns',
      'watch.keep',
      ...MOVES,
      ...EVERYWHERE,
    ],
  },
  {
    name: 'doctor',
    actions: [
      'open',
      'again',
      'filter',
      'doctor.remedy',
      'doctor.servers',
      'doctor.ssh',
      'doctor.report',
      ...MOVES,
      ...EVERYWHERE,
    ],
  },
  {name: 'set-up, cloud', actions: ['open', 'again', 'set-up.retry', ...MOVES, ...EVERYWHERE]},
  {
    name: 'set-up, nodes',
    actions: [
      'open',
      'again',
      'filter',
      'set-up.next',
      'set-up.step-back',
      'set-up.leave-out',
      'set-up.leave-out-all',
      ...MOVES,
      ...EVERYWHERE,
    ],
  },
  {
    name: 'set-up, interval',
    actions: ['open', 'set-up.shorter', 'set-up.longer', 'set-up.step-back', ...EVERYWHERE],
    typed: INTERVAL_TYPED,
  },
  {name: 'set-up, changes', actions: CHANGES},
  {name: 'set-up, changes with a count to type', actions: CHANGES, typed: COUNT_TYPED},
  {
    name: 'set-up, run',
    actions: ['open', 'set-up.pause', 'set-up.end-after-batch', 'set-up.put-back', ...MOVES, ...EVERYWHERE],
  },
  {
    name: 'set-up, result',
    actions: [
      'open',
      'set-up.go-on',
      'set-up.prove',
      'set-up.template',
      'set-up.put-back',
      ...MOVES,
      ...EVERYWHERE,
    ],
  },
  {
    name: 'the test server',
    actions: ['set-up.other-flavor', 'set-up.other-image', 'command', 'redraw', 'suspend'],
    fixed: OF_DIALOGS,
  },
  {name: 'flavor, size', actions: [...FORM, 'flavor.clone'], typed: MEMORY_TYPED},
  {name: 'flavor, watchdog', actions: [...FORM, 'flavor.guest']},
  {
    name: 'flavor, topology',
    actions: [...FORM, 'flavor.windows', 'flavor.flat', 'flavor.as-nova'],
    typed: NUMBER_TYPED,
  },
  {name: 'flavor, NUMA', actions: [...FORM, 'flavor.by-node'], typed: MASK_TYPED},
  {name: 'flavor, access', actions: FORM},
  {name: 'flavor, review', actions: [...FORM, 'flavor.template']},
  {
    name: 'flavor, a list',
    actions: [
      'open',
      'filter',
      'flavor.cure',
      'flavor.undo',
      'flavor.xml',
      'flavor.template',
      ...MOVES,
      ...EVERYWHERE,
    ],
  },
  {name: 'templates', actions: ['open', 'again', 'filter', 'templates.print', ...MOVES, ...EVERYWHERE]},
  {name: 'templates, fill in', actions: FILL_IN},
  {name: 'templates, an interval', actions: FILL_IN, typed: INTERVAL_TYPED},
  {name: 'templates, a number', actions: FILL_IN, typed: FIGURE_TYPED},
  {name: 'templates, a page', actions: ['open', 'templates.print', ...MOVES, ...EVERYWHERE]},
  {name: 'the command', actions: ['command', 'copy', 'redraw', 'suspend'], fixed: OF_DIALOGS},
  {name: 'help', actions: ['filter', 'help', 'back', 'redraw', 'suspend']},
  {name: 'the log', actions: ['log', 'back', 'redraw', 'suspend', ...MOVES], fixed: ['space']},
];

/** An action's name and its usual keys, for its binding. */
export function bound(name: ActionName): {readonly name: ActionName; readonly keys: readonly Key[]} {
  return {name, keys: ACTIONS[name].keys};
}
