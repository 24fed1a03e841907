import test from 'ava';
import {wantsColour} from '../../source/text/colour.js';
import {createPrinter, type Printer} from '../../source/text/printer.js';

type Options = {isJson?: boolean; canOverwrite?: boolean; hasColour?: boolean};

function printerInto(
  written: string[],
  {isJson = false, canOverwrite = false, hasColour = false}: Options,
): Printer {
  return createPrinter({
    stdout: {write: (text) => written.push(`out:${text}`), hasColour, columns: undefined},
    stderr: {write: (text) => written.push(`err:${text}`), hasColour, columns: 30},
    isJson,
    canOverwrite,
  });
}

test('with JSON, stdout gets JSON and nothing else', (t) => {
  const written: string[] = [];
  const printer = printerInto(written, {isJson: true});
  printer.line('for people');
  printer.progress({label: 'facts', done: 1, total: 2});
  printer.json({a: 1});
  printer.notice('a notice');
  t.deepEqual(written, ['out:{"a":1}\n', 'err:a notice\n']);
});

test('without JSON, stdout gets lines and no JSON', (t) => {
  const written: string[] = [];
  const printer = printerInto(written, {});
  printer.json({a: 1});
  printer.lines(['a', {text: 'b', tone: 'bad'}]);
  t.deepEqual(written, ['out:a\nb\n']);
});

test('who prints much can wait until stdout was read', async (t) => {
  const waits: string[] = [];
  const sink = {write: () => undefined, hasColour: false, columns: undefined};
  const stdout = {
    ...sink,
    drained: () => {
      waits.push('waited');
      return Promise.resolve();
    },
  };
  await createPrinter({stdout, stderr: sink, isJson: false, canOverwrite: false}).drained();
  t.deepEqual(waits, ['waited']);
  await createPrinter({stdout: sink, stderr: sink, isJson: false, canOverwrite: false}).drained();
});

test('many lines are written some hundreds at a time', (t) => {
  const numbers = Array.from({length: 1200}, (_, index) => index);
  for (const isJson of [true, false]) {
    const written: string[] = [];
    const printer = printerInto(written, {isJson});
    printer.jsonLines(numbers);
    printer.lines(numbers.map(String));
    t.is(written.length, 3);
    t.is(written.join('').replaceAll('out:', ''), `${numbers.join('\n')}\n`);
  }
});

test('on a terminal the progress line is overwritten and gives way to other lines', (t) => {
  const written: string[] = [];
  const printer = printerInto(written, {canOverwrite: true});
  printer.progress({label: 'facts', done: 1, total: 3});
  printer.line('node-1 done');
  printer.clearProgress();
  printer.line('end');
  t.deepEqual(written, [
    'err:\r\u001B[2Kfacts 1/3',
    'err:\r\u001B[2K',
    'out:node-1 done\n',
    'err:facts 1/3',
    'err:\r\u001B[2K',
    'out:end\n',
  ]);
});

test('a progress line is never wider than the terminal', (t) => {
  const written: string[] = [];
  printerInto(written, {canOverwrite: true}).progress({label: 'x'.repeat(100), done: 1, total: 3});
  t.is(written[0]?.length, 'err:\r\u001B[2K'.length + 29);
});

test('without a terminal progress is a plain line at every tenth', (t) => {
  const written: string[] = [];
  const printer = printerInto(written, {});
  for (let done = 0; done <= 100; done++) {
    printer.progress({detail: `${done} s`, label: 'facts', done, total: 100});
  }
  t.is(written.length, 11);
  t.is(written[0], 'err:0 s, facts 0/100\n');
  t.is(written.at(-1), 'err:100 s, facts 100/100\n');
});

test('a question has the terminal alone; what comes meanwhile is printed after the answer', async (t) => {
  const written: string[] = [];
  const printer = printerInto(written, {canOverwrite: true});
  printer.progress({label: 'facts', done: 1, total: 3});
  const answer = await printer.whileAsking(async () => {
    printer.progress({label: 'facts', done: 2, total: 3});
    printer.notice('careful');
    written.push('question');
    return Promise.resolve('yes');
  });
  t.is(answer, 'yes');
  t.deepEqual(written, [
    'err:\r\u001B[2Kfacts 1/3',
    'err:\r\u001B[2K',
    'question',
    'err:\r\u001B[2Kfacts 2/3',
    'err:\r\u001B[2K',
    'err:careful\n',
    'err:facts 2/3',
  ]);
});

test('what was held back is printed also where the question fails', async (t) => {
  const written: string[] = [];
  const printer = printerInto(written, {});
  await t.throwsAsync(
    printer.whileAsking(async () => {
      printer.line('a node is done');
      return Promise.reject(new Error('no answer'));
    }),
    {message: 'no answer'},
  );
  t.deepEqual(written, ['out:a node is done\n']);
});

test('colour is only for terminals that can, and nobody said no', (t) => {
  t.true(wantsColour({isTty: true, isRefused: false, env: {TERM: 'xterm'}}));
  t.true(wantsColour({isTty: true, isRefused: false, env: {NO_COLOR: ''}}));
  t.false(wantsColour({isTty: false, isRefused: false, env: {}}));
  t.false(wantsColour({isTty: true, isRefused: true, env: {}}));
  t.false(wantsColour({isTty: true, isRefused: false, env: {NO_COLOR: '0'}}));
  t.false(wantsColour({isTty: true, isRefused: false, env: {TERM: 'dumb'}}));
});
