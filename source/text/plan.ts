import {describeReading, STEPS, type RunStep} from '../domain/fleet/interval-change.js';
import type {Plan, PlannedTarget} from '../app/rollout/plan-types.js';
import {applyWords, commandLine} from './command-line.js';
import {countOf, formatElapsed, formatIntervalForPeople} from './elapsed.js';
import type {Line, Tone} from './line.js';
import {heading, indented, paragraph, signed, someOf} from './paragraph.js';
import {impactLines} from './plan-impact.js';
import {problemLines} from './problems.js';
import {sign, type Signs, UNICODE_SIGNS} from './signs.js';

/** How a plan is shown. */
export type PlanTextOptions = {
  /** Whether the question to carry it out follows: then it needs no command. */
  readonly isAsked?: boolean;
  /** Where the plan was saved; undefined: it was not. */
  readonly planFile: string | undefined;
  /** Flags that find the same cloud and nodes again, for the command at the end. */
  readonly flags: readonly string[];
  readonly signs?: Signs;
};

/** What a step is called where all of its targets change alike. */
const TITLES_OF_CHANGES: Readonly<Partial<Record<string, string>>> = {
  'computes-on on': 'computes on',
  'computes-on longer': 'computes longer',
  'computes-on repair': 'computes: a value with which nothing works becomes 0',
  'api-on on': 'API nodes on, one by one',
  'api-on renumber': 'API nodes: another number, one by one',
};

const STEP_TITLES: Readonly<Record<RunStep, string>> = {
  'api-off': 'API nodes off, one by one: from here on a delete is final',
  'computes-on': 'computes on, or longer',
  'computes-shorter': 'computes shorter',
  'api-on': 'API nodes on, or another number, one by one',
  'computes-off': 'computes off, each only when none of its servers is soft-deleted',
};

/**
 * A plan for people: what it does to servers first, then the order, the edits, what is wrong, what is left out, how
 * long it takes, and the command that carries it out. Foreign text in it is made safe by whoever writes the lines.
 */
export function planLines(plan: Plan, options: PlanTextOptions): Line[] {
  const {signs = UNICODE_SIGNS} = options;
  const changing = plan.targets.filter((target) => target.step !== undefined);
  return [
    ...headLines(plan, changing),
    ...heading('impact'),
    ...impactLines(plan.impact, plan.createdAt, signs),
    ...orderLines(changing),
    ...diffLines(changing),
    ...problemSection(plan, signs),
    ...leftOutLines(plan, signs),
    ...endLines(plan, changing, options, signs),
  ];
}

function headLines(plan: Plan, changing: readonly PlannedTarget[]): Line[] {
  const what =
    plan.sourceRun === undefined
      ? `reclaim_instance_interval becomes ${formatIntervalForPeople(plan.intervalSeconds ?? 0)}`
      : `put back what run ${plan.sourceRun} changed`;
  const right = plan.targets.filter(({step, problems}) => step === undefined && !hasError(problems)).length;
  const where = changing.length === 0 ? 'Nothing changes' : rolesOf(changing);
  const rest = right === 0 ? '' : `; ${countOf(right, 'service is', 'services are')} right already`;
  return [
    ...paragraph(`Plan for cloud ${plan.cloud.cloud}: ${what}`, 0),
    ...paragraph(`${where}${rest}. Nothing was written yet.`, 0),
  ];
}

function orderLines(changing: readonly PlannedTarget[]): Line[] {
  if (changing.length === 0) return [];
  const steps = STEPS.filter((step) => changing.some((target) => target.step === step));
  return [
    ...heading('order'),
    ...steps.flatMap((step, index) => {
      const targets = changing.filter((target) => target.step === step);
      return [
        ...paragraph(`${titleOf(step, targets)}: ${countOf(targets.length, 'node')}`, 5, `  ${index + 1}. `),
        ...[...Map.groupBy(targets, describeWork)].flatMap(([work, alike]) => [
          ...paragraph(someOf(alike.map(({host}) => host)), 5),
          ...paragraph(work, 7),
        ]),
      ];
    }),
  ];
}

function titleOf(step: RunStep, targets: readonly PlannedTarget[]): string {
  const [kind, ...others] = new Set(targets.map(({change}) => change));
  const alike = others.length === 0 ? TITLES_OF_CHANGES[`${step} ${kind}`] : undefined;
  return alike ?? STEP_TITLES[step];
}

