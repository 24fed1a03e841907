import type {Document, Line} from './document.js';
import {normalizeGroup, type Assignment} from './parse.js';

/** What stands for text that is not shown. */
export const MASK = '***';

/**
 * Options of [DEFAULT] whose values are shown beside the one that is changed: they tell how deleting behaves,
 * and cannot hold a secret.
 */
const HARMLESS = new Set([
  'compute_driver',
  'debug',
  'enabled_apis',
  'instance_delete_interval',
  'maximum_instance_delete_attempts',
  'osapi_compute_workers',
  'periodic_enable',
  'periodic_fuzzy_delay',
  'reclaim_instance_interval',
  'report_interval',
  'running_deleted_instance_action',
  'running_deleted_instance_poll_interval',
  'running_deleted_instance_timeout',
  'service_down_time',
  'shelved_offload_time',
]);

const PLAIN_CONTINUATION = /^[ \t]+[\w.+-]+[ \t]*$/;

/** Whether an option's value may be shown where another option is the subject. */
export function isHarmless(group: string, option: string): boolean {
  return group === 'DEFAULT' && HARMLESS.has(option);
}

/**
 * A function that gives a line as it may be shown: whole only if it is blank, a section header, or sets an option
 * that is permitted. Of others the option's name stays, of comments the sign: nobody knows what was pasted into a
 * comment.
 */
export function maskLines(
  document: Document,
  changed: {readonly group: string; readonly option: string},
): (line: Line) => string {
  const group = normalizeGroup(changed.group);
  const isPermitted = (one: string, option: string): boolean =>
    (normalizeGroup(one) === group && option === changed.option) || isHarmless(one, option);
  const owners = new Map<number, Assignment>();
  for (const one of document.assignments) {
    for (let number = one.firstLine.number; number <= one.lastLine.number; number += 1) {
      owners.set(number, one);
    }
  }
  const headers = new Set(document.headers.map((header) => header.line.number));

  return (line) => {
    if (headers.has(line.number) || /^[ \t]*$/.test(line.text)) return line.text;
    const owner = owners.get(line.number);
    if (owner !== undefined) {
      const isFirst = line.number === owner.firstLine.number;
      // An indented comment below an option is a part of its value, and may hold anything.
      if (isPermitted(owner.group, owner.key) && (isFirst || PLAIN_CONTINUATION.test(line.text)))
        return line.text;
      if (!isFirst) return `    ${MASK}`;
      return /^[\w.-]+$/.test(owner.key) ? `${owner.key} = ${MASK}` : MASK;
    }
    const commented = /^[#;][ \t]?([\w-]+)[ \t]*[=:][ \t]*\S*[ \t]*$/.exec(line.text)?.[1];
    const section = document.headers.findLast((header) => header.line.number < line.number)?.name;
    if (commented !== undefined && section !== undefined && isPermitted(section, commented)) return line.text;
    if (/^[#;]\s*$/.test(line.text)) return line.text;
    return /^[#;]/.test(line.text) ? `${line.text[0]} ${MASK}` : MASK;
  };
}
