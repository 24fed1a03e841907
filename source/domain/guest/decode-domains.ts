import {bytesOf, decodeLines, rowsOf, textOf} from '../fleet/decode-lines.js';
import {virshReason} from './virsh-reason.js';

/** A domain as a node has it. */
export type DomainReading =
  /** `state` in virsh's words, `running (booted)`; `xml` as it printed it. */
  | {readonly kind: 'found'; readonly state: string; readonly xml: string}
  /** virsh's reason, a line. */
  | {readonly kind: 'missing'; readonly reason: string};

/** What `domains.sh` printed. */
export type DomainsReading =
  | {readonly kind: 'read'; readonly domains: ReadonlyMap<string, DomainReading>}
  /** libvirt did not answer; why, a line. */
  | {readonly kind: 'no-libvirt'; readonly reason: string};

/** Reads it. Throws `Error` where that is nonsense or was cut. */
export function decodeDomains(stdout: Uint8Array): DomainsReading {
  const lines = decodeLines(stdout, 'domains');
  const problem = rowsOf(lines, 'problem')[0]?.[0];
  if (problem !== undefined) return {kind: 'no-libvirt', reason: virshReason(textOf(problem, 'problem'))};
  const domains = new Map<string, DomainReading>();
  for (const [id = '', state = '', xml] of rowsOf(lines, 'domain')) {
    domains.set(id, {kind: 'found', state, xml: new TextDecoder().decode(bytesOf(xml, 'domain'))});
  }
  for (const [id = '', reason] of rowsOf(lines, 'missing')) {
    domains.set(id, {kind: 'missing', reason: virshReason(textOf(reason, 'reason'))});
  }
  return {kind: 'read', domains};
}
