import {isOn} from '../../../domain/fleet/interval-change.js';
import {reprieve} from '../commands.js';
import type {Cause} from '../doctor-types.js';
import {apisOf, someNames, valueOf} from '../subjects.js';
import {valueEvidenceOf} from '../value-evidence.js';

/** The nova-api that serves a DELETE decides whether it is soft (nova: `ServersController._delete`). */
export const apiHostsDiffer: Cause = {
  code: 'ApiHostsDiffer',
  title: 'hosts of nova-api of which some are on and some are off',
  about: 'cloud',
  find(chart) {
    const known = apisOf(chart).filter(({seen}) => {
      const {kind} = valueOf(seen);
      return kind !== 'unknown' && kind !== 'invalid';
    });
    const on = known.filter(({seen}) => isOn('api', valueOf(seen)));
    const off = known.filter(({seen}) => !isOn('api', valueOf(seen)));
    const [first] = on;
    const [other] = off;
    if (first === undefined || other === undefined) return [];
    const names = off.map(({node}) => node.node.name);
    return [
      {
        code: apiHostsDiffer.code,
        severity: 'error',
        certainty: 'certain',
        because: 'each was read',
        subject: {kind: 'cloud', hosts: names},
        message: `${on.length} of ${known.length} nova-api hosts are on; ${someNames(names)} ${names.length === 1 ? 'is' : 'are'} off`,
        evidence: [valueEvidenceOf(first), valueEvidenceOf(other)],
        cause: 'Which nova-api serves a DELETE is chance, so one DELETE is soft and the next one is final.',
        remedies: [
          {
            text: 'make them alike',
            command: reprieve('apply', '--hosts', names.join(','), '--interval', 'TIME'),
            act: {kind: 'apply', hosts: names, intervalSeconds: undefined},
          },
        ],
        servers: [],
      },
    ];
  },
};
