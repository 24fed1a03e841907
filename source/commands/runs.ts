import {UserError} from '../app/errors.js';
import {forgetRun} from '../app/rollout/forget.js';
import {readNodeRecords} from '../app/rollout/node-records.js';
import {readOwnRuns} from '../app/rollout/own-runs.js';
import {mergeRecords, type FoundRecord, type RunSummary} from '../app/rollout/run-history.js';
import {isRunId} from '../domain/fleet/run-id.js';
import {userErrorLine} from '../text/errors.js';
import {runLines, runsLines} from '../text/runs.js';
import {runDetailToJson, runToJson} from '../text/runs-json.js';
import type {CommandContext} from './command.js';
import {defineCommand} from './command.js';
import {option, toggle} from './flag.js';
import {type NodeFlags, openSession, placeOfRun, refuseReadOnly} from './rollout-session.js';
import {runFlags} from './run-flags.js';

const {parallel, transport, askBecomePass} = runFlags;

/** Past runs of this operator; with --nodes also those of others, as the nodes know them. */
export const runs = defineCommand({
  name: 'runs',
  summary: 'past runs, and one in detail',
  args: [{syntax: '[run]', help: 'show this run in detail'}],
  flags: {
    parallel,
    transport,
    askBecomePass,
    nodes: toggle('--nodes', 'ask the nodes too: they know the runs of every operator'),
    forget: option(
      '--forget <run>',
      'remove an old run: its journal and its backups on the nodes',
      (text) => {
        if (!isRunId(text)) throw new RangeError(`"${text}" is not the id of a run`);
        return text;
      },
      {notInProfile: 'it removes one run'},
    ),
  },
  examples: ['reprieve runs', 'reprieve runs --nodes', 'reprieve runs 20261122-191641-ne9l'],
  async run(context, {args, flags}) {
    const {output, looks} = context;
    if (flags.forget !== undefined) return forget(context, flags, flags.forget);
    if (args[0] !== undefined && !isRunId(args[0])) {
      throw new UserError('usage', `"${args[0]}" is not the id of a run`, {remedy: 'see: reprieve runs'});
    }
    const own = await ownRuns(context, args[0]);
    const all = flags.nodes ? mergeRecords(own, await recordsOfNodes(context, flags, args[0])) : own;
    const [run] = args;
    const now = (await context.compose()).clock.now();
    if (run === undefined) {
      if (output.isJson) output.json(all.map((summary) => runToJson(summary)));
      else output.lines(runsLines(all, now, output.columns, looks.signs));
      return 0;
    }
    const summary = all.find((one) => one.run === run);
    if (summary === undefined) {
      throw new UserError('usage', `there is no run ${run} here`, {
        remedy: flags.nodes ? 'see: reprieve runs --nodes' : 'ask the nodes too, with --nodes',
      });
    }
    if (output.isJson) output.json(runDetailToJson(summary));
    else output.lines(runLines(summary, now, looks.signs));
    return 0;
  },
});

/** The runs of this operator. A damaged journal is told, and is an error only where that run was asked for. */
async function ownRuns(context: CommandContext, wanted: string | undefined): Promise<readonly RunSummary[]> {
  const {runs: found, damaged} = await readOwnRuns(await (await context.compose()).journals());
  for (const {run, problem} of damaged) {
    if (run === wanted) throw problem;
    if (wanted === undefined) context.output.notice(`notice: ${userErrorLine(problem)}`);
  }
  return found;
}

/** What runs left on the nodes. A node out of reach is told and left out. */
async function recordsOfNodes(
  context: CommandContext,
  flags: NodeFlags,
  run: string | undefined,
): Promise<readonly FoundRecord[]> {
  const place = run === undefined ? undefined : await placeOfRun(context, run);
  const session = await openSession(context, flags, place);
  const {ports, loadFleet, signals} = session;
  const {found, problems} = await readNodeRecords(ports, loadFleet, session.parallel, signals.stop);
  for (const problem of problems) context.output.notice(`notice: ${problem}`);
  return found;
}

async function forget(context: CommandContext, flags: NodeFlags, run: string): Promise<0 | 1> {
  refuseReadOnly(context, 'runs --forget');
  const session = await openSession(context, flags, await placeOfRun(context, run));
  const {ports, signals} = session;
  const services = await ports.cloud.services(signals.stop);
  const computes = services.filter(({binary}) => binary === 'nova-compute').map(({host}) => host);
  const {selected} = await session.loadFleet(computes);
  const problems = await forgetRun(ports, run, selected, session.parallel, signals.stop);
  for (const problem of problems) context.output.notice(problem);
  if (problems.length > 0) return 1;
  context.output.line(`run ${run} is forgotten`);
  if (context.output.isJson) context.output.json({run, forgotten: true});
  return 0;
}
