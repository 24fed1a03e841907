import {isUnbootable} from '../app/flavor/save-plan.js';
import type {
  Remains,
  SaveEnd,
  SaveEvent,
  SavePlan,
  SaveRefusal,
  SaveStep,
  SaveUses,
} from '../app/flavor/save-types.js';
import type {FlavorUse} from '../app/flavor/flavor-ports.js';
import {countOf} from './elapsed.js';
import {judgementLines} from './flavor-check.js';
import {deleteCommand, showCommand} from './flavor-commands.js';
import type {Line} from './line.js';
import {paragraph, signed, someOf} from './paragraph.js';
import type {Sentence} from './servers.js';
import {sign, type Signs} from './signs.js';

/** Servers that are listed one by one; `--json` lists all. */
const MOST_SERVERS = 20;

/** What would be done, for people: the judgement, the changes, and the servers that would not get them. */
export function savePlanLines(plan: SavePlan, signs: Signs): Line[] {
  const {judgement, existing, kept, uses, leftOut, isForNobody, unchecked, hostsProblem, projectNames} = plan;
  const warn = (text: string): Line[] => signed(sign(signs, 'warning'), text);
  const keptNames = Object.keys(kept);
  return [
    ...judgementLines(judgement, signs),
    ...paragraph(headWords(plan), 2),
    ...plan.steps.flatMap((step) => stepLines(step, existing?.extraSpecs ?? {})),
    ...(keptNames.length === 0
      ? []
      : paragraph(
          `Kept, though the file does not have them: ${someOf(keptNames)}. --prune takes them away.`,
          4,
        )),
    ...(leftOut.length === 0 ? [] : warn('This Nova keeps no description (that takes microversion 2.55).')),
    ...(isForNobody ? warn('It is private, and no project may use it: name some as "projects".') : []),
    ...unchecked.flatMap(({name, problem, isLimit}) =>
      // The judgement has told of limits.
      isLimit ? [] : warn(`${name} ${problem.detail}; only below microversion 2.86 Nova takes it unchecked.`),
    ),
    ...(hostsProblem === undefined ? [] : warn(`What the hosts could hold is not known: ${hostsProblem}.`)),
    ...(uses === undefined ? [] : useLines(uses, projectNames, signs)),
  ];
}

function headWords({existing, steps, release, guessed}: SavePlan): string {
  const candidates = guessed?.candidates ?? [];
  const which = candidates.length < 2 ? '' : ` of ${candidates.join(' and ')}`;
  const by = guessed === undefined ? '' : `, by the newest microversion${which}`;
  const rules = `judged as Nova ${release.name} would${by}`;
  if (existing === undefined) return `It is a new flavor, ${rules}.`;
  if (steps.length === 0) return `The cloud has it so already, as ${existing.id}, ${rules}.`;
  return `The cloud has it as ${existing.id}, and it would change, ${rules}.`;
}

function stepLines(step: SaveStep, before: Readonly<Record<string, string>>): Line[] {
  const plain = (text: string): Line[] => paragraph(text, 4);
  switch (step.kind) {
    case 'create':
      return plain(`${step.flavor.isPublic ? 'Public' : 'Private'}${settingWords(step)}.`);
    case 'set-specs':
      return Object.entries(step.specs).map(([name, value]): Line => {
        const old = before[name];
        const was = old === undefined ? '' : ` (was ${old})`;
        return ['    ', {text: `+ ${name}=${value}`, tone: 'added'}, was];
      });
    case 'remove-spec':
      return [['    ', {text: `- ${step.name}=${before[step.name] ?? ''}`, tone: 'removed'}]];
    case 'describe':
      return plain(
        step.description === undefined
          ? 'No description any more.'
          : `The description "${step.description}".`,
      );
    case 'add-access':
      return plain(`Access for ${projectWords(step)}.`);
    case 'remove-access':
      return plain(`No access any more for ${projectWords(step)}.`);
  }
}

function settingWords({flavor}: Extract<SaveStep, {kind: 'create'}>): string {
  const {id, ephemeralGib, swapMib, rxtxFactor, description} = flavor;
  const words = [
    ...(id === undefined ? [] : [`the id ${id}`]),
    ...(ephemeralGib === 0 ? [] : [`${ephemeralGib} GiB of ephemeral disk`]),
    ...(swapMib === 0 ? [] : [`${swapMib} MiB of swap`]),
    ...(rxtxFactor === 1 ? [] : [`rxtx_factor ${rxtxFactor}`]),
    ...(description === undefined ? [] : [`the description "${description}"`]),
  ];
  return words.length === 0 ? '' : `, with ${words.join(', ')}`;
}

