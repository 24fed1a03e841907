import {STEPS, type ChangeKind, type IntervalReading} from '../../domain/fleet/interval-change.js';
import type {Role} from '../../domain/fleet/node-facts.js';
import {isRunId} from '../../domain/fleet/run-id.js';
import type {Field} from '../decode.js';
import type {CloudIdentity} from '../ports.js';
import type {
  Impact,
  ImpactServer,
  Plan,
  PlannedEdit,
  PlannedTarget,
  PlannedWrite,
  Problem,
} from './plan-types.js';

const ROLES: readonly Role[] = ['compute', 'api'];
const CHANGES: readonly ChangeKind[] = ['same', 'on', 'longer', 'shorter', 'off', 'renumber', 'repair'];
const TEN_YEARS = 10 * 365 * 86_400;
const MOST_BYTES = 2 ** 31;
const MOST_SECONDS = 10 * 365 * 86_400;

/** The fields of a plan; others in a file are ignored with a warning. */
export const PLAN_FIELDS = [
  'version',
  'reprieve',
  'createdAt',
  'cloud',
  'intervalSeconds',
  'hosts',
  'sourceRun',
  'computesOnly',
  'targets',
  'leftOut',
  'unseenComputes',
  'isApiUnseen',
  'impact',
  'expectedSeconds',
  'problems',
] as const satisfies readonly (keyof Plan)[];

/** Reads a plan of version 1 and checks every field. Throws a `DecodeError` at the first that is not right. */
export function decodePlan(field: Field): Plan {
  const intervalSeconds = field.get('intervalSeconds').optional((one) => one.whole(0, TEN_YEARS));
  const sourceRun = field.get('sourceRun').optional((one) => one.text(isRunId, 'is not the id of a run'));
  if ((intervalSeconds === undefined) === (sourceRun === undefined)) {
    field.get('intervalSeconds').fail('or sourceRun must be given, not both');
  }
  const targets = field.get('targets').list(decodeTarget);
  const ids = new Set<string>();
  targets.forEach(({id}, index) => {
    if (ids.has(id)) field.get('targets').fail(`names ${id} twice, the second time in place ${index}`);
    ids.add(id);
  });
  return {
    version: 1,
    reprieve: field.get('reprieve').text(),
    createdAt: field.get('createdAt').whole(0, 8_640_000_000_000_000),
    cloud: decodeCloud(field.get('cloud')),
    intervalSeconds,
    hosts: field.get('hosts').optional((one) => one.text()),
    sourceRun,
    computesOnly: field.get('computesOnly').flag(),
    targets,
    leftOut: field.get('leftOut').list((one) => ({
      host: one.get('host').text(),
      problem: decodeProblem(one.get('problem')),
    })),
    unseenComputes: field.get('unseenComputes').list((one) => one.text()),
    isApiUnseen: field.get('isApiUnseen').flag(),
    impact: decodeImpact(field.get('impact')),
    expectedSeconds: field.get('expectedSeconds').whole(0, MOST_SECONDS),
    problems: field.get('problems').list(decodeProblem),
  };
}

function decodeTarget(field: Field): PlannedTarget {
  const host = field.get('host').text((text) => text !== '', 'is not the name of a host');
  const role = field.get('role').word(ROLES);
  const id = field.get('id').text((text) => text === `${host}/${role}`, `is not ${host}/${role}`);
  return {
    id,
    host,
    novaHost: field.get('novaHost').optional((one) => one.text()),
    role,
    before: decodeReading(field.get('before')),
    after: decodeReading(field.get('after')),
    running: decodeReading(field.get('running')),
    change: field.get('change').word(CHANGES),
    step: field.get('step').optional((one) => one.word(STEPS)),
    write: decodeWrite(field.get('write')),
    rawBefore: field.get('rawBefore').text(),
    rawAfter: field.get('rawAfter').text(),
    needsRestart: field.get('needsRestart').flag(),
    unit: field.get('unit').text(),
    stopTimeoutSeconds: field.get('stopTimeoutSeconds').number(),
    file: field.get('file').optional(decodePath),
    diff: field.get('diff').text(),
    clockOffset: field.get('clockOffset').optional((one) => one.number()),
    problems: field.get('problems').list(decodeProblem),
  };
}

