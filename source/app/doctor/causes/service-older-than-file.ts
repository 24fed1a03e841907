import {describeReading} from '../../../domain/fleet/interval-change.js';
import type {SeenRole} from '../../rollout/plan-target.js';
import {moment} from '../api-evidence.js';
import type {Cause, Evidence, NodeChart} from '../doctor-types.js';
import {applyThere, applyWhatIsMeant, nodeFinding, serviceName, startedAt} from '../node-finding.js';
import {readingWords, valueEvidence} from '../value-evidence.js';

/** A service reads the interval when it starts, and a SIGHUP does not make it read it again (nova: nova/service.py). */
export const serviceOlderThanFile: Cause = {
  code: 'ServiceOlderThanFile',
  title: 'a service that started before its file was changed',
  about: 'node',
  holdsServers: true,
  find: (node) =>
    node.roles.flatMap((seen) => {
      const {isProcessOlder, running, reading} = seen.config;
      const isSame =
        running.kind === reading.kind &&
        (running.kind !== 'value' || (reading.kind === 'value' && running.seconds === reading.seconds));
      if (!isProcessOlder || isSame) return [];
      const isKnown = running.kind !== 'unknown';
      const service = serviceName(seen.role);
      return [
        nodeFinding(node, serviceOlderThanFile.code, {
          role: seen.role,
          severity: 'warning',
          certainty: isKnown ? 'certain' : 'possible',
          because: isKnown
            ? 'the record of the run that wrote the file tells what stood there before'
            : 'the file is newer than the process; what stood there before is not known',
          message: isKnown
            ? `file says ${readingWords(seen)}, ${service} still has ${describeReading(running)}`
            : `file says ${readingWords(seen)}, and ${service} started before it was changed`,
          evidence: [valueEvidence(seen), ...timesOf(node, seen)],
          cause: `${service} reads the interval when it starts. A reload (SIGHUP) does not make it read it again.`,
          remedies:
            reading.kind === 'value' && reading.seconds >= 0
              ? [applyThere(node, reading.seconds, `restart ${seen.unit?.unit ?? service} (plan first)`)]
              : [applyWhatIsMeant(node, 'write the interval that is meant, and restart (plan first)')],
        }),
      ];
    }),
};

/** When the process started and when its newest file changed, by the node's clock. */
function timesOf(node: NodeChart, seen: SeenRole): readonly Evidence[] {
  const began = startedAt(node, seen);
  const age = ({ageSeconds, statusAgeSeconds}: (typeof files)[number]) =>
    Math.min(ageSeconds, statusAgeSeconds);
  const {files} = seen.config;
  const [newest] = files.toSorted((one, other) => age(one) - age(other));
  if (began === undefined || newest === undefined) return [];
  return [
    {
      from: 'process',
      place: seen.unit?.unit,
      lines: [
        `started ${moment(began)}`,
        `${newest.path} changed ${moment(node.facts.nowMs - age(newest) * 1000)}`,
      ],
      proof: undefined,
    },
  ];
}
