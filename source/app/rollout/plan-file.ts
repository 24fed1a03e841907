import {DecodeError, Field} from '../decode.js';
import {UserError} from '../errors.js';
import {decodePlan, PLAN_FIELDS} from './plan-decoder.js';
import type {Plan} from './plan-types.js';

/** Tells a plan file from any other JSON. */
const FORMAT = 'reprieve-plan';

/** Characters that a plan file may have: some 3,000 nodes need a tenth of it. */
export const MAX_PLAN_LENGTH = 64 * 1024 * 1024;

/** What a plan file holds, and which of its fields this version does not know. */
export type PlanFile = {readonly plan: Plan; readonly unknownFields: readonly string[]};

/** The text of a plan file. It holds the old and new bytes of the edits, never the rest of a file, and no secret. */
export function formatPlanFile(plan: Plan): string {
  return `${JSON.stringify({format: FORMAT, ...plan}, null, 2)}\n`;
}

/**
 * Reads a plan file. What it holds is a wish and what was seen when it was made: it has to be planned anew and
 * compared (`comparePlans`) before anything is done.
 *
 * Throws a usage `UserError` that names the file and the field where it is no plan, of another version, or edited
 * into nonsense.
 *
 * @param name of the file, for messages
 */
export function parsePlanFile(text: string, name: string): PlanFile {
  if (text.length > MAX_PLAN_LENGTH) throw noPlan(name, `it is longer than ${MAX_PLAN_LENGTH} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw noPlan(name, 'it is not JSON', error);
  }
  const field = new Field(value);
  try {
    if (field.get('format').value !== FORMAT) throw noPlan(name, `it has no "format": "${FORMAT}"`);
    const version = field.get('version').whole(0, Number.MAX_SAFE_INTEGER);
    if (version !== 1) throw noPlan(name, `it is of version ${version}, and this program knows version 1`);
    return {plan: decodePlan(field), unknownFields: field.namesBesides(['format', ...PLAN_FIELDS])};
  } catch (error) {
    if (error instanceof DecodeError) throw noPlan(name, error.message, error);
    throw error;
  }
}

function noPlan(name: string, reason: string, cause?: unknown): UserError {
  return new UserError('usage', `${name} is not a plan that can be used: ${reason}.`, {
    remedy: `Make a new one with: reprieve plan --interval 2h -o ${name}`,
    cause,
  });
}
