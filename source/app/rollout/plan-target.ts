import {deploymentNamed, detectDeployment} from '../../deployments/registry.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {changeKind, describeReading, isOn, stepOf} from '../../domain/fleet/interval-change.js';
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import type {FileFacts, NodeFacts, NodeRecord, Role, UnitFacts} from '../../domain/fleet/node-facts.js';
import {
  type ConfigHints,
  intervalQuery,
  readRoleConfig,
  type RoleConfig,
} from '../../domain/fleet/role-config.js';
import {originalBytes} from '../../domain/oslo/apply-edits.js';
import {toLatin1} from '../../domain/oslo/bytes.js';
import {effectiveValue} from '../../domain/oslo/effective.js';
import {unifiedDiff} from '../../domain/oslo/diff.js';
import {findCommentedDefault} from '../../domain/oslo/edit.js';
import {planEdit} from '../../domain/oslo/plan-edit.js';
import type {PlannedTarget, PlannedWrite, Problem} from './plan-types.js';
import {OPTION} from './rollout-ports.js';

/** A role of a node that was seen, with what it is configured with. */
export type SeenRole = {
  readonly node: InventoryHost;
  readonly facts: NodeFacts;
  readonly role: Role;
  readonly unit: UnitFacts | undefined;
  readonly hints: ConfigHints;
  readonly config: RoleConfig;
  /** Nova's name for a compute: its `host` option, else its host name. */
  readonly novaHost: string;
  readonly deploymentProblem: Problem | undefined;
};

/** Without `TimeoutStopSec` a unit may take as long as systemd's own default, which nobody sets above this. */
const LONGEST_STOP_SECONDS = 180;
const CLOCK_WARNING_SECONDS = 5;

/** Reads one role of a node as it is now. */
export function seeRole(node: InventoryHost, facts: NodeFacts, role: Role): SeenRole {
  const named = node.deployment === undefined ? undefined : deploymentNamed(node.deployment);
  const deployment = named ?? detectDeployment(facts);
  const units = facts.units.filter((unit) => unit.role === role);
  const unit = units.find((one) => one.mainPid !== 0) ?? units[0];
  const hints = {files: node.overrides.config, usual: deployment.defaultFiles[role]};
  const config = readRoleConfig(facts, unit, role, OPTION, hints);
  const hostOption = effectiveValue(config.sources, intervalQuery(facts, unit, 'host'));
  const hostValue = hostOption.kind === 'value' ? hostOption.value : undefined;
  return {
    node,
    facts,
    role,
    unit,
    hints,
    config,
    novaHost: typeof hostValue === 'string' ? hostValue : facts.hostname,
    deploymentProblem:
      deployment.overwrittenBy === undefined
        ? undefined
        : warning(
            'overwritten',
            `${node.name} (${deployment.title}): ${deployment.overwrittenBy}`,
            undefined,
          ),
  };
}

/** Where an edit goes where nothing sets the option yet, or where the deciding place is not ours to edit. */
function fileToEdit(seen: SeenRole): string | undefined {
  const {config, node, role} = seen;
  const own = config.files.filter((file) => !file.path.startsWith('/usr/'));
  const decider = config.effective.source;
  if (decider?.kind === 'file') {
    const isPackaged = decider.file.startsWith('/usr/');
    const isShared = sharedFile(seen, decider.file);
    if (!isPackaged && !isShared) return undefined;
  }
  // nova-api does not read the later file: what is set there concerns nova-compute alone.
  const alone = own.findLast((file) => !sharedFile(seen, file.path));
  if (role === 'compute' && node.roles.includes('api') && alone !== undefined) return alone.path;
  return decider?.kind === 'file' ? undefined : usualPlace(seen, own);
}

/** Where people look for the option: below its commented default, else in a file with a [DEFAULT] section. */
function usualPlace({config}: SeenRole, own: readonly FileFacts[]): string | undefined {
  const files = config.sources.filter((source) => source.kind === 'file');
  const ours = files.filter(({file}) => file.endsWith('.conf') && own.some(({path}) => path === file));
  const found =
    ours.find(({document}) => findCommentedDefault(document, 'DEFAULT', OPTION) !== undefined) ??
    ours.find(({document}) => document.headers.some(({name}) => name === 'DEFAULT')) ??
    ours[0];
  return found?.file;
}

