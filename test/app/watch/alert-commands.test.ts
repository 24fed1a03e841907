import test from 'ava';
import type {CommandEnd, Commands} from '../../../source/app/ports.js';
import {AlertCommands, type CommandNews} from '../../../source/app/watch/alert-commands.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';

const DONE: CommandEnd = {kind: 'exited', code: 0, complaint: ''};

/** Commands that take so many seconds each, or end when aborted. */
class SlowCommands implements Commands {
  readonly clock = new VirtualClock();
  readonly began: string[] = [];
  running = 0;
  most = 0;
  readonly #seconds: number;
  readonly #end: CommandEnd;

  constructor(seconds: number, end = DONE) {
    this.#seconds = seconds;
    this.#end = end;
  }

  async run(command: string, input: string, signal: AbortSignal): Promise<CommandEnd> {
    this.began.push(`${command} ${input}`);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    try {
      await this.clock.sleep(this.#seconds * 1000, signal);
      return this.#end;
    } catch {
      return {kind: 'killed', signal: 'SIGTERM', complaint: ''};
    } finally {
      this.running -= 1;
    }
  }
}

function givenTo(commands: SlowCommands, count: number, signal = new AbortController().signal) {
  const told: CommandNews[] = [];
  const runner = new AlertCommands({commands, clock: commands.clock}, 'page');
  const inputs = Array.from({length: count}, (_, index) => ({name: `s${index}`, input: `<${index}>`}));
  runner.give(inputs, (news) => told.push(news), signal);
  return {runner, told};
}

test('each runs with its input, in order, four at a time', async (t) => {
  const commands = new SlowCommands(2);
  const {runner, told} = givenTo(commands, 10);
  await runner.settled();
  t.deepEqual(
    commands.began,
    Array.from({length: 10}, (_, index) => `page <${index}>`),
  );
  t.is(commands.most, 4);
  t.is(commands.clock.seconds(), 6);
  t.deepEqual(told, []);
});

test('a failure is told, and the others go on', async (t) => {
  const end: CommandEnd = {kind: 'exited', code: 3, complaint: 'no route'};
  const commands = new SlowCommands(1, end);
  const {runner, told} = givenTo(commands, 2);
  await runner.settled();
  t.deepEqual(told, [
    {kind: 'command-failed', name: 's0', end},
    {kind: 'command-failed', name: 's1', end},
  ]);
});

test('one that takes longer than a minute is ended', async (t) => {
  const commands = new SlowCommands(3600);
  const {runner, told} = givenTo(commands, 1);
  await runner.settled();
  t.is(commands.clock.seconds(), 60);
  t.deepEqual(told, [{kind: 'command-late', name: 's0', seconds: 60}]);
});

test('what the queue has no room for is left out, and told', async (t) => {
  const commands = new SlowCommands(1);
  const {runner, told} = givenTo(commands, 510);
  t.deepEqual(told, [{kind: 'left-out', count: 6, waiting: 500}]);
  await runner.settled();
  t.is(commands.began.length, 504);
});

test('at the end those that run are ended, the others do not begin, and nothing is told', async (t) => {
  const commands = new SlowCommands(30);
  const stop = new AbortController();
  const {runner, told} = givenTo(commands, 9, stop.signal);
  await commands.clock.sleep(1000);
  stop.abort();
  await runner.settled();
  t.is(commands.began.length, 4);
  t.is(commands.running, 0);
  t.is(commands.clock.seconds(), 1);
  t.deepEqual(told, []);
});

test('what is no matter of the command comes out', async (t) => {
  const clock = new VirtualClock();
  const bug = new Error('bug');
  const runner = new AlertCommands({clock, commands: {run: async () => Promise.reject(bug)}}, 'page');
  runner.give([{name: 'web', input: ''}], () => {}, new AbortController().signal);
  t.is(await t.throwsAsync(runner.settled()), bug);
});
