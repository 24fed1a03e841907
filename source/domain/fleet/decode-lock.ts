import {rowsOf, textOf, type Lines} from './decode-lines.js';
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
    operator: textOf(values.get('operator') ?? '', 'operator of the lock'),
    bastion: textOf(values.get('bastion') ?? '', 'bastion of the lock'),
    pid: Number(values.get('pid') ?? 0),
    bootId: values.get('boot') ?? '',
    since: Number(values.get('since') ?? 0),
  };
}
