import type {SavePlan} from '../../../app/flavor/save-types.js';
import {countOf} from '../../../text/elapsed.js';
import {saveRefusalSentence, stepWords} from '../../../text/flavor-save.js';
import type {Button, Dialog} from '../../components/dialog.js';
import {wrap, type UiLine} from '../../spans.js';
import type {FlavorAction} from './actions.js';
import {judgementOf} from './judged.js';
import {capital} from './save-words.js';
import type {FlavorState} from './state.js';

const cancel = {type: 'save-cancel'} as const;

/** Changes that are told one by one. */
const MOST_CHANGES = 6;
/** Servers that are named one by one. */
const MOST_SERVERS = 12;

/** The dialog that is open: what saving would do, which is agreed to or not. */
export function flavorDialog(state: FlavorState): Dialog<FlavorAction> | undefined {
  const {saving} = state;
  if (saving.kind !== 'asking') return undefined;
  const {plan} = saving;
  if (plan.refusals.length > 0) return refusedDialog(plan);
  if (plan.steps.length === 0) return unchangedDialog(plan);
  const isUnfit = plan.judgement.verdict === 'error' || judgementOf(state)?.verdict === 'error';
  return isUnfit ? unfitDialog(state, plan) : saveDialog(plan);
}

function said(sentences: readonly string[]): Pick<Dialog<FlavorAction>, 'lines' | 'sentences'> {
  return {
    sentences,
    lines: (cells) => sentences.flatMap((text): readonly UiLine[] => wrap([text], cells, 2)),
  };
}

const BACK: Button<FlavorAction> = {label: 'Back', action: cancel};

function refusedDialog({refusals, existing, after}: SavePlan): Dialog<FlavorAction> {
  const isSizeOnly = existing !== undefined && refusals.every(({kind}) => kind === 'immutable');
  return {
    id: `refused ${after.name}`,
    title: `${after.name} cannot be saved`,
    isDangerous: false,
    ...said([
      ...refusals.map((refusal) => `${capital(saveRefusalSentence(refusal).message)}.`),
      ...(isSizeOnly
        ? ['Give the new flavor another name, or take the size of the one that exists.']
        : refusals.slice(0, 1).map((refusal) => `${capital(saveRefusalSentence(refusal).remedy ?? '')}.`)),
    ]),
    buttons: [
      BACK,
      ...(isSizeOnly ? [{label: 'Take its size', action: {type: 'save-take-size'}} as const] : []),
    ],
    focused: 0,
    cancel,
  };
}

function unchangedDialog({after}: SavePlan): Dialog<FlavorAction> {
  return {
    id: `unchanged ${after.name}`,
    title: 'Nothing to save',
    isDangerous: false,
    ...said([`${after.name} has all of this already.`]),
    buttons: [BACK],
    focused: 0,
    cancel,
  };
}

/** What no server could boot from: not at all, or with its name typed. */
function unfitDialog({options}: FlavorState, plan: SavePlan): Dialog<FlavorAction> {
  const {after, judgement} = plan;
  const errors = judgement.findings.filter(({severity}) => severity === 'error').map(({message}) => message);
  const facts = [...errors.slice(0, 3), ...factsOf(plan)];
  if (!options.isForced) {
    return {
      id: `unfit ${after.name}`,
      title: `No server could boot from ${after.name}`,
      isDangerous: false,
      ...said([...errors.slice(0, 4), 'With --force on the command line it can be saved all the same.']),
      buttons: [BACK],
      focused: 0,
      cancel,
    };
  }
  return {
    id: `force ${after.name}`,
    title: `Save ${after.name}, from which no server can boot`,
    isDangerous: true,
    ...said(facts),
    word: {label: 'Type its name:', expected: after.name, missing: 'needs the whole name'},
    buttons: [
      BACK,
      {
        label: 'Save it all the same',
        action: {type: 'save-go', agreement: {unbootable: true, unchecked: true}},
        needsWord: true,
      },
    ],
    focused: 0,
    cancel,
  };
}

function saveDialog(plan: SavePlan): Dialog<FlavorAction> {
  const {after, existing} = plan;
  const isNew = existing === undefined;
  return {
    id: `save ${after.name}`,
    title: isNew ? `Create ${after.name}` : `Change the extra specs of ${after.name}`,
    isDangerous: false,
    ...said(factsOf(plan)),
    buttons: [
      {
        label: isNew ? 'Create' : 'Change it',
        action: {type: 'save-go', agreement: {unbootable: false, unchecked: true}},
      },
      BACK,
    ],
    // What others use already is not changed by one key too many.
    focused: isNew ? 0 : 1,
    cancel,
  };
}

/** What would be done, what is worth knowing about it, and whom it does not reach. */
function factsOf(plan: SavePlan): readonly string[] {
  const {steps, existing, unchecked, leftOut, isForNobody} = plan;
  const calls = `${countOf(steps.length, 'call')}: it ${steps.map(stepWords).join(', ')}.`;
  return [
    ...(existing !== undefined
      ? changeFacts(plan)
      : [steps.length > 1 ? `${calls} If one of them fails, the flavor is removed again.` : calls]),
    ...unchecked.map(
      ({name, problem}) =>
        `${name} ${problem.detail}: it is written with microversion 2.85, which checks nothing.`,
    ),
    ...leftOut.map((what) => `This Nova is too old for a ${what}: it is left out.`),
    ...(isForNobody ? ['It is private, and no project may use it.'] : []),
    ...usesFacts(plan),
  ];
}

/** Changes of a flavor that exists, one by one; of many those that there is room for. */
function changeFacts({steps, existing}: SavePlan): readonly string[] {
  const before = existing?.extraSpecs ?? {};
  const facts = steps.flatMap((step): readonly string[] => {
    if (step.kind === 'remove-spec') return [`${step.name} is taken away (was ${before[step.name] ?? ''}).`];
    if (step.kind !== 'set-specs') return [`It ${stepWords(step)}.`];
    return Object.entries(step.specs).map(([name, value]) => {
      const old = before[name];
      return old === undefined ? `${name} becomes ${value}.` : `${name} becomes ${value} (was ${old}).`;
    });
  });
  const more = facts.length - MOST_CHANGES;
  return more > 1 ? [...facts.slice(0, MOST_CHANGES), `${more} more changes.`] : facts;
}

/** The servers that keep the copy of the flavor that they have. */
function usesFacts({uses, after}: SavePlan): readonly string[] {
  if (uses === undefined) return [];
  const {rows, isComplete, problem, scope} = uses;
  const seen = !isComplete
    ? [`Not all servers could be listed: ${problem ?? 'Nova does not say why'}.`]
    : scope === 'own-project'
      ? ['Only servers of your own project could be listed.']
      : [];
  if (rows.length === 0) return [...seen, `No server has ${after.name}.`];
  const names = rows.slice(0, MOST_SERVERS).map(({name}) => name);
  const more = rows.length - names.length;
  return [
    `${countOf(rows.length, 'server keeps', 'servers keep')} the old copy until a resize: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    'A clone with another name is what a resize can go to: Nova refuses one to the same flavor.',
    ...seen,
  ];
}
