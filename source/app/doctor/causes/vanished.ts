import {RECLAIM_SECONDS} from '../../../domain/fleet/impact.js';
import {actionsEvidence, goneEvidence, moment} from '../api-evidence.js';
import {deletesSince} from '../deletes.js';
import type {Certainty, Chart, Evidence, Finding, GoneServer, Severity} from '../doctor-types.js';
import type {Cause} from '../doctor-types.js';
import {isMissing} from '../missing.js';
import {computesOf, referenceOf, valueOf} from '../subjects.js';

/** What became of servers that were named and are gone: the opposite complaint. */
export const vanished: Cause = {
  code: 'Vanished',
  title: 'a server that is gone: in its time, or too early, and by what',
  about: 'cloud',
  find: (chart) =>
    chart.inquiry.gone.filter((gone) => !isMissing(gone)).map((gone) => findingOf(gone, chart)),
};

type Told = {
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly because: string;
  readonly message: string;
  readonly cause: string;
};

function findingOf(gone: GoneServer, chart: Chart): Finding {
  const {row, actions, word} = gone;
  const server = row === undefined ? {id: word, name: word} : referenceOf(row);
  return {
    code: vanished.code,
    ...(row === undefined ? withoutRow(gone) : judge(gone, row, chart)),
    subject: {kind: 'server', server, host: row?.host},
    evidence: [
      ...(row === undefined ? [notFound(word, chart)] : [goneEvidence(row, chart.now)]),
      ...(actions === undefined || actions.length === 0 || row === undefined
        ? []
        : [actionsEvidence(row.id, actions, chart.now)]),
    ],
    remedies: [
      {
        text: 'a destroyed server cannot be restored; what is left are its volumes, snapshots and backups',
        command: undefined,
        act: undefined,
      },
    ],
    servers: [],
  };
}

function notFound(word: string, {now}: Chart): Evidence {
  return {
    from: 'nova',
    place: `at ${moment(now)}`,
    lines: [`no server with the id or the name ${JSON.stringify(word)}`],
    proof: undefined,
  };
}

function withoutRow({actions = []}: GoneServer): Told {
  const [newest] = deletesSince(actions);
  const when =
    newest?.startedAt === undefined ? '' : `; its newest delete was asked for at ${moment(newest.startedAt)}`;
  return {
    severity: 'info',
    certainty: 'certain',
    because:
      actions.length > 0
        ? 'Nova answers 404, and has actions of it'
        : 'Nova answers 404, and Cinder has volumes of it',
    message: `Nova has no such server any more${when}`,
    cause:
      'It was destroyed. Lists with deleted=true show destroyed rows until they are archived; without an administrator they are not shown.',
  };
}

/** The time of a DELETE is up to two seconds before the delete time, and Nova writes the end in whole seconds. */
const SLACK_MS = 3000;
/** A final delete is done within so long, as a rule. */
const FINAL_MS = 60_000;

const NO_HOST = 'A server without a host is always deleted for good.';