/** Whether the other role of the same node reads the file too. */
function sharedFile({node, facts, role}: SeenRole, path: string): boolean {
  const other: Role = role === 'compute' ? 'api' : 'compute';
  if (!node.roles.includes(other)) return false;
  return seeRoleFiles(node, facts, other).some((file) => file.path === path);
}

function seeRoleFiles(node: InventoryHost, facts: NodeFacts, role: Role): readonly FileFacts[] {
  const deployment = node.deployment === undefined ? undefined : deploymentNamed(node.deployment);
  const usual = (deployment ?? detectDeployment(facts)).defaultFiles[role];
  const units = facts.units.filter((unit) => unit.role === role);
  const unit = units.find((one) => one.mainPid !== 0) ?? units[0];
  return readRoleConfig(facts, unit, role, OPTION, {files: node.overrides.config, usual}).files;
}

/** What an interval does to one role of a node. */
export function planInterval(
  seen: SeenRole,
  intervalSeconds: number,
  clockOffset: number | undefined,
): PlannedTarget {
  const {facts, unit, config} = seen;
  const wanted: IntervalReading = {kind: 'value', seconds: intervalSeconds};
  const problems: Problem[] = [];
  const isFileRight =
    (config.reading.kind === 'value' && config.reading.seconds === intervalSeconds) ||
    (config.reading.kind === 'unset' && intervalSeconds === 0);
  let write: PlannedWrite = {kind: 'none'};
  let [rawBefore, rawAfter, diff] = ['', '', ''];
  let file = config.effective.source?.kind === 'file' ? config.effective.source.file : undefined;
  if (!isFileRight) {
    const query = intervalQuery(facts, unit, OPTION);
    const planned = planEdit(config.sources, query, String(intervalSeconds), fileToEdit(seen));
    if (planned.kind === 'refused') {
      problems.push(failure('cannot-edit', `${seen.node.name}: ${planned.reason}`, planned.remedy));
    } else if (planned.kind === 'edit') {
      const [edit, more] = planned.edit.edits;
      const fileFacts = config.files.find((one) => one.path === planned.file);
      if (edit === undefined || more !== undefined || fileFacts === undefined) {
        throw new Error(`${planned.file}: an edit of one byte range was expected`);
      }
      file = planned.file;
      rawBefore = planned.edit.before ?? '';
      rawAfter = planned.edit.after ?? '';
      diff = unifiedDiff(file, planned.before, planned.edit.edits, {group: 'DEFAULT', option: OPTION});
      write = {
        kind: 'edit',
        file,
        digestBefore: fileFacts.digest,
        edit: {
          offset: edit.offset,
          length: edit.length,
          before: toLatin1(originalBytes(planned.before, edit)),
          after: toLatin1(edit.replacement),
        },
      };
      problems.push(...fileProblems(seen.node.name, fileFacts));
    }
  }
  return finishTarget(seen, {write, rawBefore, rawAfter, diff, file, after: wanted, clockOffset, problems});
}

/**
 * The record of what a run wrote into a file of this role. Where both roles read one file, the role that had its
 * turn first wrote it, and the other has a record of a restart only.
 */
function writtenBy({facts, role, config}: SeenRole, run: string): NodeRecord | undefined {
  const records = facts.records.filter((one) => one.run === run);
  const own = records.find((one) => one.role === role);
  if (own === undefined || own.digestAfter !== '') return own;
  return records.find(
    (one) =>
      one.digestAfter !== '' && config.files.some(({path, realPath}) => [path, realPath].includes(one.file)),
  );
}

