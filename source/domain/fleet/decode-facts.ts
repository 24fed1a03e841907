import {
  blockOf,
  damagedNumberOf,
  damagedTextOf,
  decodeLines,
  digestOf,
  numberOf,
  rowsOf,
  textOf,
  valueOf,
  wordOf,
  type Lines,
} from './decode-lines.js';
import {digestOfCondensed} from '../oslo/condensed.js';
import {decodeLockOwner} from './decode-lock.js';
import {decodeListeners, decodeUnit} from './decode-unit.js';
import type {
  FileFacts,
  NodeFacts,
  NodeRecord,
  ProcessFacts,
  Role,
  UnitFacts,
  UnreadableFile,
} from './node-facts.js';

const ROLES: readonly Role[] = ['compute', 'api'];
const UNREADABLE = ['missing', 'unreadable', 'not-a-file', 'odd-name'] as const;

/**
 * Reads what `facts.sh` printed. Lines with unknown keys are left aside.
 *
 * Throws `Error` with what is odd where the output is nonsense, or was cut.
 */
export function decodeFacts(stdout: Uint8Array): NodeFacts {
  const lines = decodeLines(stdout, 'facts');
  const nowSeconds = numberOf(valueOf(lines, 'now'), 'the time');
  const {files, vanished} = decodeFiles(lines, nowSeconds);
  return {
    hostname: valueOf(lines, 'hostname'),
    fqdn: valueOf(lines, 'fqdn'),
    bootId: valueOf(lines, 'boot'),
    nowMs: nowSeconds * 1000,
    osId: valueOf(lines, 'os').replace(/^["']|["']$/g, ''),
    isClockSynchronized: {yes: true, no: false}[rowsOf(lines, 'clock')[0]?.[0] ?? ''],
    isModuleRunning: {1: true, 0: false}[rowsOf(lines, 'modules')[0]?.[0] ?? ''],
    isServiceManagerSilent: rowsOf(lines, 'problem').some(([word]) => word === 'service-manager'),
    units: decodeUnits(lines),
    files,
    unreadable: [...decodeUnreadable(lines), ...vanished],
    directories: rowsOf(lines, 'directory').map((fields) => fields.join('\t')),
    lock: decodeLockOwner(lines),
    records: decodeRecords(lines),
    backups: rowsOf(lines, 'backup').map(([role, content]) => {
      const condensed = blockOf(content, 'content of a backup');
      return {
        role: wordOf(role, ROLES, 'the role of a backup'),
        digest: digestOf(digestOfCondensed(condensed), 'a backup'),
        condensed,
      };
    }),
  };
}

function decodeUnits(lines: Lines): readonly UnitFacts[] {
  const units = new Map<string, UnitFacts>();
  for (const [role, ...properties] of rowsOf(lines, 'show')) {
    const state = decodeUnit(properties);
    if (state.loadState === 'not-found' && state.mainPid === 0) continue;
    const sites = rowsOf(lines, 'site').filter(([unit]) => unit === state.unit);
    // A web server that does not serve nova-api is none of ours.
    if (isWebServer(state.unit) && !sites.some(([, kind]) => kind === 'nova')) continue;
    const command = rowsOf(lines, 'command').find(([unit]) => unit === state.unit);
    const facts: UnitFacts = {
      ...state,
      role: wordOf(role, ROLES, `the role of ${state.unit}`),
      process: decodeProcess(lines, state.unit),
      command: command?.slice(1).join('\t'),
      listeners: decodeListeners(lines, state.unit),
      sharedWith: sites.filter(([, kind]) => kind !== 'nova').map(([, , name = '']) => name),
    };
    units.set(`${facts.role} ${facts.unit}`, facts);
  }
  return [...units.values()];
}

function isWebServer(unit: string): boolean {
  return /^(apache2|httpd)([@-].*)?\.service$/.test(unit) || unit === 'uwsgi.service';
}

function decodeProcess(lines: Lines, unit: string): ProcessFacts | undefined {
  const row = rowsOf(lines, 'process').find(([name]) => name === unit);
  if (row === undefined) return undefined;
  const [, pid, started, argv, ...working] = row;
  const words = rowsOf(lines, 'argument')
    .filter(([name]) => name === unit)
    .map(([, word = '']) => wordOfProcess(word));
  const environment: Record<string, string> = {};
  for (const [name, entry = ''] of rowsOf(lines, 'environment')) {
    const sign = entry.indexOf('=');
    if (name !== unit || sign <= 0) continue;
    environment[entry.slice(0, sign)] ??= wordOfProcess(entry.slice(sign + 1));
  }
  const {HOME: home, ...rest} = environment;
  return {
    pid: numberOf(pid, `the main process of ${unit}`),
    ageSeconds:
      numberOf(valueOf(lines, 'uptime'), 'the time since boot') -
      numberOf(started, `the start of ${unit}`) /
        numberOf(valueOf(lines, 'ticks'), 'the clock ticks of a second'),
    argv: argv === '' ? words : textOf(argv, `command line of ${unit}`).replace(/\0$/, '').split('\0'),
    environment: rest,
    home,
    workingDirectory: working.join('\t'),
  };
}

/** Tabs and newlines travel as other bytes. */
function wordOfProcess(word: string): string {
  return word.replaceAll('\u0001', '\n').replaceAll('\u0002', '\t');
}

/** The lines about each file are joined by its path; one that vanished while it was read lacks some of them. */
function decodeFiles(
  lines: Lines,
  nowSeconds: number,
): {readonly files: readonly FileFacts[]; readonly vanished: readonly UnreadableFile[]} {
  const stats = new Map(rowsOf(lines, 'stat').map((row) => [pathOf(row.slice(7)), row]));
  const contents = new Map(rowsOf(lines, 'content').map((row) => [pathOf(row.slice(0, -1)), row.at(-1)]));
  const files: FileFacts[] = [];
  const vanished: UnreadableFile[] = [];
  for (const [isMounted, isWritable, realPath, ...rest] of rowsOf(lines, 'file')) {
    const path = pathOf(rest);
    const [size, mode, owner, group, links, modified, changed] = stats.get(path) ?? [];
    const content = contents.get(path);
    if (size === undefined || content === undefined) {
      vanished.push({path, reason: 'unreadable'});
      continue;
    }
    const condensed = blockOf(content, `content of ${path}`);
    files.push({
      path,
      realPath: realPath === '' ? path : textOf(realPath, `path of ${path}`),
      digest: digestOf(digestOfCondensed(condensed), path),
      size: numberOf(size, `the size of ${path}`),
      mode: mode ?? '',
      owner: owner ?? '',
      group: group ?? '',
      linkCount: numberOf(links, `the links of ${path}`),
      isMountPoint: isMounted === '1',
      isDirectoryWritable: isWritable === '1',
      ageSeconds: nowSeconds - numberOf(modified, `the time of ${path}`),
      statusAgeSeconds: nowSeconds - numberOf(changed, `the time of ${path}`),
      condensed,
    });
  }
  return {files, vanished};
}

/** Files are printed relative to the sysroot, `./etc/nova/nova.conf`; a tab in a name cannot occur. */
function pathOf(fields: readonly string[]): string {
  return fields.join('\t').replace(/^\./, '');
}

function decodeUnreadable(lines: Lines): readonly UnreadableFile[] {
  return rowsOf(lines, 'unreadable').map(([reason, ...path]) => ({
    path: path.join('\t'),
    reason: wordOf(reason, UNREADABLE, 'why a file cannot be read'),
  }));
}

/** One for each role of each run; what its files do not say stays empty. */
function decodeRecords(lines: Lines): readonly NodeRecord[] {
  const values = new Map<string, string>();
  for (const [run, role, key, value = ''] of rowsOf(lines, 'record'))
    values.set(`${run} ${role} ${key}`, value);
  for (const [run, role, word = ''] of rowsOf(lines, 'state')) values.set(`${run} ${role} state`, word);
  const working = new Set(rowsOf(lines, 'working').map(([run]) => run));
  return rowsOf(lines, 'kept').map(([run = '', roleWord, kept]) => {
    const role = wordOf(roleWord, ROLES, `the role of a record of run ${run}`);
    const value = (key: string) => values.get(`${run} ${role} ${key}`) ?? '';
    const text = (key: string) => damagedTextOf(value(key));
    return {
      run,
      role,
      operator: text('operator'),
      bastion: text('bastion'),
      since: damagedNumberOf(value('since')),
      file: text('file'),
      unit: text('unit'),
      digestBefore: value('before'),
      digestAfter: value('after'),
      valueBefore: text('value-before'),
      valueAfter: text('value-after'),
      state: value('state'),
      isRunning: working.has(run),
      hasBackup: kept === 'backup',
    };
  });
}