function judge({actions = []}: GoneServer, row: NonNullable<GoneServer['row']>, chart: Chart): Told {
  const [newest, before] = deletesSince(actions);
  const interval = intervalOf(row.host, chart);
  const gone = row.terminatedAt ?? row.updatedAt;
  const at = gone === undefined ? '' : ` at ${moment(gone)}`;
  // The API marks the row, and destroys it all the same.
  if (row.vmState === 'soft-delete') {
    if (row.host === undefined) {
      return {
        severity: 'info',
        certainty: 'certain',
        because: 'the API destroyed the row itself, and it names no host',
        message: `destroyed at once${at}: it had no host${isOffloaded(actions) ? ', it was shelved and offloaded' : ''}`,
        cause: NO_HOST,
      };
    }
    return {
      severity: 'warning',
      certainty: 'certain',
      because: 'the API destroyed the row itself, which leaves the state soft-delete in it',
      message: `destroyed at once${at}: its nova-compute counted as down`,
      cause:
        'Where the service of the host is down or forced down the API deletes by itself, and soft delete protects nothing.',
    };
  }
  if (row.launchedAt === undefined) {
    return {
      severity: 'info',
      certainty: 'certain',
      because: 'its row has no launched_at',
      message: `destroyed at once${at}: its guest never ran`,
      cause: 'Nova soft-deletes only what was launched once; the rest is deleted for good.',
    };
  }
  if (actions[0]?.action === 'restore') {
    return {
      severity: 'warning',
      certainty: 'likely',
      because: 'its newest action is a restore, and it was destroyed after it',
      message: `destroyed after a restore that failed${at}`,
      cause:
        'A restore empties the delete time first. Where the host cannot start the guest, the next tick takes the server, whatever the interval is.',
    };
  }
  const age = newest?.startedAt === undefined || gone === undefined ? undefined : gone - newest.startedAt;
  const isAtOnce = age === undefined || age <= FINAL_MS;
  if (isAtOnce && isOffloaded(actions)) {
    return {
      severity: 'info',
      certainty: 'likely',
      because: 'it was shelved, and nobody unshelved it before the delete',
      message: `destroyed at once${at}: it was shelved and offloaded`,
      cause: NO_HOST,
    };
  }
  // Later than that it was reclaimed: a DELETE that is soft begins the time anew.
  if (isAtOnce && newest !== undefined && before !== undefined) {
    return {
      severity: 'info',
      certainty: 'likely',
      because: 'more than one delete was asked for, and the actions do not tell which kind each was',
      message: `somebody destroyed it with another delete${newest.startedAt === undefined ? '' : ` at ${moment(newest.startedAt)}`}`,
      cause:
        'A forceDelete, or a DELETE where nova-api is off, ends the wait. Nova records both as "delete".',
    };
  }
  if (age === undefined) {
    return {
      severity: 'info',
      certainty: 'possible',
      because: 'Nova does not tell when it was deleted and when it ended',
      message: `it was destroyed${at}`,
      cause: 'What destroyed it cannot be told from what Nova still has of it.',
    };
  }
  if (interval !== undefined && age + SLACK_MS >= interval * 1000) {
    const isSlow = age > (interval + RECLAIM_SECONDS) * 1000 + SLACK_MS;
    return {
      severity: 'info',
      certainty: 'likely',
      because: 'its newest delete was longer ago than the interval that its host has now',
      message: `reclaimed in its time${at}`,
      cause: `It waited ${Math.round(age / 1000)} s, and its host has ${interval} s${isSlow ? ', so something held the reclaim up for a while' : ''}.`,
    };
  }
  if (age <= FINAL_MS) {
    return {
      severity: 'warning',
      certainty: 'likely',
      because: 'it ended within a minute of its only delete',
      message: `destroyed at once${at}: the delete was final`,
      cause:
        'The nova-api that served the DELETE was off, or somebody used forceDelete, which Nova records by the same name. With several nova-api hosts of which one is off, each DELETE is a coin toss.',
    };
  }
  return {
    severity: 'warning',
    certainty: interval === undefined ? 'possible' : 'likely',
    because:
      interval === undefined
        ? 'the interval of its host was not seen'
        : 'its newest delete was less long ago than the interval that its host has now',
    message: `reclaimed ${Math.round(age / 1000)} s after its delete${at}`,
    cause:
      interval === undefined
        ? 'The interval of its own host decided that; it was not looked at.'
        : `Its host has ${interval} s now: it had less then, or its clock was ahead.`,
  };
}

function intervalOf(host: string | undefined, chart: Chart): number | undefined {
  const compute = computesOf(chart).find(({seen}) => seen.novaHost === host);
  const reading = compute && valueOf(compute.seen);
  return reading?.kind === 'value' && reading.seconds > 0 ? reading.seconds : undefined;
}

/** The newest first: whether a shelving was the last thing before the deletes. */
function isOffloaded(actions: NonNullable<GoneServer['actions']>): boolean {
  const before = actions.find(({action}) => action !== 'delete' && action !== 'lock' && action !== 'unlock');
  return before?.action === 'shelve' || before?.action === 'shelveOffload';
}
