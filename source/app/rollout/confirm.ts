import {UserError} from '../errors.js';
import type {Plan} from './plan-types.js';
import type {Confirmed} from './run.js';
import type {RunSettings} from './wish.js';

/** What still has to be asked. `agreed`: flags answered everything. */
export type Question =
  | {readonly kind: 'agreed'; readonly confirmed: Confirmed}
  | {
      readonly kind: 'ask';
      /** Servers that would be destroyed and that no flag covers: the number has to be typed. */
      readonly destroy: number;
      readonly nodes: number;
      readonly confirmed: Confirmed;
    };

/**
 * What the operator has to agree to. `--yes` answers everything but the destruction of servers, which needs
 * `--destroy N` with N at least their number.
 */
export function questionOf(plan: Plan, settings: RunSettings, isYes: boolean): Question {
  const count = plan.impact.destroyed.length;
  const confirmed = {destroy: settings.destroy ?? 0, strand: settings.strand ?? 0};
  const isCovered = count <= confirmed.destroy;
  if (isYes && isCovered) return {kind: 'agreed', confirmed};
  const nodes = new Set(plan.targets.filter((target) => target.step !== undefined).map(({host}) => host))
    .size;
  return {kind: 'ask', destroy: isCovered ? 0 : count, nodes, confirmed};
}

/** The refusal where nobody can be asked, naming the number. */
export function unconfirmed(question: Question & {kind: 'ask'}, isYes: boolean): UserError {
  if (question.destroy > 0) {
    return new UserError(
      'refused',
      `${question.destroy} soft-deleted ${question.destroy === 1 ? 'server' : 'servers'} would be destroyed, and that was not agreed to; nothing was changed`,
      {
        remedy: `look at them with reprieve plan, then add: ${isYes ? '' : '--yes '}--destroy ${question.destroy}`,
      },
    );
  }
  return new UserError(
    'refused',
    `${question.nodes} ${question.nodes === 1 ? 'node' : 'nodes'} would be changed, and nobody agreed; nothing was changed`,
    {
      remedy: 'run it in a terminal, or add --yes',
    },
  );
}
