import {closeSync, openSync} from 'node:fs';
import {tmpdir} from 'node:os';
import test, {type ExecutionContext} from 'ava';
import {isTerminal} from '../../../source/adapters/terminal/is-terminal.js';

function opened(t: ExecutionContext, path: string): number {
  const descriptor = openSync(path, 'r');
  t.teardown(() => closeSync(descriptor));
  return descriptor;
}

test('folders, /dev/null, other devices and what is closed are no terminals', (t) => {
  t.false(isTerminal(opened(t, tmpdir())));
  t.false(isTerminal(opened(t, '/dev/null')));
  t.false(isTerminal(opened(t, '/dev/zero')));
  const closed = openSync('/dev/null', 'r');
  closeSync(closed);
  t.false(isTerminal(closed));
});

test('the controlling side of a pseudo-terminal is one', (t) => {
  t.true(isTerminal(opened(t, '/dev/ptmx')));
});
