import {CloudError, UserError, withoutStop} from '../errors.js';
import {askSurely} from '../servers/follow-server.js';
import {LATE, within} from '../within.js';
import type {CloudFlavor, NewFlavor} from './flavor-ports.js';
import {isUnbootable} from './save-plan.js';
import type {
  Remains,
  SaveAgreement,
  SaveEnd,
  SaveEvent,
  SavePlan,
  SavePorts,
  SaveStep,
} from './save-types.js';

/** How long a look may take after a call that was not answered. */
const LOOK_MS = 30_000;

/**
 * Carries a plan out that somebody agreed to, call by call. A new flavor whose later calls fail, or are stopped, is
 * removed again. Rejects with `UserError` (refused) where the plan cannot be carried out, or needs an agreement that is
 * missing; then nothing was done.
 *
 * @param signal stops before the next call; the one in hand is finished
 */
export async function saveFlavor(
  ports: SavePorts,
  plan: SavePlan,
  agreement: SaveAgreement,
  emit: (event: SaveEvent) => void,
  signal: AbortSignal,
): Promise<SaveEnd> {
  refuseUnagreed(plan, agreement);
  const {existing, steps} = plan;
  if (existing !== undefined && steps.length === 0) return {kind: 'unchanged', flavor: existing};
  return new Saving(ports, plan, agreement, emit).run(signal);
}

/** The last line of defence: whoever asks people has words of its own. */
function refuseUnagreed(plan: SavePlan, {unbootable, unchecked}: SaveAgreement): void {
  const {name} = plan.wish.flavor;
  if (plan.refusals.length > 0) throw new UserError('refused', `${name} cannot be saved as it is wished for`);
  if (isUnbootable(plan) && !unbootable) {
    throw new UserError('refused', `no server boots from ${name}, and nobody agreed to save it all the same`);
  }
  if (plan.unchecked.some(({isLimit}) => !isLimit) && !unchecked) {
    throw new UserError(
      'refused',
      `Nova refuses extra specs of ${name}, and nobody agreed to set them unchecked`,
    );
  }
}

type Outcome =
  | {readonly kind: 'done'}
  | {
      readonly kind: 'failed';
      readonly problem: string;
      readonly isRefused: boolean;
      readonly remedy?: string;
    }
  /** Nobody knows. `unseen`: why it could not be looked at. */
  | {readonly kind: 'unknown'; readonly problem: string; readonly unseen: string};

/** Whether a step is done, by what Nova shows now; `not-there`: there is no flavor of that name yet. */
type Looked = 'done' | 'not-done' | 'not-there' | {readonly unseen: string};

/** Nova has not taken the call, by what it answered; any other one, and none, may come late. */
const NOT_TAKEN: readonly (number | undefined)[] = [429, 500, 503];

class Saving {
  readonly #ports: SavePorts;
  readonly #plan: SavePlan;
  readonly #agreement: SaveAgreement;
  readonly #emit: (event: SaveEvent) => void;
  readonly #done: SaveStep[] = [];
  #made: CloudFlavor | undefined;
  #wasUnchecked = false;

  constructor(ports: SavePorts, plan: SavePlan, agreement: SaveAgreement, emit: (event: SaveEvent) => void) {
    this.#ports = ports;
    this.#plan = plan;
    this.#agreement = agreement;
    this.#emit = emit;
  }

