/** The doctor as somebody has it who works on the lab, with what it found by code and host. */
import {diagnose} from '../../source/app/doctor/diagnose.js';
import type {Diagnosis} from '../../source/app/doctor/diagnosis.js';
import type {Finding} from '../../source/app/doctor/doctor-types.js';
import {NO_PROFILE} from '../../source/adapters/files/no-profile.js';
import {compose} from '../../source/compose.js';
import {allNodes, type Lab, readOn} from './lab.js';
import type {LabOperator} from './lab-operator.js';
import {waitUntil} from './wait-until.js';

/** Looks at all of the lab once. */
export async function diagnoseLab(
  operator: LabOperator,
  servers: readonly string[] = [],
): Promise<Diagnosis> {
  const {signal} = new AbortController();
  const composition = compose({
    inventory: operator.inventory,
    hosts: undefined,
    apiHosts: [],
    profile: NO_PROFILE,
    env: {...process.env, ...operator.env},
    signal,
    whileAsking: async (work) => work(),
    asking: {isPlain: true, isColourless: true},
  });
  try {
    const ports = await composition.rollout({
      cloud: undefined,
      transport: 'ssh2',
      parallel: 50,
      askBecomePass: false,
      isInteractive: false,
      notice: () => {},
    });
    const options = {
      loadFleet: async (computes: readonly string[]) => composition.fleet(computes),
      parallel: 50,
      servers,
      assumedSeconds: undefined,
      only: undefined,
      ignored: new Set<string>(),
    };
    return await diagnose(ports, options, () => {}, signal);
  } finally {
    await composition.close();
  }
}

/** Lets the logs of all nodes begin now: what was broken before is no evidence any more. */
export async function emptyLogs(lab: Lab): Promise<void> {
  await Promise.all(
    allNodes(lab).map(async ({host}) =>
      readOn(lab, host, 'for log in /var/log/nova/*.log; do : >"$log"; done'),
    ),
  );
}

/** Errors and warnings as `Code host`, for messages. */
export function complaints({findings}: Diagnosis): readonly string[] {
  return findings
    .filter(({severity}) => severity !== 'info')
    .map(({code, subject, message}) => `${code} ${subject.kind === 'node' ? subject.host : '-'}: ${message}`);
}

/** The finding of this code about a node; undefined where there is none. */
export function findingOn({findings}: Diagnosis, code: string, host: string): Finding | undefined {
  return findings.find(
    (finding) => finding.code === code && finding.subject.kind === 'node' && finding.subject.host === host,
  );
}

/** Looks again until the finding is there. */
export async function waitForFinding(
  operator: LabOperator,
  code: string,
  host: string,
  limitSeconds: number,
): Promise<Finding> {
  return waitUntil(`${code} on ${host}`, limitSeconds, async () =>
    findingOn(await diagnoseLab(operator), code, host),
  );
}
