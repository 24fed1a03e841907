import type {Place} from '../../../domain/oslo/effective.js';
import type {Cause} from '../doctor-types.js';
import {byHand, nodeFinding, serviceName} from '../node-finding.js';
import {placeEvidence} from '../value-evidence.js';

/** Later files win, and a variable of the environment wins over all of them (oslo.config). */
export const optionOverridden: Cause = {
  code: 'OptionOverridden',
  title: 'another place that sets another interval, and wins',
  about: 'node',
  holdsServers: true,
  find: (node) =>
    node.roles.flatMap((seen) => {
      const {source, overridden} = seen.config.effective;
      const loser = overridden.findLast((place) => source !== undefined && differs(place, source));
      if (source === undefined || loser === undefined) return [];
      return [
        nodeFinding(node, optionOverridden.code, {
          role: seen.role,
          severity: 'warning',
          certainty: 'certain',
          because: 'the files were read in the order in which the service reads them',
          message: `${serviceName(seen.role)} has ${quoted(source)}, not ${quoted(loser)}`,
          evidence: [placeEvidence(loser), placeEvidence(source)],
          cause:
            source.kind === 'environment'
              ? 'oslo.config takes a variable of the environment before any file.'
              : loser.kind === 'file' && loser.file === source.file
                ? 'Where a file sets an option twice, the last line counts.'
                : 'Where several files set an option, the file that is read last counts.',
          remedies: [
            byHand(
              source.kind === 'environment'
                ? `take ${source.variable} out of the unit's environment (systemctl cat ${seen.unit?.unit ?? 'UNIT'}), and restart`
                : `leave one of them, and restart; reprieve apply changes the one that counts`,
            ),
          ],
        }),
      ];
    }),
};

/** Defaults of packages are there to be overridden, and the same number twice harms nobody. */
function differs(place: Place, winner: Place): boolean {
  if (place.kind === 'file' && place.file.startsWith('/usr/')) return false;
  return place.raw.trim() !== winner.raw.trim();
}

/** In short: the evidence has the whole path. */
function quoted(place: Place): string {
  const from =
    place.kind === 'file'
      ? `${place.file.slice(place.file.lastIndexOf('/') + 1)}:${place.line}`
      : 'its environment';
  return `${place.raw === '' ? 'nothing' : place.raw} from ${from}`;
}
