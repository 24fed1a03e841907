/** What reprieve sends to a node, as texts that plain `ssh` can feed: all facts in one, the change in another. */
import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {
  type ChangeRequest,
  changeVariables,
  factsVariables,
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
    digestAfter: sha256(novaConf.replace(before, before + replacement)),
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
    keepsLock: false,
  });
}

/** The programs of a first run (facts, change) and of one that finds nothing to do (facts). */
export async function nodePrograms(fleet: Fleet, interval: string): Promise<Programs> {
  const [facts, change] = await Promise.all([programText('facts'), programText('change')]);
  const request = changeOf(fleet.novaConf, interval);
  return (host, isFirst) => {
    const wanted = factsVariables({
      sysroot: host.root,
      option: OPTION,
      units: {compute: ['nova-compute.service'], api: []},
      files: {compute: [], api: []},
      backupOf: undefined,
      wantsClock: true,
    });
    const asked = renderScript('facts', facts, wanted).text;
    return isFirst ? [asked, renderScript('change', change, changeVariables(request(host))).text] : [asked];
  };
}
