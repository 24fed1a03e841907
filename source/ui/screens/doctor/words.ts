import type {Diagnosis} from '../../../app/doctor/diagnosis.js';
import type {Explanation} from '../../../app/doctor/explain.js';
import type {Evidence, EvidenceSource, ChangingAct, Severity} from '../../../app/doctor/doctor-types.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import type {AnySign} from '../../meaning.js';
import {type Counts, type DoctorRow, findingsOf} from './rows.js';
import type {Look} from './state.js';

/** What a severity is called, and its sign. */
export const SEVERITIES: Readonly<Record<Severity, {readonly word: string; readonly sign: AnySign}>> = {
  error: {word: 'error', sign: 'failed'},
  warning: {word: 'warning', sign: 'warning'},
  info: {word: 'note', sign: 'none'},
};

export function signOf(row: DoctorRow): AnySign {
  if (row.kind === 'missing') return 'failed';
  const [first] = findingsOf(row);
  return first === undefined ? 'unknown' : SEVERITIES[first.severity].sign;
}

/** What was looked at, and in how long: `498 nodes, 41 servers, 19 causes looked at in 7.2 s`. */
export function extentWords({extent, ignored}: Diagnosis, look: Look): string {
  const {nodes, servers, causes} = extent;
  const parts = [countOf(nodes, 'node'), countOf(servers, 'server'), countOf(causes, 'cause')];
  const took = look.kind === 'done' ? ` in ${tookWords(look.tookMs)}` : '';
  const kept = ignored === 0 ? '' : `, ${countOf(ignored, 'finding')} ignored`;
  return `${parts.join(', ')} looked at${took}${kept}`;
}

/** How far a look has come: `looking at 12 of 500 nodes`. */
export function progressWords(look: Extract<Look, {kind: 'looking'}>, isAgain: boolean): string {
  const again = isAgain ? ' again' : '';
  if (look.extent === undefined) return `looking${again}: Nova is asked first`;
  const {nodes, nodesInAll} = look.extent;
  if (nodesInAll === 0) return `looking${again} at servers`;
  return nodes < nodesInAll
    ? `looking${again} at ${formatCount(nodes)} of ${countOf(nodesInAll, 'node')}`
    : `looking${again} at servers, after ${countOf(nodesInAll, 'node')}`;
}

/** How it stands, as a sentence. */
export function verdictSentence(counts: Counts): string {
  const missing = counts.missing === 0 ? [] : [missingWords(counts.missing)];
  const severities = (['error', 'warning', 'info'] as const).flatMap((severity) =>
    counts[severity] === 0 ? [] : [countOf(counts[severity], SEVERITIES[severity].word)],
  );
  const parts = [...missing, ...severities];
  const calm = counts.unseen === 0 ? 'Nothing is wrong' : 'Nothing wrong was found';
  const found = parts.length === 0 ? calm : parts.join(', ');
  return counts.unseen === 0 ? `${found}.` : `${found}; not all could be seen.`;
}

/** Which server was named, and how and where it is. */
export function placeOf({server, status, host}: Explanation): string {
  return `${server.id}, ${status}${host === undefined ? '' : ` on ${host}`}`;
}

/** How many of the names stand for no server: `1 server not known`. */
export function missingWords(count: number): string {
  return `${countOf(count, 'server')} not known`;
}

/** What begins a remedy, beside its text. */
export function actNote({kind}: ChangingAct): string {
  switch (kind) {
    case 'apply':
      return 'plan and impact come first';
    case 'purge':
      return 'asks for its name first';
    case 'restore':
      return 'checks first';
  }
}

/** An act as a button says it. */
export function actLabel({kind}: ChangingAct): string {
  switch (kind) {
    case 'apply':
      return 'Set the interval';
    case 'purge':
      return 'Destroy it';
    case 'restore':
      return 'Restore it';
  }
}

const SOURCES: Readonly<Record<EvidenceSource, string>> = {
  file: 'file',
  environment: 'environ',
  log: 'log',
  unit: 'unit',
  process: 'process',
  clock: 'clock',
  ssh: 'ssh',
  nova: 'nova',
  cinder: 'cinder',
  quota: 'quota',
};

/** What stands before evidence, in eight cells at most. */
export function sourceWord({from}: Evidence): string {
  return SOURCES[from];
}

function tookWords(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 100 ? `${seconds.toFixed(1)} s` : `${formatCount(Math.round(seconds))} s`;
}
