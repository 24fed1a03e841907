import {UserError, withRemedy} from '../app/errors.js';
import {readWishes} from '../app/flavor/read-wishes.js';
import {saveFlavor} from '../app/flavor/save-flavor.js';
import {lookForSave, planSave} from '../app/flavor/save-plan.js';
import type {SaveAgreement, SaveEnd, SavePlan, SavePorts, SaveWish} from '../app/flavor/save-types.js';
import type {NovaRelease} from '../domain/flavor/nova-release.js';
import type {ExitCode} from '../text/errors.js';
import {commandLine} from '../text/command-line.js';
import {countOf} from '../text/elapsed.js';
import {inputLine} from '../text/flavor-check.js';
import {saveCalls, saveCommands} from '../text/flavor-save-calls.js';
import {
  needsForce,
  saveEndSentence,
  saveEventWords,
  savePlanLines,
  saveRefusalSentence,
} from '../text/flavor-save.js';
import {saveToJson, wouldSaveToJson} from '../text/flavor-save-json.js';
import {safeJson} from '../text/json.js';
import {heading, someOf} from '../text/paragraph.js';
import {sanitize} from '../text/sanitize.js';
import {sign} from '../text/signs.js';
import type {CommandContext} from './command.js';
import {cloudName} from './named-servers.js';
import {refuseReadOnly} from './rollout-session.js';

export type CreateFlags = {
  readonly dryRun: boolean;
  readonly prune: boolean;
  /** Undefined: not given; empty: without a name. */
  readonly force: string | undefined;
  readonly release: NovaRelease | undefined;
};

/** More flavors of one file are not saved at once. */
const MOST_FLAVORS = 200;

/** `flavor create`: flavors of a file made in the cloud, or their extra specs changed there. */
export async function runFlavorCreate(
  context: CommandContext,
  file: string | undefined,
  flags: CreateFlags,
): Promise<ExitCode> {
  const {output, signal, looks} = context;
  if (!flags.dryRun) refuseReadOnly(context, 'flavor create');
  const wishes = await wishesOf(context, file, flags);
  const composition = await context.compose();
  const {flavors, changes, account, label} = await composition.flavors({
    cloud: context.common.cloud,
    notice: (text) => output.notice(`notice: ${text}`),
  });
  const cloud = cloudName({label});
  const ports: SavePorts = {flavors, changes, account, clock: composition.clock};
  const look = await lookForSave(ports, signal);
  const plans: SavePlan[] = [];
  for (const wish of wishes) plans.push(await planSave(ports, look, wish, signal));
  for (const plan of plans) output.lines(savePlanLines(plan, looks.signs));
  refuseUnfit(context, plans);
  const interactive = flags.dryRun || isInteractive(context);
  for (const plan of plans) refuseUnforced(plan, flags.force, interactive, unbootableNames(plans));
  if (flags.dryRun) return showOnly(context, plans, cloud);
  const agreements: SaveAgreement[] = [];
  for (const plan of plans) agreements.push(await agree(context, plan, flags.force));
  let code: ExitCode = 0;
  for (const [index, plan] of plans.entries()) {
    const agreement = agreements[index] ?? {unbootable: false, unchecked: false};
    const {name} = plan.wish.flavor;
    const end = await saveFlavor(
      ports,
      plan,
      agreement,
      (event) => {
        const words = saveEventWords(event);
        if (words !== undefined) output.line({text: `  ${name}: ${words}`, tone: 'muted'});
      },
      signal,
    );
    tell(context, plan, end, cloud);
    if (end.kind === 'interrupted') code = 130;
    else if (end.kind === 'failed' && code === 0) code = 1;
  }
  return code;
}

async function wishesOf(
  context: CommandContext,
  file: string | undefined,
  {prune, force, release}: CreateFlags,
): Promise<readonly SaveWish[]> {
  const {output, signal} = context;
  if (file === undefined) {
    const taken = (force ?? '') === '' ? '' : `: "${force ?? ''}" was read as the name after --force`;
    throw new UserError('usage', `flavor create was given no file${taken}`, {
      remedy: 'name the file first, as in: reprieve flavor create flavor.yaml --dry-run',
    });
  }
  const ports = (await context.compose()).flavorInputs();
  const wishes: SaveWish[] = [];
  let problems = 0;
  for await (const event of readWishes(file, ports, {isExact: prune, release})) {
    signal.throwIfAborted();
    if (event.kind === 'wish') wishes.push(event.wish);
    else {
      output.notice(inputLine(event));
      if (event.kind === 'problem' || event.kind === 'unusable') problems += 1;
    }
  }
  if (problems > 0) {
    throw new UserError('usage', `${countOf(problems, 'problem')} in ${file}, so nothing was done`, {
      remedy: 'correct the file; reprieve flavor check judges it without a cloud',
    });
  }
  if (wishes.length === 0) throw new UserError('usage', `there is no flavor in ${file}; nothing was done`);
  if (wishes.length > MOST_FLAVORS) {
    throw new UserError(
      'usage',
      `${file} has ${wishes.length} flavors, and at most ${MOST_FLAVORS} are saved at once`,
      {
        remedy: 'give them in parts; nothing was done',
      },
    );
  }
  return wishes;
}

