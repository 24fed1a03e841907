import {checkFlavors} from '../app/flavor/check-flavors.js';
import {UserError} from '../app/errors.js';
import type {Judgement, Verdict} from '../domain/flavor/judge.js';
import {judgementFields} from '../domain/flavor/judgement-fields.js';
import type {NovaRelease} from '../domain/flavor/nova-release.js';
import {Refusal} from '../domain/flavor/refusal.js';
import type {ExitCode} from '../text/errors.js';
import {checkSummary, inputLine, judgementLines} from '../text/flavor-check.js';
import type {CommandContext} from './command.js';

/** Flavors that are judged before they are printed and Ctrl-C is heard; those with much to print count as many. */
const AT_ONCE = 200;

/** `flavor check`: 0 where every flavor is fit, 1 where one is not, 2 where something of the input is none. */
export async function runFlavorCheck(
  context: CommandContext,
  files: readonly string[],
  release: NovaRelease,
): Promise<ExitCode> {
  const {output, signal, terminal} = context;
  if (files.length === 0 && terminal.isStdinTty) {
    throw new UserError('usage', 'flavor check was given no file', {
      remedy: 'name one, or pipe flavors in: openstack flavor list --long -f json | reprieve flavor check -',
    });
  }
  const counts: Record<Verdict, number> = {ok: 0, warning: 0, error: 0};
  let problems = 0;
  let judged: Judgement[] = [];
  let weight = 0;
  const print = (): void => {
    if (output.isJson) output.jsonLines(judged.map(judgementFields));
    else output.lines(judged.flatMap((one) => judgementLines(one, context.looks.signs)));
    judged = [];
    weight = 0;
  };
  const ports = (await context.compose()).flavorInputs();
  for await (const event of checkFlavors(files.length === 0 ? ['-'] : files, ports, release)) {
    if (event.kind === 'judged') {
      counts[event.judgement.verdict] += 1;
      judged.push(event.judgement);
      weight += weightOf(event.judgement);
      if (weight < AT_ONCE) continue;
    }
    print();
    if (event.kind === 'judged') {
      await output.drained();
      await new Promise((resolve) => setImmediate(resolve));
    } else {
      output.notice(inputLine(event));
      if (event.kind === 'problem' || event.kind === 'unusable') problems += 1;
    }
    signal.throwIfAborted();
  }
  print();
  if (counts.ok + counts.warning + counts.error > 0) {
    output.lines(['', checkSummary(counts, problems, release.name)]);
  }
  return problems > 0 ? 2 : counts.error > 0 ? 1 : 0;
}

/** How much there is to print, in flavors of the usual kind. */
function weightOf({topology, numa}: Judgement): number {
  const topologies = topology instanceof Refusal || 'refusal' in topology ? 0 : topology.possible.length;
  const cells = numa === undefined || numa instanceof Refusal ? 0 : numa.cells.length;
  return 1 + topologies / 50 + cells / 5;
}
