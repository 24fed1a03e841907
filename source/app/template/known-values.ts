import {formatInterval} from '../../domain/duration.js';
import type {Role} from '../../domain/fleet/node-facts.js';
import {UserError} from '../errors.js';
import {flavorOf, readDraft, projectWords, type FlavorDraft} from '../flavor/draft.js';
import type {NamedFlavor} from '../flavor/named-flavor.js';
import type {CloudLabel} from '../home/home-ports.js';
import type {Plan, PlannedTarget} from '../rollout/plan-types.js';
import type {RunSummary} from '../rollout/run-history.js';

/** What is known under one word, by name. What is unknown is not in it. */
export type KnownValues = Readonly<Record<string, unknown>>;

/** Something that values can come from, with what it is called: `run 20261120-1620`, `flavor db.large`. */
export type KnownSource = {
  readonly word: 'plan' | 'flavor' | 'cloud';
  readonly origin: string;
  readonly values: KnownValues;
};

/** Sources by their word, as templates name them; of two with one word the later counts. */
export function knownBy(sources: readonly KnownSource[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(sources.map(({word, values}) => [word, values]));
}

/**
 * What a plan says, as `plan.…`: `interval` in seconds, `computes` and `api` as lists of the inventory's names, `hosts`
 * with all of them, `compute_files`, `compute_units`, `api_files` and `api_units` as tables of what is edited and
 * restarted by host, `cloud`, `auth_url`, `region`. Throws `UserError` for a plan that has no interval of its own.
 */
export function planValues(plan: Plan): KnownValues {
  if (plan.intervalSeconds === undefined) {
    throw new UserError('usage', 'a plan that puts a run back has no interval of its own', {
      remedy: 'give --set interval=…, or another plan',
    });
  }
  return settledValues(plan.intervalSeconds, plan.targets, plan);
}

/** The same of a run: what it set, where. Undefined for one that puts another back, and one that never had a plan. */
export function runValues({
  intervalSeconds,
  targets,
  plan,
}: Pick<RunSummary, 'intervalSeconds' | 'targets' | 'plan'>): KnownValues | undefined {
  if (intervalSeconds === undefined || plan === undefined) return undefined;
  return settledValues(intervalSeconds, targets, plan);
}

function settledValues(
  seconds: number,
  settled: readonly {readonly host: string; readonly role: Role}[],
  {targets, cloud: {cloud, authUrl, region}}: Plan,
): KnownValues {
  const hostsOf = (wanted: Role): string[] => [
    ...new Set(settled.filter(({role}) => role === wanted).map(({host}) => host)),
  ];
  const [computes, api] = [hostsOf('compute'), hostsOf('api')];
  const tableOf = (role: Role, textOf: (target: PlannedTarget) => string | undefined) =>
    Object.fromEntries(
      targets.flatMap((target): [string, string][] => {
        const text = target.role === role ? textOf(target) : undefined;
        return text === undefined || text === '' ? [] : [[target.host, text]];
      }),
    );
  // Where nothing is written a restart is all that is due, whatever files the service reads.
  const fileOf = ({write}: PlannedTarget) => (write.kind === 'none' ? undefined : write.file);
  const unitOf = ({unit}: PlannedTarget) => unit;
  return {
    interval: seconds,
    interval_in_words: formatInterval(seconds),
    computes,
    api,
    hosts: [...new Set([...computes, ...api])],
    compute_files: tableOf('compute', fileOf),
    compute_units: tableOf('compute', unitOf),
    api_files: tableOf('api', fileOf),
    api_units: tableOf('api', unitOf),
    cloud,
    auth_url: authUrl,
    region,
  };
}

/**
 * What a flavor is, as `flavor.…`: `name`, `id`, `vcpus`, `ram` and `swap` in MiB, `disk` and `ephemeral` in GiB,
 * `rxtx_factor`, `public`, `description`, `projects`, `extra_specs`, and of these `watchdog_action`.
 */
export function flavorValues({flavor, settings}: Pick<NamedFlavor, 'flavor' | 'settings'>): KnownValues {
  return {
    name: flavor.name,
    id: settings.id,
    vcpus: flavor.vcpus,
    ram: flavor.memoryMib,
    disk: flavor.diskGib,
    ephemeral: settings.ephemeralGib,
    swap: settings.swapMib,
    rxtx_factor: settings.rxtxFactor,
    public: settings.isPublic,
    description: settings.description,
    projects: settings.projects,
    extra_specs: flavor.extraSpecs,
    watchdog_action: flavor.extraSpecs['hw:watchdog_action'],
  };
}

/** A flavor that is designed: undefined as long as its sizes are none; without a name it has none here either. */
export function draftSource(draft: FlavorDraft): KnownSource | undefined {
  const flavor = flavorOf(draft);
  const {size} = readDraft(draft);
  if (flavor === undefined || size === undefined) return undefined;
  const {ephemeralGib, swapMib, rxtxFactor} = size;
  const {isPublic, description} = draft;
  const projects = isPublic ? undefined : projectWords(draft);
  const rest = {id: undefined, ephemeralGib, swapMib, rxtxFactor, isPublic, projects};
  const settings = {...rest, description: description === '' ? undefined : description};
  const isNamed = draft.name !== '';
  return {
    word: 'flavor',
    origin: isNamed ? `flavor ${draft.name}` : 'flavor that is designed',
    values: {...flavorValues({flavor, settings}), ...(isNamed ? {} : {name: undefined})},
  };
}

/** A cloud as it is, as `cloud.…`: `name`, `auth_url`, `region`, and `computes`, the names that Nova has for them. */
export function cloudValues(label: CloudLabel, computes: readonly string[]): KnownValues {
  return {name: label.name, auth_url: label.authUrl, region: label.region, computes};
}
