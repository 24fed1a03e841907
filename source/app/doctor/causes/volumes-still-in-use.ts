import {moment} from '../api-evidence.js';
import {openstack} from '../commands.js';
import type {Cause} from '../doctor-types.js';
import {counted, referenceOf} from '../subjects.js';

/** A reclaim goes on without Cinder, and leaves the attachments (nova: nova/compute/manager.py, `_shutdown_instance`). */
export const volumesStillInUse: Cause = {
  code: 'VolumesStillInUse',
  title: 'volumes that Cinder counts as attached to a server that is gone',
  about: 'cloud',
  find: (chart) =>
    chart.inquiry.gone.flatMap(({row, word, attachments = []}) => {
      if (attachments.length === 0) return [];
      const server = row === undefined ? {id: word, name: word} : referenceOf(row);
      return [
        {
          code: volumesStillInUse.code,
          severity: 'error' as const,
          certainty: 'certain' as const,
          because: 'Nova has the server no more, and Cinder has its attachments',
          subject: {kind: 'server' as const, server, host: row?.host},
          message: `gone, and ${counted(attachments.length, 'volume is', 'volumes are')} still in use by it`,
          evidence: [
            {
              from: 'cinder' as const,
              place: `GET /attachments?instance_id=${server.id} at ${moment(chart.now)}`,
              lines: attachments.map(
                ({volumeId, status}) => `"volume_id": "${volumeId}", "attach_status": "${status}"`,
              ),
              proof: undefined,
            },
          ],
          cause:
            'The periodic task has no token of a user: without [cinder] credentials on the host, and [service_user] where services must have a token, Cinder refuses it, and the server is destroyed all the same.',
          remedies: [
            {
              text: 'give nova-compute of that host [cinder] credentials, then set these volumes free',
              command: attachments
                .map(({volumeId}) =>
                  openstack(chart, 'volume', 'set', '--detached', '--state', 'available', volumeId),
                )
                .join(' && '),
              act: undefined,
            },
          ],
          servers: [],
        },
      ];
    }),
};
