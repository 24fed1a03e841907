import {PassThrough} from 'node:stream';
import test from 'ava';
import {askPlainly, choosePlainly, confirmPlainly} from '../../../source/adapters/terminal/plain-question.js';

function typewriter() {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {setRawMode: (isRaw: boolean) => modes.push(isRaw)});
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {input, output, modes, printed: () => text};
}

const never = new AbortController().signal;
const noInterrupt = (): void => {
  throw new Error('nobody pressed Ctrl-C');
};

test('a line is asked for without a single escape', async (t) => {
  const machine = typewriter();
  const answer = askPlainly('Type yes:', false, machine, never, noInterrupt);
  machine.input.write('yes\n');
  t.is(await answer, 'yes');
  t.is(machine.printed(), 'Type yes: ');
  t.deepEqual(machine.modes, []);
});

test('a secret is typed unseen, and can be corrected', async (t) => {
  const machine = typewriter();
  const answer = askPlainly('Passphrase:', true, machine, never, noInterrupt);
  for (const key of ['s', 'ö', 'x', '\u007F', 'z', '\r']) machine.input.write(key);
  t.is(await answer, 'söz');
  t.is(machine.printed(), 'Passphrase: \n');
  t.deepEqual(machine.modes, [true, false]);
});

test('a secret is unseen from the moment it is asked for', async (t) => {
  const machine = typewriter();
  const atQuestion: boolean[][] = [];
  machine.output.on('data', () => atQuestion.push([...machine.modes]));
  const answer = askPlainly('Passphrase:', true, machine, never, noInterrupt);
  machine.input.write('swift\n');
  t.is(await answer, 'swift');
  t.deepEqual(atQuestion[0], [true]);
});

test('one question after the other reads its own line', async (t) => {
  const machine = typewriter();
  for (const word of ['first', 'second']) {
    const answer = askPlainly('?', false, machine, never, noInterrupt);
    machine.input.write(`${word}\n`);
    t.is(await answer, word);
  }
});

test('an input that ends, and Ctrl-D, are no answer', async (t) => {
  const ended = typewriter();
  ended.input.end();
  t.is(await askPlainly('?', false, ended, never, noInterrupt), undefined);
  const closed = typewriter();
  const answer = askPlainly('?', true, closed, never, noInterrupt);
  closed.input.write('\u0004');
  t.is(await answer, undefined);
});

test('Ctrl-C while a secret is typed interrupts, and the terminal is as before', async (t) => {
  const machine = typewriter();
  const controller = new AbortController();
  const reason = new Error('interrupted');
  const answer = askPlainly('?', true, machine, controller.signal, () => controller.abort(reason));
  machine.input.write('se\u0003');
  t.is(await t.throwsAsync(answer), reason);
  t.deepEqual(machine.modes, [true, false]);
});

/** Types these lines one after the other, and keeps what was asked and said. */
function scripted(...typed: string[]) {
  const shown: string[] = [];
  return {
    shown,
    askLine: async (question: string) => {
      shown.push(question);
      const line = typed.shift();
      if (line === undefined) throw new Error('nothing more is typed');
      return line;
    },
    say: (line: string) => void shown.push(line),
  };
}

test('a choice is a number of a list that is printed once', async (t) => {
  const {shown, askLine, say} = scripted('0', '3', 'two', ' 2 ');
  t.is(await choosePlainly('Which?', ['one', 'two'], 0, askLine, say), 1);
  t.deepEqual(shown.slice(0, 4), ['Which?', '  1. one', '  2. two', 'Number from 1 to 2 (1):']);
  t.is(shown.filter((line) => line === 'That is no number from 1 to 2.').length, 3);
  const proposed = scripted('');
  t.is(await choosePlainly('Which?', ['one', 'two'], 1, proposed.askLine, proposed.say), 1);
});

test('yes and no, and what an empty line means', async (t) => {
  for (const [typed, proposed, wanted] of [
    ['', true, true],
    ['', false, false],
    ['Y', false, true],
    ['no', true, false],
  ] as const) {
    const {askLine, say, shown} = scripted(typed);
    t.is(await confirmPlainly('Sure?', proposed, askLine, say), wanted);
    t.deepEqual(shown, [proposed ? 'Sure? (Y/n)' : 'Sure? (y/N)']);
  }
  const {askLine, say, shown} = scripted('perhaps', 'y');
  t.true(await confirmPlainly('Sure?', false, askLine, say));
  t.is(shown[1], 'Answer with yes or no.');
});