/** What putting back a run's backup does to one role of a node. Nothing where the run wrote nothing there. */
export function planRestore(
  seen: SeenRole,
  run: string,
  clockOffset: number | undefined,
): PlannedTarget | undefined {
  const {facts, unit, role, hints, config, node} = seen;
  const record = writtenBy(seen, run);
  if (record === undefined || record.digestAfter === '') return undefined;
  const file = config.files.find((one) => [one.path, one.realPath].includes(record.file));
  const backup = facts.backups.find((one) => one.role === record.role);
  const problems: Problem[] = [];
  const base = {
    rawBefore: record.valueAfter,
    rawAfter: record.valueBefore,
    diff: '',
    file: record.file,
    clockOffset,
  };
  const refuse = (code: string, message: string, remedy: string) =>
    finishTarget(seen, {
      ...base,
      write: {kind: 'none'},
      after: config.reading,
      problems: [failure(code, `${node.name}: ${message}`, remedy)],
    });
  if (file === undefined) {
    return refuse(
      'missing',
      `${record.file} is not read by ${unit?.unit ?? role} any more`,
      'compare it with the backup by hand',
    );
  }
  if (file.digest === record.digestBefore) {
    return finishTarget(seen, {...base, write: {kind: 'none'}, after: config.reading, problems});
  }
  if (file.digest !== record.digestAfter) {
    const later = facts.records.find((one) => one.run !== record.run && one.digestAfter === file.digest);
    return later === undefined
      ? refuse(
          'changed-since',
          `${record.file} was changed after run ${record.run}`,
          'look at both with diff; the backup is kept in /var/lib/reprieve on the node',
        )
      : refuse(
          'later-run',
          `${record.file} was changed again by run ${later.run}`,
          `first: reprieve rollback ${later.run}`,
        );
  }
  if (backup === undefined || backup.digest !== record.digestBefore) {
    return refuse(
      'no-backup',
      `the backup of ${record.file} by run ${record.run} is gone or damaged`,
      'set the value with reprieve apply instead',
    );
  }
  const after = readRoleConfig(facts, unit, role, OPTION, hints, new Map([[file.path, backup.condensed]]));
  if (after.effective.kind === 'startup-error') {
    return refuse('cannot-edit', after.effective.message, 'the service would not start with its old file');
  }
  return finishTarget(seen, {
    ...base,
    write: {
      kind: 'restore',
      file: record.file,
      sourceRun: record.run,
      ...(record.role === role ? {} : {sourceRole: record.role}),
      digestBefore: record.digestAfter,
      digestAfter: record.digestBefore,
    },
    after: after.reading,
    problems: [...problems, ...fileProblems(node.name, file)],
  });
}

type Decided = Pick<
  PlannedTarget,
  'write' | 'rawBefore' | 'rawAfter' | 'diff' | 'file' | 'after' | 'clockOffset' | 'problems'
>;

/** What is wrong with a role of a node whatever is planned. `reading`: what it shall run, or runs, with. */
export function conditionsOf(
  {node, role, unit, facts, config, deploymentProblem}: SeenRole,
  clockOffset: number | undefined,
  reading: IntervalReading,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (unit === undefined) {
    const isSilent = facts.isServiceManagerSilent;
    problems.push(
      isSilent
        ? failure('no-systemd', `${node.name}: systemctl gives no answer`, 'see: systemctl status')
        : failure(
            'no-unit',
            `${node.name}: no unit of nova-${role} was found`,
            'is the role right? If the service has another name, set service in the profile or reprieve_service in the inventory',
          ),
    );
  } else if (unit.process === undefined && node.overrides.restart === undefined) {
    problems.push(
      failure('not-running', `${node.name}: ${unit.unit} does not run`, `see: systemctl status ${unit.unit}`),
    );
  }
  if (unit !== undefined && unit.sharedWith.length > 0) {
    problems.push(
      warning(
        'shared-service',
        `${node.name}: a restart of ${unit.unit} interrupts what else it serves: ${unit.sharedWith.join(', ')}`,
        undefined,
      ),
    );
  }
  for (const text of config.effective.warnings)
    problems.push(warning('config', `${node.name}: ${text}`, undefined));
  if (deploymentProblem !== undefined) problems.push(deploymentProblem);
  if (clockOffset !== undefined && Math.abs(clockOffset) > CLOCK_WARNING_SECONDS) {
    const isAhead = clockOffset > 0;
    problems.push(
      warning(
        'clock-off',
        `${node.name}: its clock is ${Math.abs(Math.round(clockOffset))} s ${isAhead ? 'ahead of' : 'behind'} the API's, so servers there go that much ${isAhead ? 'earlier' : 'later'}`,
        'repair its time synchronisation (chronyc tracking)',
      ),
    );
  }
  if (role === 'compute' && isOn('compute', reading) && !setsAuth(config, 'cinder')) {
    problems.push(
      warning(
        'no-cinder',
        `${node.name}: nova-compute has no [cinder] credentials, so volumes of reclaimed servers stay in use`,
        'set auth_type, auth_url, username, password and the like in [cinder]',
      ),
    );
  }
  return problems;
}

