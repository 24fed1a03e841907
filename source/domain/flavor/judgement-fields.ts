import {countCpus, listCpus, type CpuSet} from './cpu-set.js';
import {findingFields} from './finding.js';
import type {Judgement} from './judge.js';
import type {NumaTopology} from './numa.js';
import {Refusal} from './refusal.js';

/** More CPUs than this are not listed one by one. */
const MOST_LISTED = 65_536;

type Fields = Readonly<Record<string, unknown>>;

/**
 * A judgement as the plain object that `flavor check --json` prints: classes, orders and fields are Nova's own. Where
 * there are too many CPUs to list, the lists are null; the XML has them as ranges.
 */
export function judgementFields(judgement: Judgement): Fields {
  const {flavor, verdict, findings, boot, topology, numa, watchdog, xml} = judgement;
  return {
    name: flavor.name,
    verdict,
    findings: findings.map(findingFields),
    store: storeFields(judgement),
    boot: boot === undefined ? {ok: true} : {error: boot.error, kind: boot.kind},
    topology:
      topology instanceof Refusal
        ? refusalFields(topology)
        : 'refusal' in topology
          ? {...refusalFields(topology.refusal), preferred: topology.preferred, maximum: topology.maximum}
          : topology,
    numa: numa === undefined ? null : numa instanceof Refusal ? refusalFields(numa) : numaFields(numa),
    watchdog:
      watchdog === undefined
        ? null
        : watchdog instanceof Refusal
          ? refusalFields(watchdog)
          : {action: watchdog.action, model: watchdog.model},
    xml: {cpu: xml.cpu ?? null, watchdog: xml.watchdog ?? null},
  };
}

function refusalFields({error, kind, stage}: Refusal): Fields {
  return {error, kind, stage};
}

function storeFields({flavor, storeProblems, release}: Judgement): Fields {
  const verdicts = Object.keys(flavor.extraSpecs).map(
    (name) => [name, storeProblems.has(name) ? 'ValidationError' : 'accept'] as const,
  );
  return Object.fromEntries([['release', release.name], ...verdicts]);
}

/** The nodes with the fields of Nova's objects: CPUs one by one, the page size in KiB or as a negative word. */
export function numaFields(numa: NumaTopology): Fields {
  const count = numa.cells.reduce((sum, {shared, pinned}) => sum + countCpus(shared) + countCpus(pinned), 0);
  const list = (set: CpuSet): number[] | null => (count > MOST_LISTED ? null : listCpus(set));
  return {
    cells: numa.cells.map(({id, shared, pinned, memoryMib}) => ({
      id,
      cpuset: list(shared),
      pcpuset: list(pinned),
      memory_mb: memoryMib,
      pagesize_kb: numa.pageSizeKib ?? null,
      cpu_policy: numa.cpuPolicy ?? null,
      cpu_thread_policy: numa.threadPolicy ?? null,
    })),
    emulator_threads_policy: numa.emulatorPolicy ?? null,
  };
}