function projectWords({project: {id, name}}: Extract<SaveStep, {project: unknown}>): string {
  return name === undefined ? `project ${id}` : `project ${name} (${id})`;
}

function useLines(
  {rows, scope, isComplete, problem}: SaveUses,
  projects: ReadonlyMap<string, string>,
  signs: Signs,
): Line[] {
  const servers = countOf(rows.length, 'server');
  const have =
    rows.length === 1
      ? 'has it, and keeps the copy that it has'
      : 'have it, and keep the copies that they have';
  const told = `${servers} ${have} until a resize to another flavor; reboot and rebuild change nothing:`;
  const doubt = [
    ...(scope === 'own-project' ? ['of other projects nothing is known'] : []),
    ...(isComplete ? [] : [problem ?? 'not all servers were listed']),
  ];
  const more = rows.length - MOST_SERVERS;
  return [
    ...(rows.length === 0 ? [] : signed(sign(signs, 'warning'), told)),
    ...rows
      .toSorted(byName)
      .slice(0, MOST_SERVERS)
      .flatMap((use) => paragraph(useWords(use, projects), 6)),
    ...(more > 0 ? paragraph(`and ${more} more, which --json lists`, 6) : []),
    ...(doubt.length === 0
      ? []
      : signed(sign(signs, 'unknown'), `There may be more servers: ${doubt.join('; ')}.`)),
    ...(rows.length === 0 && doubt.length === 0 ? paragraph('No server has it.', 4) : []),
  ];
}

function byName(one: FlavorUse, other: FlavorUse): number {
  return one.name < other.name ? -1 : 1;
}

function useWords(
  {id, name, status, projectId, host}: FlavorUse,
  projects: ReadonlyMap<string, string>,
): string {
  const place = [
    ...(projectId === undefined ? [] : [`project ${projects.get(projectId) ?? projectId}`]),
    ...(host === undefined ? [] : [`on ${host}`]),
  ];
  return [`${name} (${id}), ${status}`, ...place].join(', ');
}

/** Why a flavor cannot be saved as it is wished for, whatever somebody agrees to. */
export function saveRefusalSentence(refusal: SaveRefusal): Sentence {
  switch (refusal.kind) {
    case 'immutable': {
      const {field, has, wanted} = refusal;
      return {
        message: `${field} of a flavor that exists never changes in Nova: it is ${String(has)}, not ${String(wanted)}`,
        remedy:
          field === 'id' || field === 'name'
            ? `leave ${field === 'id' ? 'the id' : 'that id'} out, or give it the ${field} ${String(has)}`
            : 'make a flavor of another name, and resize its servers to that',
      };
    }
    case 'id-taken':
      return {message: `the id ${refusal.id} is that of ${refusal.by.name}`, remedy: 'leave the id out'};
    case 'form':
      return {message: `Nova takes no such flavor: ${refusal.path} ${refusal.detail}`, remedy: 'correct it'};
    case 'public-access':
      return {
        message: 'everybody may use a public flavor, so it has no list of projects',
        remedy: 'leave the projects out, or make a private flavor of another name',
      };
    case 'no-project':
      return {
        message: `there is no project "${refusal.word}" that this account can see`,
        remedy: 'correct it, or give its id',
      };
    case 'several-projects':
      return {
        message: `"${refusal.word}" is the name of ${refusal.ids.length} projects`,
        remedy: `give the id of the one that is meant: ${someOf(refusal.ids)}`,
      };
    case 'unreadable':
      return {
        message: 'its extra specs may not be read by this account, so what would come of it is not known',
        remedy: 'use an account with the role reader or admin',
      };
  }
}

/** Why a flavor needs `--force`; undefined where it does not. */
export function needsForce(plan: SavePlan): {
  readonly unbootable: string | undefined;
  readonly unchecked: string | undefined;
} {
  const [error] = plan.judgement.findings;
  const names = plan.unchecked.flatMap(({name, isLimit}) => (isLimit ? [] : [name]));
  return {
    unbootable: isUnbootable(plan)
      ? `no server can boot from it: ${(error?.message ?? '').replace(/\.$/, '')}`
      : undefined,
    unchecked:
      names.length === 0
        ? undefined
        : `Nova ${plan.release.name} refuses ${someOf(names)} from microversion 2.86 on`,
  };
}