  async run(signal: AbortSignal): Promise<SaveEnd> {
    const {steps} = this.#plan;
    for (const [index, step] of steps.entries()) {
      if (signal.aborted) {
        const remains = await this.#cleanUp();
        return {kind: 'interrupted', done: this.#done, step: undefined, rest: steps.slice(index), remains};
      }
      this.#emit({kind: 'started', step});
      const outcome = await this.#carryOut(step);
      if (outcome.kind !== 'done') {
        // A new flavor goes as a whole; without its id, or of one that stays, what is there is not known.
        const isKept = this.#plan.existing !== undefined || step.kind === 'create';
        const isUnknown = outcome.kind === 'unknown' && isKept;
        const remains: Remains = isUnknown
          ? {kind: 'unknown', problem: outcome.unseen}
          : await this.#cleanUp();
        const {problem} = outcome;
        const isRefused = outcome.kind === 'failed' && outcome.isRefused;
        const remedy = outcome.kind === 'failed' ? outcome.remedy : undefined;
        return {
          kind: 'failed',
          problem,
          isRefused,
          ...(remedy === undefined ? {} : {remedy}),
          done: this.#done,
          step,
          rest: steps.slice(index + 1),
          remains,
        };
      }
      this.#done.push(step);
      this.#emit({kind: 'done', step});
    }
    const id = this.#id();
    return {kind: 'saved', id, flavor: await this.#show(id), wasUnchecked: this.#wasUnchecked};
  }

  #id(): string {
    const flavor = this.#made ?? this.#plan.existing;
    if (flavor === undefined) throw new Error('the flavor was not made yet');
    return flavor.id;
  }

  /** Nothing stops a call but its own limit: what was sent must be told. */
  async #carryOut(step: SaveStep): Promise<Outcome> {
    let unanswered: string | undefined;
    let status: number | undefined;
    try {
      unanswered = await askSurely(this.#ports.clock, async (signal) => {
        try {
          await this.#send(step, signal);
        } catch (error) {
          if (error instanceof CloudError) ({status} = error);
          throw error;
        }
      });
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      // Somebody else may have done the same just now.
      const isThere = step.kind === 'add-access' && error.reason === 'conflict';
      const isGone = step.kind.startsWith('remove-') && error.reason === 'not-found';
      if ((isThere || isGone) && (await this.#look(step)) === 'done') return {kind: 'done'};
      const isRefused = error.reason === 'bad-request';
      // What is refused for its values needs other values, which the message names.
      const remedy = isRefused || error.remedy === undefined ? {} : {remedy: error.remedy};
      return {kind: 'failed', problem: withoutStop(error.message), isRefused, ...remedy};
    }
    if (unanswered === undefined) return {kind: 'done'};
    const problem = withoutStop(unanswered);
    this.#emit({kind: 'unanswered', step, problem});
    const looked = await this.#look(step);
    if (looked === 'done') return {kind: 'done'};
    if (looked === 'not-there' && !NOT_TAKEN.includes(status)) {
      return {kind: 'unknown', problem, unseen: 'it is not there yet, and may still come'};
    }
    return typeof looked === 'string'
      ? {kind: 'failed', problem, isRefused: false}
      : {kind: 'unknown', problem, ...looked};
  }

  async #send(step: SaveStep, signal: AbortSignal): Promise<void> {
    const {changes} = this.#ports;
    switch (step.kind) {
      case 'create':
        this.#made = await changes.create(step.flavor, signal);
        return;
      case 'set-specs':
        await this.#setSpecs(step, signal);
        return;
      case 'remove-spec':
        await changes.removeSpec(this.#id(), step.name, signal);
        return;
      case 'describe':
        await changes.setDescription(this.#id(), step.description, signal);
        return;
      case 'add-access':
        await changes.addAccess(this.#id(), step.project.id, signal);
        return;
      case 'remove-access':
        await changes.removeAccess(this.#id(), step.project.id, signal);
    }
  }

  /** Point releases differ in what they refuse (bug 2120862), so that Nova is asked before its checks are passed by. */
  async #setSpecs(step: Extract<SaveStep, {kind: 'set-specs'}>, signal: AbortSignal): Promise<void> {
    const {changes} = this.#ports;
    try {
      await changes.setSpecs(this.#id(), step.specs, {unchecked: false}, signal);
    } catch (error) {
      const isRefused = error instanceof CloudError && error.reason === 'bad-request';
      const mayPass = step.areLimits === true || this.#agreement.unchecked;
      if (!isRefused || !mayPass) throw error;
      this.#emit({kind: 'unchecked', step, problem: withoutStop(error.message)});
      await changes.setSpecs(this.#id(), step.specs, {unchecked: true}, signal);
      this.#wasUnchecked = true;
    }
  }

  async #look(step: SaveStep): Promise<Looked> {
    try {
      const isDone = await within(this.#ports.clock, LOOK_MS, new AbortController().signal, async (signal) =>
        this.#isDone(step, signal),
      );
      if (isDone === LATE) return {unseen: `Nova has not answered for ${LOOK_MS / 1000} s`};
      if (isDone === 'not-there') return isDone;
      return isDone ? 'done' : 'not-done';
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return {unseen: withoutStop(error.message)};
    }
  }

  async #isDone(step: SaveStep, signal: AbortSignal): Promise<boolean | 'not-there'> {
    const {flavors} = this.#ports;
    if (step.kind === 'create') {
      const {rows, isComplete, problem} = await flavors.all(signal);
      const found = rows.find(({name}) => name === step.flavor.name);
      if (found === undefined && !isComplete) {
        throw new CloudError('server-error', problem ?? 'Nova did not list every flavor');
      }
      if (found === undefined) return 'not-there';
      if (!isAsMade(found, step.flavor)) return false;
      this.#made = found;
      return true;
    }
    const id = this.#id();
    if (step.kind === 'add-access' || step.kind === 'remove-access') {
      const has = (await flavors.access(id, signal)).includes(step.project.id);
      return has === (step.kind === 'add-access');
    }
    const flavor = await flavors.find(id, signal);
    if (flavor === undefined) return false;
    const {extraSpecs = {}} = flavor;
    switch (step.kind) {
      case 'set-specs':
        return Object.entries(step.specs).every(([name, value]) => extraSpecs[name] === value);
      case 'remove-spec':
        return !Object.hasOwn(extraSpecs, step.name);
      case 'describe':
        return flavor.description === step.description;
    }
  }

  /** Takes a new flavor away that is not whole; what existed before stays as far as it was changed. */
  async #cleanUp(): Promise<Remains> {
    const {existing} = this.#plan;
    if (existing !== undefined) {
      return this.#done.length === 0 ? {kind: 'nothing'} : {kind: 'partly', id: existing.id};
    }
    const made = this.#made;
    if (made === undefined) return {kind: 'nothing'};
    this.#emit({kind: 'undoing', flavor: made});
    let problem: string | undefined;
    try {
      problem = await askSurely(this.#ports.clock, async (signal) =>
        this.#ports.changes.remove(made.id, signal),
      );
      if (problem === undefined) return {kind: 'removed'};
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.reason === 'not-found') return {kind: 'removed'};
      ({message: problem} = error);
    }
    return (await this.#isGone(made.id))
      ? {kind: 'removed'}
      : {kind: 'left', id: made.id, problem: withoutStop(problem)};
  }

  /** Only where Nova says so. */
  async #isGone(id: string): Promise<boolean> {
    try {
      const found = await within(this.#ports.clock, LOOK_MS, new AbortController().signal, async (signal) =>
        this.#ports.flavors.find(id, signal),
      );
      return found === undefined;
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return false;
    }
  }

  /** The flavor as it is now. That it was saved is known by then: not to see it is no failure. */
  async #show(id: string): Promise<CloudFlavor | undefined> {
    try {
      const found = await within(this.#ports.clock, LOOK_MS, new AbortController().signal, async (signal) =>
        this.#ports.flavors.find(id, signal),
      );
      return found === LATE ? undefined : found;
    } catch (error) {
      if (error instanceof CloudError) return undefined;
      throw error;
    }
  }
}

/** Whether a flavor is as a call that was not answered would have made it, and not somebody else's of that name. */
function isAsMade(row: CloudFlavor, wanted: NewFlavor): boolean {
  const {id, vcpus, memoryMib, diskGib, ephemeralGib, swapMib, isPublic, extraSpecs = {}} = row;
  return (
    (wanted.id === undefined || id === wanted.id) &&
    vcpus === wanted.vcpus &&
    memoryMib === wanted.memoryMib &&
    diskGib === wanted.diskGib &&
    ephemeralGib === wanted.ephemeralGib &&
    swapMib === wanted.swapMib &&
    isPublic === wanted.isPublic &&
    Object.keys(extraSpecs).length === 0
  );
}
