import {checkQuota, type Shortage} from '../../../domain/reclaim/restore-checks.js';
import {moment} from '../api-evidence.js';
import {openstack} from '../commands.js';
import type {Cause, Chart, Finding, HoldingProject} from '../doctor-types.js';
import {counted, referenceOf} from '../subjects.js';
import {nameOf} from './capacity-held.js';

/** A restore adds the server to what its project uses, and is refused where there is no room (nova: `API.restore`). */
export const quotaBlocksRestore: Cause = {
  code: 'QuotaBlocksRestore',
  title: 'projects whose quota makes a restore fail',
  about: 'cloud',
  find: (chart) => (chart.inquiry.projects ?? []).flatMap((project) => findingsOf(project, chart)),
};

function findingsOf(project: HoldingProject, chart: Chart): readonly Finding[] {
  const {quota, servers, id} = project;
  if (quota === undefined) return [];
  const checked = servers.map((server) => ({
    server,
    short: checkQuota({kind: 'read', ...quota}, server).short,
  }));
  const blocked = checked.filter(({short}) => short.length > 0);
  const shortages = new Map(
    blocked
      .flatMap(({short}) => short)
      // Of each the largest need stays.
      .toSorted((one, other) => one.needed - other.needed)
      .map((one) => [one.what, one] as const),
  );
  if (blocked.length === 0) return [];
  return [
    {
      code: quotaBlocksRestore.code,
      severity: 'warning',
      certainty: 'likely',
      because: 'Nova counts at the restore itself, and by its own driver of quotas',
      subject: {kind: 'cloud', hosts: []},
      message: `project ${nameOf(project)} has no quota to restore ${blocked.length === servers.length ? (servers.length === 1 ? 'its server' : `any of its ${servers.length} servers`) : `${blocked.length} of its ${servers.length} servers`}`,
      evidence: [
        {
          from: 'quota',
          place: `GET /limits?tenant_id=${id} at ${moment(chart.now)}`,
          lines: [...shortages.values()].map(
            ({what, used, limit}) => `${WORDS[what]}: ${used} of ${limit} used`,
          ),
          proof: undefined,
        },
      ],
      cause: `Soft-deleted servers count for nothing in the usual quota, so a project can fill it meanwhile; a restore is then refused with 403. ${counted(blocked.length, 'server')} would be.`,
      remedies: [
        {
          text: 'raise the quota of the project before a restore',
          command: openstack(
            chart,
            'quota',
            'set',
            ...[...shortages.values()].flatMap(({what, used, needed}) => [OPTIONS[what], `${used + needed}`]),
            id,
          ),
          act: undefined,
        },
      ],
      servers: blocked.map(({server}) => referenceOf(server)),
    },
  ];
}

const WORDS: Readonly<Record<Shortage['what'], string>> = {
  instances: 'instances',
  cores: 'cores',
  memoryMib: 'ram (MiB)',
};

const OPTIONS: Readonly<Record<Shortage['what'], string>> = {
  instances: '--instances',
  cores: '--cores',
  memoryMib: '--ram',
};