/** A step as the end of `reprieve …`: `sets 3 extra specs`. */
export function stepWords(step: SaveStep): string {
  switch (step.kind) {
    case 'create':
      return 'makes the flavor';
    case 'set-specs':
      return `sets ${countOf(Object.keys(step.specs).length, 'extra spec')}`;
    case 'remove-spec':
      return `takes ${step.name} away`;
    case 'describe':
      return step.description === undefined ? 'takes the description away' : 'sets the description';
    case 'add-access':
      return `gives ${projectWords(step)} access`;
    case 'remove-access':
      return `takes access from ${projectWords(step)}`;
  }
}

/** What is told while a flavor is saved; undefined where a line of its own would say nothing. */
export function saveEventWords(event: SaveEvent): string | undefined {
  switch (event.kind) {
    case 'started':
      return stepWords(event.step);
    case 'done':
      return undefined;
    case 'unchecked':
      return `asks at microversion 2.85, which does not check: ${event.problem}`;
    case 'unanswered':
      return `looks whether it was done all the same: ${event.problem}`;
    case 'undoing':
      return 'removes the new flavor again, as it is not whole';
  }
}

/** What became of a flavor, and what to do. */
export function saveEndSentence(end: SaveEnd, plan: SavePlan, cloud: string | undefined): Sentence {
  const {name} = plan.wish.flavor;
  switch (end.kind) {
    case 'unchanged':
      return {message: 'the cloud has it so already', remedy: undefined};
    case 'saved': {
      const count = plan.uses?.rows.length ?? 0;
      const old =
        count === 0
          ? ''
          : `; ${countOf(count, 'server')} ${count === 1 ? 'keeps' : 'keep'} the old copy until a resize to another flavor`;
      const unchecked = end.wasUnchecked ? ', with extra specs set at 2.85, unchecked' : '';
      return {
        message: `${plan.existing === undefined ? 'made' : 'changed'} as ${end.id}${unchecked}${old}`,
        remedy: undefined,
      };
    }
    case 'failed': {
      const at = end.step === undefined ? '' : ` when it ${stepWords(end.step)}`;
      const isUnforced = end.isRefused && end.step?.kind === 'set-specs' && plan.unchecked.length === 0;
      const force = isUnforced
        ? 'if it is wanted all the same, have it set at 2.85, which does not check: --force'
        : end.remedy;
      return brokenSentence(`FAILED${at}: ${end.problem}`, end, name, cloud, force);
    }
    case 'interrupted':
      return brokenSentence('interrupted', end, name, cloud, undefined);
  }
}

function brokenSentence(
  what: string,
  {done, rest, remains}: Extract<SaveEnd, {done: unknown}>,
  name: string,
  cloud: string | undefined,
  hint: string | undefined,
): Sentence {
  const list = (steps: readonly SaveStep[]): string => steps.map(stepWords).join(', ');
  const parts = [
    ...(done.length === 0 || remains.kind === 'removed' ? [] : [`done was: ${list(done)}`]),
    ...(rest.length === 0 || remains.kind === 'removed' ? [] : [`not begun was: ${list(rest)}`]),
    remainWords(remains),
  ];
  return {message: `${what}; ${parts.join('; ')}`, remedy: remedyOf(remains, name, cloud) ?? hint};
}

function remainWords(remains: Remains): string {
  switch (remains.kind) {
    case 'nothing':
      return 'the cloud is as it was';
    case 'partly':
      return 'the rest of the flavor is as it was';
    case 'removed':
      return 'the new flavor was removed again';
    case 'left':
      return `the new flavor is still there, as ${remains.id}: ${remains.problem}`;
    case 'unknown':
      return `whether that was done is not known: ${remains.problem}`;
  }
}

function remedyOf(remains: Remains, name: string, cloud: string | undefined): string | undefined {
  switch (remains.kind) {
    case 'nothing':
    case 'removed':
      return undefined;
    case 'partly':
      return `look at it with ${showCommand(remains.id, cloud)}, then run the same again`;
    case 'left':
      return `remove it with: ${deleteCommand(remains.id, cloud)}`;
    case 'unknown':
      return `look for it with: ${showCommand(name, cloud)}`;
  }
}
