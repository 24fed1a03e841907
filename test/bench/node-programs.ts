/** What reprieve sends to a compute node, as texts that plain `ssh` can feed. */
import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {candidateUnits} from '../../source/deployments/registry.js';
import type {Role} from '../../source/domain/fleet/node-facts.js';
import {
  type ChangeRequest,
  type NodeVariables,
  changeVariables,
  factsVariables,
  lockVariables,
  serviceVariables,
} from '../../source/domain/fleet/node-requests.js';
import {renderScript} from '../../source/domain/shell-quote.js';
import {type NodeProgram, PROGRAM_FILES} from '../../source/node/programs.js';
import type {Fleet} from './fleet.js';
import {type BenchHost, OPTION} from './host-files.js';
import type {Programs} from './plain-ssh.js';

async function programText(program: NodeProgram): Promise<string> {
  const folder = new URL('../../source/node/', import.meta.url);
  const parts = await Promise.all(
    PROGRAM_FILES[program].map(async (name) => readFile(new URL(name, folder), 'utf8')),
  );
  return parts.join('\n');
}

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

/** The edit is the same on every host: one line below the commented default. */
function changeOf(novaConf: string, interval: string): (host: BenchHost) => ChangeRequest {
  const before = `#${OPTION} = 0\n`;
  const offset = Buffer.byteLength(novaConf.slice(0, novaConf.indexOf(before))) + before.length;
  const replacement = `${OPTION} = ${interval}\n`;
  const action = {
    kind: 'edit',
    file: '/etc/nova/nova.conf',
    digestBefore: sha256(novaConf),
    digestAfter: undefined,
    offset,
    length: 0,
    replacement,
    valueBefore: '',
    valueAfter: interval,
  } as const;
  return (host) => ({
    sysroot: host.root,
    run: '20260101-120000-abcd',
    operator: 'bench',
    bastion: 'bench',
    pid: 4711,
    bootId: '11111111-2222-3333-4444-555555555555',
    steal: undefined,
    role: 'compute',
    action,
    restart: {unit: 'nova-compute.service', command: undefined},
    keepsLock: true,
  });
}

/**
 * The programs of a first run (facts, change, a look at the restarted service, unlock) and of one that finds
 * nothing to do (facts).
 */
export async function nodePrograms(fleet: Fleet, interval: string): Promise<Programs> {
  const names = ['facts', 'change', 'service', 'lock'] as const;
  const texts = new Map<NodeProgram, string>(
    await Promise.all(names.map(async (name) => [name, await programText(name)] as const)),
  );
  const render = (name: NodeProgram, variables: NodeVariables): string =>
    renderScript(name, texts.get(name) ?? '', variables).text;
  const requestOf = changeOf(fleet.novaConf, interval);
  return (host, isFirst) => {
    const sysroot = host.root;
    const unit = 'nova-compute.service';
    const facts = factsVariables({
      sysroot,
      option: OPTION,
      units: {compute: [unit], api: []},
      files: {compute: [], api: []},
      backupOf: undefined,
      wantsClock: true,
    });
    if (!isFirst) return [render('facts', facts)];
    const request = requestOf(host);
    return [
      render('facts', facts),
      render('change', changeVariables(request)),
      render('service', serviceVariables({sysroot, unit, startIdBefore: '4242:4242', limitSeconds: 30})),
      render('lock', lockVariables(request, 'unlock')),
    ];
  };
}

/** What doctor sends: its text for a node with this root folder, where any unit may have the roles. */
export async function examineProgram(): Promise<(sysroot: string, roles: readonly Role[]) => string> {
  const text = await programText('examine');
  return (sysroot, roles) => {
    const units = (role: Role) => (roles.includes(role) ? candidateUnits(role) : []);
    const variables = factsVariables({
      sysroot,
      option: OPTION,
      units: {compute: units('compute'), api: units('api')},
      files: {compute: [], api: []},
      backupOf: undefined,
      wantsClock: true,
    });
    return renderScript('examine', text, variables).text;
  };
}
