import {damagedNumberOf, damagedTextOf, rowsOf, type Lines} from './decode-lines.js';
import type {LockOwner} from './node-facts.js';

/**
 * The owner of a node's lock; undefined where it is free. A lock that says nothing of its owner is held too:
 * its run is empty.
 */
export function decodeLockOwner(lines: Lines): LockOwner | undefined {
  if (rowsOf(lines, 'locked').length === 0) return undefined;
  const values = new Map(rowsOf(lines, 'lock').map(([key = '', value = '']) => [key, value]));
  return {
    run: values.get('run') ?? '',
    operator: damagedTextOf(values.get('operator')),
    bastion: damagedTextOf(values.get('bastion')),
    pid: damagedNumberOf(values.get('pid')),
    bootId: values.get('boot') ?? '',
    since: damagedNumberOf(values.get('since')),
  };
}