function finishTarget(seen: SeenRole, decided: Decided): PlannedTarget {
  const {node, role, unit, config, novaHost} = seen;
  const problems = [...decided.problems, ...conditionsOf(seen, decided.clockOffset, decided.after)];
  const seconds = decided.after.kind === 'value' ? decided.after.seconds : 0;
  const needsRestart = decided.write.kind !== 'none' || config.isProcessOlder;
  const change = needsRestart ? changeOf(role, config.running, config.reading, seconds) : 'same';
  return {
    ...decided,
    id: `${node.name}/${role}`,
    host: node.name,
    novaHost: role === 'compute' ? novaHost : undefined,
    role,
    before: config.reading,
    running: config.running,
    change,
    step: needsRestart ? (stepOf(role, change) ?? (role === 'api' ? 'api-on' : 'computes-on')) : undefined,
    needsRestart,
    unit: unit?.unit ?? '',
    stopTimeoutSeconds: unit?.stopTimeoutSeconds ?? LONGEST_STOP_SECONDS,
    problems,
  };
}

/** A restart alone changes something only if the process may run with another value than the file has. */
function changeOf(role: Role, running: IntervalReading, reading: IntervalReading, seconds: number) {
  const from =
    running.kind === 'unknown' && reading.kind !== 'value' && reading.kind !== 'unset' ? reading : running;
  return changeKind(role, from, seconds);
}

/** Whether a group says how to log in, by itself or by the name of another group. */
export function setsAuth({sources}: RoleConfig, group: string): boolean {
  return sources.some(
    (source) =>
      source.kind === 'file' &&
      source.document.assignments.some(
        (one) => one.group === group && (one.key === 'auth_type' || one.key === 'auth_section'),
      ),
  );
}

function fileProblems(node: string, file: FileFacts): readonly Problem[] {
  const problems: Problem[] = [];
  const where = `${node}: ${file.path}`;
  if (file.linkCount > 1) {
    problems.push(
      failure(
        'hard-link',
        `${where} has ${file.linkCount} hard links; replacing it would part them`,
        'make it a file of its own (cp, then mv)',
      ),
    );
  }
  if (file.isMountPoint) {
    problems.push(
      failure(
        'mount-point',
        `${where} is a mount point, so it cannot be replaced`,
        'edit the file that is mounted there, on its host',
      ),
    );
  }
  if (!file.isDirectoryWritable) {
    problems.push(
      failure(
        'read-only',
        `${where} is on a file system that cannot be written`,
        'mount it for writing (mount | grep ro,)',
      ),
    );
  }
  return problems;
}

export function failure(code: string, message: string, remedy: string | undefined): Problem {
  return {severity: 'error', code, message, remedy};
}

export function warning(code: string, message: string, remedy: string | undefined): Problem {
  return {severity: 'warning', code, message, remedy};
}

/** One line about what a target gets, for events. */
export function describeTarget(target: PlannedTarget): string {
  const values = `${describeReading(target.before)} -> ${describeReading(target.after)}`;
  return target.write.kind === 'none' ? `restart ${target.unit}` : `${target.file ?? ''}: ${values}`;
}
