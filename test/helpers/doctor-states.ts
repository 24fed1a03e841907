/** What a doctor found: errors, warnings and a note on hosts and servers, told as the screen gets it. */
import {diagnose} from '../../source/app/doctor/diagnose.js';
import type {Diagnosis} from '../../source/app/doctor/diagnosis.js';
import type {Finding, UnseenNode} from '../../source/app/doctor/doctor-types.js';
import {actionOf, type Key} from '../../source/ui/keys.js';
import {doctorBindings, doctorText} from '../../source/ui/screens/doctor/keys.js';
import {startDoctor, updateDoctor} from '../../source/ui/screens/doctor/model.js';
import type {
  DoctorAction,
  DoctorEffect,
  DoctorOptions,
  DoctorState,
} from '../../source/ui/screens/doctor/state.js';
import {typeKey} from '../../source/ui/components/field.js';
import {FakeDoctor} from './fake-doctor.js';
import {FakeFleet} from './fake-fleet.js';
import {checkPlace} from './key-places.js';

export const NOW = Date.parse('2026-11-22T03:12:40Z');
const HELD = ['legacy-ftp', 'build-cache', 'wiki-2019'];

/** A look at four computes and an API node; three servers on the first one are stuck. */
export async function lookedAt(): Promise<Diagnosis> {
  const fleet = new FakeFleet({computes: 4, apis: 1, compute: '2h', api: '7200'});
  const doctor = new FakeDoctor(fleet);
  for (const name of HELD) doctor.waiting.delete(name, 90_000, {host: 'compute-1'});
  const stop = new AbortController();
  return diagnose(doctor.ports(), doctor.options(), () => {}, stop.signal);
}

/** A finding about a node; the rest as it is of an unreadable interval. */
export function found(host: string, changes: Partial<Finding> = {}): Finding {
  return {
    code: 'IntervalUnreadable',
    severity: 'error',
    certainty: 'certain',
    because: 'the file was read as oslo.config reads it',
    subject: {kind: 'node', host},
    message: 'its interval "2h" is no number',
    evidence: [
      {
        from: 'file',
        place: '/etc/nova/nova.conf:14',
        lines: ['reclaim_instance_interval = 2h'],
        proof: 'reclaim_instance_interval = 2h',
      },
      {
        from: 'log',
        place: undefined,
        lines: [
          "2026-11-22 03:12:10.118 2217 ERROR oslo_service.periodic_task [-] Error during ComputeManager._reclaim_queued_deletes: oslo_config.cfg.ConfigFileValueError: Value for option reclaim_instance_interval from LocationInfo(location=<Locations.user: (4, True)>, detail='/etc/nova/nova.conf') is not valid: invalid literal for int() with base 10: '2h'",
        ],
        proof: "invalid literal for int() with base 10: '2h'",
      },
    ],
    cause:
      'oslo.config reads whole seconds only. Nova starts, then fails each time it looks: nothing there is ever reclaimed, and every final delete there ends in ERROR.',
    remedies: [
      {
        text: 'write 7200, restart nova-compute',
        command: `reprieve apply --hosts ${host} --interval 2h`,
        act: {kind: 'apply', hosts: [host], intervalSeconds: 7200},
      },
    ],
    servers: [],
    ...changes,
  };
}

const SERVERS = HELD.map((name) => ({id: name, name}));

/** One of each kind. */
export const FINDINGS: readonly Finding[] = [
  found('compute-1', {servers: SERVERS}),
  found('compute-2', {
    code: 'HostDown',
    message: 'nova-compute is down since 02:51',
    evidence: [
      {
        from: 'nova',
        place: 'os-services',
        lines: ['down, last seen 02:50:31; forced_down no'],
        proof: 'down',
      },
    ],
    cause: 'While it is down a DELETE there is final, and restores wait.',
    remedies: [{text: 'start nova-compute there', command: undefined, act: undefined}],
  }),
  ...['compute-3', 'compute-4'].map((host) =>
    found(host, {
      code: 'CinderCredentialsMissing',
      severity: 'warning',
      certainty: 'likely',
      message: 'no [cinder] credentials',
      evidence: [],
      remedies: [],
    }),
  ),
  found('', {
    code: 'RestoreFailed',
    severity: 'warning',
    subject: {kind: 'server', server: {id: 'wiki-2019', name: 'wiki-2019'}, host: 'compute-1'},
    message: 'its restore failed',
    evidence: [],
    remedies: [
      {
        text: 'restore it again',
        command: 'reprieve restore wiki-2019',
        act: {kind: 'restore', serverId: 'wiki-2019'},
      },
      {text: 'destroy it', command: 'reprieve purge wiki-2019', act: {kind: 'purge', serverId: 'wiki-2019'}},
    ],
  }),
  found('', {
    code: 'CapacityHeld',
    severity: 'info',
    subject: {kind: 'cloud', hosts: []},
    message: 'soft-deleted servers hold 12 vCPUs',
    evidence: [],
    remedies: [],
  }),
];

/** A whole look with these findings. */
export async function diagnosed(changes: Partial<Diagnosis> = {}): Promise<Diagnosis> {
  const looked = await lookedAt();
  return {
    ...looked,
    findings: FINDINGS,
    wells: [{who: '1 API node', what: 'on, process newer than its files, clock agrees'}],
    ...changes,
  };
}

/** The same before everything was read: findings without servers. */
export function soFar(diagnosis: Diagnosis, findings: readonly Finding[], nodes = 1): Diagnosis {
  return {
    ...diagnosis,
    findings: findings.map((one) => ({...one, servers: []})),
    blind: [],
    chart: undefined,
    extent: {...diagnosis.extent, nodes, servers: 0},
  };
}

/** A node that was not seen. */
export function unseenOf({chart}: Diagnosis, problem: string): UnseenNode {
  const node = chart?.nodes[0]?.node;
  if (node === undefined) throw new Error('nothing was looked at');
  return {node, problem};
}

export const OPTIONS: DoctorOptions = {servers: [], placeFlags: ['--cloud', 'fra1'], isReadOnly: false};

/** The screen without its shell: actions and keys go in, states and effects come out. */
export class DoctorDriver {
  state: DoctorState;
  effects: readonly DoctorEffect[];

  constructor(options: Partial<DoctorOptions> = {}) {
    const {state, effects} = startDoctor({...OPTIONS, ...options});
    this.state = state;
    this.effects = effects;
    this.act({type: 'tick', now: NOW}, {type: 'signed-in', cloud: 'fra1'});
  }

  act(...actions: readonly DoctorAction[]): this {
    for (const action of actions) {
      const {state, effects} = updateDoctor(this.state, action);
      this.state = state;
      this.effects = effects;
    }
    return this;
  }

  looked(diagnosis: Diagnosis): this {
    return this.act({type: 'looked', diagnosis, at: NOW, tookMs: 7200});
  }

  press(...keys: readonly Key[]): this {
    for (const key of keys) {
      const text = doctorText(this.state);
      const typed = text === undefined ? undefined : typeKey(text.field, key);
      const bindings = doctorBindings(this.state);
      if (text === undefined) checkPlace(bindings, 'doctor');
      const action = text !== undefined && typed !== undefined ? text.change(typed) : actionOf(bindings, key);
      if (action !== undefined) this.act(action);
    }
    return this;
  }
}
