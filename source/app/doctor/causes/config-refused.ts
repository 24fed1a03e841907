import type {Cause} from '../doctor-types.js';
import {byHand, nodeFinding, serviceName} from '../node-finding.js';

/** A file that a running service read long ago may be one that it does not start with any more. */
export const configRefused: Cause = {
  code: 'ConfigRefused',
  title: 'configuration files with which the service does not start',
  about: 'node',
  holdsServers: false,
  find: (node) =>
    node.roles.flatMap((seen) => {
      const {effective} = seen.config;
      if (effective.kind !== 'startup-error') return [];
      const runs = seen.unit?.process !== undefined;
      return [
        nodeFinding(node, configRefused.code, {
          severity: 'error',
          certainty: 'certain',
          because: 'the files were read as oslo.config reads them',
          message: `${serviceName(seen.role)} does not start with its files${runs ? ' again' : ''}`,
          evidence: [
            {
              from: 'file',
              place: effective.line === undefined ? effective.file : `${effective.file}:${effective.line}`,
              lines: [effective.message],
              proof: undefined,
            },
          ],
          cause: `oslo.config ends the start with ${effective.error}.${runs ? ' The process that runs read the file before it was like that.' : ''}`,
          remedies: [byHand('repair the file before anything restarts the service')],
        }),
      ];
    }),
};
