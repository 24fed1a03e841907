import type {Demo} from '../compose.js';
import {FAILURES, parseFailures} from '../demo/failures.js';
import {shellQuote} from '../domain/shell-quote.js';
import {countOf} from '../text/elapsed.js';
import {type CommandContext, defineCommand} from './command.js';
import {oneOf, optionWithDefault, wholeNumber} from './flag.js';

const NOT_A_SETTING = {notInProfile: 'it is about one embedded cloud, not a setting'};

/** What screens show beside the cloud's name. */
const MARK = {REPRIEVE_MARK: 'demo'};

/** A cloud of the program's own, in its process: other commands run in it, or another terminal does. */
export const demo = defineCommand({
  name: 'demo',
  summary: 'a cloud to try everything on, in this process; nothing needed but Node',
  args: [{syntax: '[command...]', help: 'a command to run in it, after --; else the home screen'}],
  flags: {
    nodes: optionWithDefault(
      '--nodes <n>',
      'nodes; one in six runs nova-api, three at most',
      wholeNumber(2, 1000),
      '12',
      NOT_A_SETTING,
    ),
    servers: optionWithDefault(
      '--servers <n>',
      'servers that run',
      wholeNumber(0, 100_000),
      '40',
      NOT_A_SETTING,
    ),
    seed: optionWithDefault(
      '--seed <n>',
      'another number, other servers',
      wholeNumber(0, 999_999_999),
      '1',
      NOT_A_SETTING,
    ),
    speed: optionWithDefault(
      '--speed <n>',
      'how much faster than in life Nova reports and reclaims; intervals stay true',
      wholeNumber(1, 1000),
      '5',
      NOT_A_SETTING,
    ),
    delayedDelete: optionWithDefault(
      '--delayed-delete <how>',
      'off, on (2h everywhere) or partly',
      oneOf('off', 'on', 'partly'),
      'off',
      {...NOT_A_SETTING, completes: ['off', 'on', 'partly']},
    ),
    fail: optionWithDefault(
      '--fail <list>',
      `what goes wrong where, HOST=WORD with commas: ${Object.keys(FAILURES).join(', ')}`,
      (text) => (text === 'none' ? [] : parseFailures(text)),
      'none',
      NOT_A_SETTING,
    ),
  },
  examples: [
    'reprieve demo',
    'reprieve demo -- plan --interval 2h',
    'reprieve demo --fail compute-03=restart -- apply --interval 2h --yes',
    'reprieve demo --delayed-delete on -- status',
  ],
  // What the operator has set up for real clouds has no meaning here; the terminal is the same.
  usesProfile: 'looks',
  async run(context, {args, flags}) {
    const {delayedDelete, fail, ...numbers} = flags;
    const composition = await context.compose();
    const cloud = await composition.demo({...numbers, start: delayedDelete, failures: fail});
    const {terminal, common, output} = context;
    const colour = common.noColor ? {NO_COLOR: '1'} : {};
    const canDraw = terminal.isStdinTty && terminal.isStdoutTty && !terminal.isDumb && !output.isJson;
    // Without a command that is the home screen.
    if (args.length > 0 || canDraw) return context.runCommand(args, {...cloud.env, ...colour, ...MARK});
    tell(context, cloud, delayedDelete);
    await interruption(context.signal);
    return 0;
  },
});

/** How another terminal gets to it. */
function tell({output}: CommandContext, {nodes, nova, operator}: Demo, start: string): void {
  const computes = nova.computes.size;
  const words = {off: 'off', on: 'on, 2 h', partly: 'on here and there'}[start] ?? start;
  if (output.isJson) {
    output.json({environment: operator.environmentFile, nodes: [...nodes.keys()]});
    return;
  }
  output.lines([
    `An embedded cloud: ${countOf(computes, 'compute')}, ${countOf(nodes.size - computes, 'API node')}, delayed delete ${words}.`,
    'In another terminal:',
    '',
    `    . ${shellQuote(operator.environmentFile)}`,
    '    reprieve plan --interval 2h',
    '',
    'Ctrl-C ends it and removes every file.',
  ]);
}

async function interruption(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), {once: true});
  });
}