function decodeReading(field: Field): IntervalReading {
  const kind = field.get('kind').word(['value', 'unset', 'empty', 'invalid', 'unknown']);
  switch (kind) {
    case 'value':
      return {kind, seconds: field.get('seconds').number()};
    case 'unset':
    case 'empty':
      return {kind};
    case 'invalid':
    case 'unknown':
      return {kind, problem: field.get('problem').text()};
  }
}

function decodeWrite(field: Field): PlannedWrite {
  const kind = field.get('kind').word(['edit', 'restore', 'none']);
  switch (kind) {
    case 'none':
      return {kind};
    case 'edit':
      return {
        kind,
        file: decodePath(field.get('file')),
        edit: decodeEdit(field.get('edit')),
        digestBefore: decodeDigest(field.get('digestBefore')),
      };
    case 'restore':
      return {
        kind,
        file: decodePath(field.get('file')),
        sourceRun: field.get('sourceRun').text(isRunId, 'is not the id of a run'),
        ...sourceRoleOf(field),
        digestBefore: decodeDigest(field.get('digestBefore')),
        digestAfter: decodeDigest(field.get('digestAfter')),
      };
  }
}

function sourceRoleOf(field: Field): {readonly sourceRole?: Role} {
  const sourceRole = field.get('sourceRole').optional((one) => one.word(ROLES));
  return sourceRole === undefined ? {} : {sourceRole};
}

function decodeEdit(field: Field): PlannedEdit {
  const before = decodeBytes(field.get('before'));
  const length = field.get('length').whole(0, MOST_BYTES);
  if (length !== before.length) field.get('length').fail('does not fit the bytes in "before"');
  return {
    offset: field.get('offset').whole(0, MOST_BYTES),
    length,
    before,
    after: decodeBytes(field.get('after')),
  };
}

function decodeImpact(field: Field): Impact {
  return {
    isKnown: field.get('isKnown').flag(),
    problem: field.get('problem').optional((one) => one.text()),
    destroyed: field.get('destroyed').list(decodeServer),
    stranded: field.get('stranded').list(decodeServer),
    harmlessInterval: field.get('harmlessInterval').optional((one) => one.whole(0, Number.MAX_SAFE_INTEGER)),
    busyHosts: field.get('busyHosts').list((one) => one.text()),
    downHosts: field.get('downHosts').list((one) => one.text()),
  };
}

function decodeServer(field: Field): ImpactServer {
  return {
    id: field.get('id').text(),
    name: field.get('name').text(),
    project_id: field.get('project_id').optional((one) => one.text()),
    host: field.get('host').text(),
    deleted_at: field
      .get('deleted_at')
      .optional((one) => one.text((text) => !Number.isNaN(Date.parse(text)), 'is not a time')),
  };
}

function decodeCloud(field: Field): CloudIdentity {
  return {
    cloud: field.get('cloud').text(),
    authUrl: field.get('authUrl').text(),
    region: field.get('region').optional((one) => one.text()),
    computeUrl: field.get('computeUrl').text(),
    projectId: field.get('projectId').optional((one) => one.text()),
  };
}

function decodeProblem(field: Field): Problem {
  return {
    severity: field.get('severity').word(['error', 'warning']),
    code: field.get('code').text(),
    message: field.get('message').text(),
    remedy: field.get('remedy').optional((one) => one.text()),
  };
}

function decodeDigest(field: Field): string {
  return field.text((text) => /^[0-9a-f]{64}$/.test(text), 'is not a SHA-256 digest');
}

function decodePath(field: Field): string {
  return field.text((text) => text.startsWith('/') && !text.includes('\0'), 'is not an absolute path');
}

function decodeBytes(field: Field): string {
  return field.text((text) => /^[\0-\u00ff]*$/.test(text), 'has characters that stand for no byte');
}