/** What happens to a node, the same text for nodes that are treated alike. */
function describeWork(target: PlannedTarget): string {
  const {write, before, after, running, unit} = target;
  const values = `${describeReading(before)} -> ${describeReading(after)}`;
  const restart = target.needsRestart ? `, then restart ${unit}` : '';
  switch (write.kind) {
    case 'edit':
      return `${write.file}: ${values}${restart}`;
    case 'restore':
      return `${write.file}: byte for byte as before run ${write.sourceRun} (${values})${restart}`;
    case 'none':
      return `restart ${unit}: it runs with ${describeReading(running)}, the file has ${describeReading(after)} by then`;
  }
}

/** Each different edit once, with the nodes that get it. */
function diffLines(changing: readonly PlannedTarget[]): Line[] {
  const groups = Map.groupBy(
    changing.filter(({diff}) => diff !== ''),
    ({diff}) => diff,
  );
  if (groups.size === 0) return [];
  return [
    ...heading('changes'),
    ...[...groups].flatMap(([diff, alike]) => [
      ...paragraph(`${countOf(alike.length, 'node')}: ${someOf(alike.map(({host}) => host))}`, 2),
      ...diff.replace(/\n$/, '').split('\n').map(diffLine),
    ]),
  ];
}

function diffLine(text: string): Line {
  const tone: Tone | undefined =
    text.startsWith('---') || text.startsWith('+++') || text.startsWith('@@')
      ? 'muted'
      : text.startsWith('+')
        ? 'added'
        : text.startsWith('-')
          ? 'removed'
          : undefined;
  // A carriage return of the file belongs to the line's end.
  const clean = text.replace(/\r$/, '');
  return indented(tone === undefined ? clean : {text: clean, tone}, 4);
}

function problemSection(plan: Plan, signs: Signs): Line[] {
  const problems = [
    ...plan.problems.map((problem) => ({host: undefined, problem})),
    ...plan.targets.flatMap(({host, problems: own}) => own.map((problem) => ({host, problem}))),
  ];
  return problems.length === 0 ? [] : [...heading('problems'), ...problemLines(problems, signs)];
}

function leftOutLines(plan: Plan, signs: Signs): Line[] {
  const lines = problemLines(plan.leftOut, signs);
  if (plan.unseenComputes.length > 0) {
    lines.push(
      ...signed(
        sign(signs, 'warning'),
        `Nova lists ${countOf(plan.unseenComputes.length, 'compute')} that nobody looked at: ${someOf(plan.unseenComputes)}`,
      ),
    );
  }
  if (plan.isApiUnseen && !plan.problems.some(({code}) => code === 'api-unseen')) {
    lines.push(
      ...signed(
        sign(signs, 'warning'),
        'The API half is unseen: no API host is known, and without it a delete stays as it is. Name them with --api-hosts or in the inventory.',
      ),
    );
  }
  return lines.length === 0 ? [] : [...heading('left out'), ...lines];
}

function endLines(
  plan: Plan,
  changing: readonly PlannedTarget[],
  {planFile, flags, isAsked = false}: PlanTextOptions,
  signs: Signs,
): Line[] {
  const errors = [...plan.problems, ...plan.targets.flatMap(({problems}) => problems)].filter(
    ({severity}) => severity === 'error',
  ).length;
  if (errors > 0) {
    const words = `This plan cannot be carried out before the ${countOf(errors, 'error')} above ${errors === 1 ? 'is' : 'are'} solved, or those nodes are left out with --hosts.`;
    return ['', ...signed(sign(signs, 'failed'), words, 0)];
  }
  if (changing.length === 0) return ['', ...signed(sign(signs, 'ok'), 'There is nothing to carry out.', 0)];
  const takes = `Takes about ${formatElapsed(plan.expectedSeconds)}, without waiting for servers with a task.`;
  if (isAsked) return ['', ...paragraph(takes, 0), ''];
  return [
    '',
    ...paragraph(`${takes} Carry it out with:`, 0),
    `  ${commandLine(applyWords(plan, planFile, flags))}`,
  ];
}

function rolesOf(targets: readonly PlannedTarget[]): string {
  const count = (role: PlannedTarget['role']) => targets.filter((target) => target.role === role).length;
  const parts = [
    ...(count('compute') > 0 ? [countOf(count('compute'), 'compute')] : []),
    ...(count('api') > 0 ? [countOf(count('api'), 'API node')] : []),
  ];
  return `${parts.join(' and ')} ${targets.length === 1 ? 'changes' : 'change'}`;
}

function hasError(problems: PlannedTarget['problems']): boolean {
  return problems.some(({severity}) => severity === 'error');
}