/** Everything that stands against it is told; nothing of the file is saved then. */
function refuseUnfit({output}: CommandContext, plans: readonly SavePlan[]): void {
  const all = plans.flatMap(({wish, refusals}) =>
    refusals.map((refusal) => {
      const {message, remedy} = saveRefusalSentence(refusal);
      return {kind: refusal.kind, message: `${wish.flavor.name}: ${message}`, remedy};
    }),
  );
  const [first, ...others] = all;
  if (first === undefined) return;
  for (const {message, remedy} of others) {
    output.notice([{text: 'reprieve: ', tone: 'bad'}, withRemedy(message, remedy)]);
  }
  const isInput = ['form', 'no-project', 'several-projects'].includes(first.kind);
  throw new UserError(
    isInput ? 'usage' : 'refused',
    `${first.message}; nothing was done`,
    first.remedy === undefined ? {} : {remedy: first.remedy},
  );
}

/** What is saved against Nova's rules has to be wanted on the command line. */
function refuseUnforced(
  plan: SavePlan,
  force: string | undefined,
  isAsked: boolean,
  all: readonly string[],
): void {
  const {name} = plan.wish.flavor;
  const {unbootable, unchecked} = needsForce(plan);
  const others = all.length < 2 ? '' : ` (nor from ${someOf(all.filter((other) => other !== name))})`;
  const named = commandLine(['--force', all.join(',')]);
  const refuse = (why: string, remedy: string): UserError =>
    new UserError('refused', `${name}: ${why}${unbootable === undefined ? '' : others}; nothing was done`, {
      remedy,
    });
  if (unbootable !== undefined) {
    if (force === undefined) throw refuse(unbootable, `correct it, or have it saved all the same: ${named}`);
    if (force === '' && !isAsked) throw refuse(unbootable, `its name has to be typed: ${named}`);
    if (force !== '' && !isNamed(force, name))
      throw refuse(unbootable, `--force does not name it; that would be: ${named}`);
  }
  if (unchecked !== undefined && force === undefined) {
    throw refuse(unchecked, 'leave them out, or have them set unchecked, at 2.85: --force');
  }
}

function unbootableNames(plans: readonly SavePlan[]): readonly string[] {
  return plans.filter((plan) => needsForce(plan).unbootable !== undefined).map(({wish}) => wish.flavor.name);
}

/** One name, or several with commas. */
function isNamed(force: string, name: string): boolean {
  return force === name || force.split(',').some((word) => word.trim() === name);
}

function isInteractive({terminal, common}: CommandContext): boolean {
  return terminal.isStdinTty && terminal.isStderrTty && !common.json;
}

/** Asks at a terminal for what flags did not say; elsewhere that is a refusal. */
async function agree(
  context: CommandContext,
  plan: SavePlan,
  force: string | undefined,
): Promise<SaveAgreement> {
  const {uses} = plan;
  const {name} = plan.wish.flavor;
  const {unbootable} = needsForce(plan);
  if (unbootable !== undefined && force === '') {
    const word = sanitize(name).trim();
    const prompt = await (await context.compose()).prompt(true);
    const typed = await prompt.text(
      `No server can boot from ${word}. Type its name to save it all the same:`,
    );
    if (typed.trim() !== word || word === '') {
      throw new UserError('refused', `${name}: ${unbootable}, and its name was not typed; nothing was done`, {
        remedy: `correct it, or give its name: ${commandLine(['--force', name])}`,
      });
    }
  }
  if (uses !== undefined && !context.common.yes) {
    const count = uses.rows.length;
    const isKnown = uses.isComplete && uses.scope === 'all-projects';
    if (count > 0 || !isKnown) await askAboutServers(context, name, count, isKnown);
  }
  return {unbootable: unbootable !== undefined, unchecked: force !== undefined};
}

async function askAboutServers(
  context: CommandContext,
  name: string,
  count: number,
  isKnown: boolean,
): Promise<void> {
  const servers = `${isKnown ? '' : 'at least '}${countOf(count, 'server')}`;
  const refusal = new UserError(
    'refused',
    `${name} is in use by ${servers}, which would not get the change, and that was not agreed to; nothing was done`,
    {remedy: 'look at them with --dry-run, then add --yes; or make a changed copy under another name'},
  );
  if (!isInteractive(context)) throw refusal;
  const prompt = await (await context.compose()).prompt(true);
  const question = `Change ${sanitize(name)}, though ${servers} would keep the old copy?`;
  if (!(await prompt.confirm(question, false))) throw refusal;
}

/** What would be sent, and the same as commands. */
function showOnly({output}: CommandContext, plans: readonly SavePlan[], cloud: string | undefined): ExitCode {
  for (const plan of plans) output.json(wouldSaveToJson(plan, cloud));
  const calls = plans
    .flatMap(saveCalls)
    .map(
      ({method, path, microversion, body}) =>
        `${method} ${path}  at ${microversion}${body === null ? '' : `  ${safeJson(body)}`}`,
    );
  const commands = plans.flatMap((plan) => saveCommands(plan, cloud));
  if (calls.length > 0) output.lines([...heading('calls'), ...calls]);
  if (commands.length > 0) output.lines([...heading('the same as commands'), ...commands]);
  output.lines(['', 'Nothing was changed.']);
  return 0;
}

/** What is good goes to stdout, what is not to stderr. */
function tell(
  {output, looks}: CommandContext,
  plan: SavePlan,
  end: SaveEnd,
  cloud: string | undefined,
): void {
  output.json(saveToJson(plan, end, cloud));
  const {message, remedy} = saveEndSentence(end, plan, cloud);
  const words = `${plan.wish.flavor.name}: ${message}`;
  if (end.kind === 'saved' || end.kind === 'unchanged') output.line([sign(looks.signs, 'ok'), ` ${words}`]);
  else output.notice([{text: 'reprieve: ', tone: 'bad'}, withRemedy(words, remedy)]);
}
