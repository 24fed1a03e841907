import {bytesOf, decodeLines, rowsOf, textOf} from '../fleet/decode-lines.js';

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
  if (problem !== undefined) return {kind: 'no-libvirt', reason: oneLine(textOf(problem, 'problem'))};
  const domains = new Map<string, DomainReading>();
  for (const [id = '', state = '', xml] of rowsOf(lines, 'domain')) {
    domains.set(id, {kind: 'found', state, xml: new TextDecoder().decode(bytesOf(xml, 'domain'))});
  }
  for (const [id = '', reason] of rowsOf(lines, 'missing')) {
    domains.set(id, {kind: 'missing', reason: oneLine(textOf(reason, 'reason'))});
  }
  return {kind: 'read', domains};
}

/** virsh puts an empty line after its errors, and `error:` before each. */
function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^error: /, '').trim())
    .filter((line) => line !== '')
    .join('; ')
    .slice(0, 300);
}
