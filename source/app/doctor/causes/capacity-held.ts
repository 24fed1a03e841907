import {moment} from '../api-evidence.js';
import type {Cause, HoldingProject} from '../doctor-types.js';
import {counted} from '../subjects.js';

/** Placement keeps the allocations of a soft-deleted server until it is reclaimed. */
export const capacityHeld: Cause = {
  code: 'CapacityHeld',
  title: 'capacity that soft-deleted servers hold, by project',
  about: 'cloud',
  find({inquiry: {projects = []}, now}) {
    const servers = projects.flatMap((project) => project.servers);
    if (servers.length === 0) return [];
    return [
      {
        code: capacityHeld.code,
        severity: 'info',
        certainty: 'certain',
        because: 'Nova lists them with their sizes',
        subject: {kind: 'cloud', hosts: []},
        message: `${counted(servers.length, 'soft-deleted server holds', 'soft-deleted servers hold')} ${sizeOf(servers)}`,
        evidence: [
          {
            from: 'nova',
            place: `GET /servers/detail?status=SOFT_DELETED at ${moment(now)}`,
            lines: projects
              .slice(0, MOST_PROJECTS)
              .map(
                (project) =>
                  `${nameOf(project)}: ${counted(project.servers.length, 'server')}, ${sizeOf(project.servers)}`,
              )
              .concat(
                projects.length > MOST_PROJECTS
                  ? [`and ${counted(projects.length - MOST_PROJECTS, 'more project')}`]
                  : [],
              ),
            proof: undefined,
          },
        ],
        cause:
          'A soft-deleted server keeps its disk, its ports and its place on the host until it is reclaimed: a host may be full though nothing runs there.',
        remedies: [
          {
            text: 'look who waits, and destroy sooner what nobody wants back',
            command: 'reprieve watch',
            act: {kind: 'watch'},
          },
        ],
        servers: [],
      },
    ];
  },
};

const MOST_PROJECTS = 10;

/** A project as findings call it. */
export function nameOf({name, id}: HoldingProject): string {
  return name ?? id;
}

function sizeOf(servers: HoldingProject['servers']): string {
  const vcpus = sum(servers.map((one) => one.vcpus));
  const memory = sum(servers.map((one) => one.memoryMib));
  return `${vcpus === undefined ? 'vCPUs unknown' : counted(vcpus, 'vCPU')} and ${memory === undefined ? 'memory unknown' : `${memory} MiB of memory`}`;
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (total, value) => (total === undefined || value === undefined ? undefined : total + value),
    0,
  );
}
