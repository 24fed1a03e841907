import {clockTime} from '../../../text/point-in-time.js';
import type {SignMeaning} from '../../components/help.js';
import {signSpan, type AnySign} from '../../meaning.js';
import type {Frame, Size, Step} from '../../screen.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {stepCommand} from './command.js';
import {saveProblem} from './judged-save.js';
import {cloneRows, existingOf, wrongSteps} from './judged.js';
import {STEPS, type FlavorState, type StepName} from './state.js';

/** How long a word about an own action stands in the strip. */
const NOTICE_MS = 10_000;

/** Everything around the body. */
export function flavorFrame(state: FlavorState, size: Size, theme: Theme): Frame {
  const {draft, facts} = state;
  const cloud = facts.label.kind === 'ready' ? [facts.label.value] : [];
  const isWide = size.columns >= 110;
  const kind = existingOf(state) === undefined ? 'new flavor' : 'flavor';
  const object = isWide
    ? `${kind}${draft.name === '' ? '' : ` ${draft.name}`}`
    : draft.name === ''
      ? 'new'
      : draft.name;
  return {
    title: {
      screen: 'flavor',
      middle: [[...cloud, object].join(' · ')],
      right: rightOf(state, theme),
    },
    context: {kind: 'steps', steps: stepsOf(state)},
    strip: stripOf(state, size, theme),
    ...positionOf(state),
  };
}

function rightOf({now, facts, options}: FlavorState, theme: Theme): UiLine {
  const clock = `${clockTime(now)} UTC`;
  if (options.isOffline) return [clock, '  ', {text: 'offline', colour: 'muted'}];
  switch (facts.label.kind) {
    case 'ready':
    case 'none':
      return [clock];
    case 'loading':
      return [clock, '  ', {text: theme.signs.soon, colour: 'soon'}, ' loading'];
    case 'failed':
      return [clock, '  ', {text: `${theme.signs.failed} no cloud`, colour: 'danger'}];
  }
}

function stepsOf(state: FlavorState): readonly Step[] {
  const at = STEPS.indexOf(state.step);
  const wrong = wrongSteps(state);
  const left = (name: StepName): Step['state'] => (wrong.has(name) ? 'wrong' : 'done');
  return STEPS.map((name, index) => ({
    name,
    state: index < at ? left(name) : index === at ? 'now' : 'to-come',
  }));
}

function stripOf(state: FlavorState, size: Size, theme: Theme): UiLine {
  const {notice, now, saving, step} = state;
  const muted = (text: string): UiLine => [{text, colour: 'muted'}];
  // In the review it has a place of its own: what keeps a flavor from being saved is not cut.
  const isTold = notice?.isBad === true && step === 'review';
  if (notice !== undefined && !isTold && now - notice.at < NOTICE_MS) {
    return notice.isBad
      ? [{text: theme.signs.warning, colour: 'overdue'}, ` ${notice.text}`]
      : [{text: notice.text}];
  }
  if (saving.kind === 'planning') {
    const words = 'the cloud is read once more; nothing is changed';
    return [signSpan(theme, 'working'), ' ', {text: words, colour: 'muted'}];
  }
  if (saving.kind === 'running') return muted('what is begun is finished or taken back');
  if (step === 'review') return muted(saveProblem(state) ?? reviewWords(state));
  return muted(stepCommand(state, size.columns - 2));
}

function reviewWords(state: FlavorState): string {
  const {draft, saving} = state;
  if (saving.kind === 'ended') return '';
  if (existingOf(state) !== undefined) return 'its servers keep the copy that they have until a resize';
  const hasSpecs = Object.keys(draft.extraSpecs).length > 0;
  return hasSpecs
    ? 'two calls: create, then specs; if the second fails, the flavor is removed'
    : 'one call: create';
}

function positionOf(state: FlavorState): Pick<Frame, 'position'> {
  if (state.panel !== 'clone') return {};
  const rows = cloneRows(state);
  const at = rows.findIndex(({id}) => id === state.list.cursor);
  return at === -1 ? {} : {position: `${at + 1} of ${rows.length}`};
}

const SIGNS: readonly (readonly [sign: AnySign, name: string])[] = [
  ['ok', 'as wanted'],
  ['warning', 'Nova does something else'],
  ['failed', 'no server boots'],
  ['none', 'worth knowing'],
  ['unknown', 'not known'],
];

/** What the signs mean. */
export function flavorLegend(theme: Theme): readonly SignMeaning[] {
  return SIGNS.map(([sign, name]) => ({sign: [signSpan(theme, sign)], name}));
}

/** What goes on while the window is too small, or where somebody would leave. */
export function flavorMeanwhile({saving}: FlavorState): string | undefined {
  return saving.kind === 'running' ? `${saving.plan.after.name} is being saved.` : undefined;
}
