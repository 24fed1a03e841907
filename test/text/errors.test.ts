import test from 'ava';
import {CloudError, NodeError, UserError} from '../../source/app/errors.js';
import {errorLines, exitCodeOf} from '../../source/text/errors.js';

test('each kind of error has its exit code, and a bug is 1', (t) => {
  t.is(exitCodeOf(new UserError('failed', 'x')), 1);
  t.is(exitCodeOf(new UserError('usage', 'x')), 2);
  t.is(exitCodeOf(new UserError('refused', 'x')), 3);
  t.is(exitCodeOf(new UserError('unreachable', 'x')), 4);
  t.is(exitCodeOf(new NodeError('n1', 'lost', 'x')), 4);
  t.is(exitCodeOf(new CloudError('configuration', 'x')), 2);
  t.is(exitCodeOf(new TypeError('x')), 1);
  t.is(exitCodeOf('thrown text'), 1);
});

test('a user error is one line: what and where, then what to do', (t) => {
  const error = new UserError('usage', 'inventory a\nb: it is \u001B[31mempty.', {remedy: 'give one'});
  t.deepEqual(errorLines(error, false), ['inventory a␊b: it is ␛[31mempty; give one']);
});

test('a remedy that is a sentence of its own begins as one', (t) => {
  const error = new UserError('failed', 'c1: nothing listens there', {remedy: 'Look at it with: ssh c1'});
  t.deepEqual(errorLines(error, false), ['c1: nothing listens there. Look at it with: ssh c1']);
});

test('a bug is one line that says how to get the stack', (t) => {
  const lines = errorLines(new TypeError('boom'), false);
  t.is(lines.length, 1);
  t.regex(lines[0] ?? '', /bug in reprieve: TypeError: boom; run it again with -v/);
});

test('with -v the stack follows, and the causes', (t) => {
  const cause = new Error('the cause');
  const lines = errorLines(new UserError('usage', 'what', {cause}), true);
  t.true(lines.some((line) => line.includes('errors.test')));
  t.true(lines.some((line) => line.startsWith('caused by Error: the cause')));
});

test('a circle of causes ends', (t) => {
  const error = new Error('a');
  error.cause = error;
  t.true(errorLines(error, true).length > 1);
});
