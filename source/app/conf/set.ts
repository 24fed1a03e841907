import {parseInterval} from '../../domain/duration.js';
import {convert} from '../../domain/oslo/convert.js';
import {unifiedDiff} from '../../domain/oslo/diff.js';
import {documentBytes} from '../../domain/oslo/document.js';
import {nameProblem, rawOf, valueProblem, type EditAction} from '../../domain/oslo/edit.js';
import type {Query} from '../../domain/oslo/effective.js';
import {knownType} from '../../domain/oslo/options.js';
import {checkEdit, planEdit, type PlannedEdit} from '../../domain/oslo/plan-edit.js';
import {hasReference} from '../../domain/oslo/substitute.js';
import {UserError} from '../errors.js';
import type {Files} from '../ports.js';
import {loadSources, type LoadedSources, type NamedSource} from './sources.js';

/** How often an edit is planned anew because the file changed between reading and writing. */
const ATTEMPTS = 3;

export type SetRequest = {
  readonly named: readonly NamedSource[];
  readonly query: Query;
  /** As it is to stand in the file; for `reclaim_instance_interval` also an interval such as `2h`. */
  readonly value: string;
  readonly isDryRun: boolean;
};

export type SetOutcome = {
  readonly kind: 'changed' | 'would-change' | 'unchanged';
  /** The file that sets the option, undefined where its default holds and is what was asked for. */
  readonly file: string | undefined;
  /** What was written or is already there. */
  readonly value: string;
  /** Text of the option in that file before; undefined where it did not set it. */
  readonly before: string | undefined;
  readonly action: EditAction | undefined;
  /** Unified, masked; empty where nothing changes. */
  readonly diff: () => string;
  readonly warnings: readonly string[];
};

/**
 * Sets an option in the file that decides, so that a service which reads all the named files gets the value.
 * Rejects with `UserError`: `usage` for a bad value or a file that oslo.config would refuse, `refused` where
 * something that is not edited wins, and what `Files.replace` rejects with.
 */
export async function setOption(files: Files, request: SetRequest): Promise<SetOutcome> {
  const value = checkedValue(request);
  for (let attempt = 1; ; attempt += 1) {
    const {parse, contents} = await loadSources(files, request.named);
    const plan = planEdit(parse(), request.query, value);
    if (plan.kind === 'refused') throw refusal(plan);
    if (plan.kind === 'unchanged') return unchanged(plan, value);
    const {file, before, edit} = plan;
    const outcome = {
      file,
      value,
      before: edit.before,
      action: edit.action,
      diff: () => unifiedDiff(file, before, edit.edits, request.query),
      warnings: plan.effective.warnings,
    };
    if (request.isDryRun) return {kind: 'would-change', ...outcome};
    const content = documentBytes(plan.after);
    if ((await files.replace(file, contents.get(file) ?? content, content)) === 'written') {
      const planned = new Map(contents).set(file, content);
      await checkWritten(files, request, value, {file, planned});
      return {kind: 'changed', ...outcome};
    }
    if (attempt === ATTEMPTS) {
      throw new UserError('failed', `${file} was not changed: something else keeps writing to it`, {
        remedy: 'find out what does, and run it again',
      });
    }
  }
}

function unchanged({effective}: PlannedEdit & {kind: 'unchanged'}, value: string): SetOutcome {
  const {source, warnings} = effective;
  return {
    kind: 'unchanged',
    file: source?.kind === 'file' ? source.file : undefined,
    value,
    before: source?.raw,
    action: undefined,
    diff: () => '',
    warnings,
  };
}

/** The text to write. Rejects what the service could not read, before any file is opened. */
function checkedValue({query, value}: SetRequest): string {
  const {group, option} = query;
  const problem = nameProblem(group, option) ?? valueProblem(value);
  if (problem !== undefined) {
    throw new UserError('usage', problem, {remedy: 'nothing was changed; correct the command'});
  }
  if (group === 'DEFAULT' && option === 'reclaim_instance_interval') {
    const interval = parseInterval(value);
    if (interval.kind === 'interval') return String(interval.seconds);
    throw new UserError('usage', interval.reason);
  }
  const type = query.type ?? knownType(query.known, group, option) ?? 'string';
  if (hasReference(rawOf(value))) return value;
  const conversion = convert(rawOf(value), type);
  if (conversion.kind === 'value') return value;
  throw new UserError('usage', `[${group}] ${option}: ${conversion.reason}`, {
    remedy: 'nothing was changed; choose a value that the service can read',
  });
}

function refusal(plan: PlannedEdit & {kind: 'refused'}): UserError {
  const kind = plan.cause === 'overruled' ? 'refused' : 'usage';
  return new UserError(kind, `nothing was changed: ${plan.reason}`, {remedy: plan.remedy});
}

/**
 * An edit is right only if what is on the disk says so. Where all is as planned, the plan has checked it already;
 * else everything is read and judged again.
 */
async function checkWritten(
  files: Files,
  request: SetRequest,
  value: string,
  {file, planned}: {readonly file: string; readonly planned: LoadedSources['contents']},
): Promise<void> {
  const {contents, parse} = await loadSources(files, request.named);
  const isAsPlanned = [...planned].every(([name, bytes]) => {
    const found = contents.get(name);
    return found !== undefined && Buffer.compare(found, bytes) === 0;
  });
  if (isAsPlanned && contents.size === planned.size) return;
  const problem = checkEdit(parse(), request.query, value);
  if (problem === undefined) return;
  throw new UserError(
    'failed',
    `${file} was written, but the option has another value now: ${problem.reason}`,
    {remedy: problem.remedy},
  );
}
