import {formatInterval} from '../../../domain/duration.js';
import {reprieve} from '../commands.js';
import type {Cause} from '../doctor-types.js';
import {computesOf, counted, type SeenCompute, someNames, valueOf} from '../subjects.js';
import {valueEvidenceOf} from '../value-evidence.js';

/** Each host ends the time of its own servers by its own number. */
export const computesDiffer: Cause = {
  code: 'ComputesDiffer',
  title: 'computes that run with different intervals',
  about: 'cloud',
  find(chart) {
    const groups = new Map<number, SeenCompute[]>();
    for (const compute of computesOf(chart)) {
      const reading = valueOf(compute.seen);
      if (reading.kind !== 'value' || reading.seconds <= 0) continue;
      const group = groups.get(reading.seconds);
      if (group === undefined) groups.set(reading.seconds, [compute]);
      else group.push(compute);
    }
    const [most, ...others] = [...groups].toSorted(([, one], [, other]) => other.length - one.length);
    if (most === undefined || others.length === 0) return [];
    const rest = others.slice(0, 3).map(
      ([seconds, group]) =>
        `${someNames(
          group.map(({node}) => node.node.name),
          2,
        )} ${formatInterval(seconds)}`,
    );
    return [
      {
        code: computesDiffer.code,
        severity: 'warning',
        certainty: 'certain',
        because: 'each was read',
        subject: {
          kind: 'cloud',
          hosts: others.flatMap(([, group]) => group.map(({node}) => node.node.name)),
        },
        message: `computes wait differently: ${counted(most[1].length, 'host')} ${formatInterval(most[0])}, ${rest.join(', ')}${others.length > 3 ? `, and ${others.length - 3} more intervals` : ''}`,
        evidence: [most, ...others]
          .slice(0, 4)
          .flatMap(([, [first]]) => (first === undefined ? [] : [valueEvidenceOf(first)])),
        cause:
          'The host of a server decides how long it waits, so the same DELETE gives one user more time than another. That may be meant.',
        remedies: [
          {
            text: 'make them alike, or ignore this where it is meant',
            command: reprieve('apply', '--interval', formatInterval(most[0])),
            act: undefined,
          },
        ],
        servers: [],
      },
    ];
  },
};
