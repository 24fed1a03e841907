import {intervalQuery} from '../../../domain/fleet/role-config.js';
import {effectiveValue} from '../../../domain/oslo/effective.js';
import {MASK} from '../../../domain/oslo/mask.js';
import type {Cause, Finding} from '../doctor-types.js';
import {byHost, computesOf, referencesOf} from '../subjects.js';

/** The periodic task reads its servers from the replica, where one is set (nova: `use_slave=True`). */
export const replicaRead: Cause = {
  code: 'ReplicaRead',
  title: 'computes that read soft-deleted servers from a replica of the database',
  about: 'cloud',
  find: (chart) =>
    computesOf(chart).flatMap(({node, seen}): Finding[] => {
      const query = {...intervalQuery(seen.facts, seen.unit, 'slave_connection'), group: 'database'};
      const {source} = effectiveValue(seen.config.sources, query);
      if (source === undefined || source.raw === '') return [];
      const late = byHost(chart, ({standing}) => standing.cause === 'loop-late').find(
        ([host]) => host === seen.novaHost,
      )?.[1];
      return [
        {
          code: replicaRead.code,
          severity: late === undefined ? 'info' : 'warning',
          certainty: 'possible',
          because:
            late === undefined
              ? 'nothing is late there; whether the replica lags is not seen from here'
              : 'servers are past their time there; whether the replica lags is not seen from here',
          subject: {kind: 'node', host: node.node.name},
          message: 'it reads soft-deleted servers from a replica of the database',
          evidence: [
            {
              from: source.kind,
              place: source.kind === 'file' ? `${source.file}:${source.line}` : source.variable,
              lines: [`slave_connection = ${MASK}`],
              proof: undefined,
            },
          ],
          cause:
            'The periodic task looks for its servers in the replica of slave_connection: one that lags or stands still shows it old rows, or none.',
          remedies: [
            {
              text: 'compare the replica with the database: how far it is behind, and whether it runs',
              command: undefined,
              act: undefined,
            },
          ],
          servers: late === undefined ? [] : referencesOf(late),
        },
      ];
    }),
};
