import {UserError} from '../app/errors.js';
import {lintFlavors} from '../app/flavor/lint-flavors.js';
import {isFailed, type FailOn, type LintPart, type LintReport} from '../app/flavor/lint-types.js';
import type {NovaRelease} from '../domain/flavor/nova-release.js';
import type {ExitCode} from '../text/errors.js';
import {lintLines, lintSummary} from '../text/flavor-lint.js';
import {lintJson} from '../text/flavor-lint-json.js';
import type {LintRun} from '../text/flavor-lint-sarif.js';
import type {CommandContext} from './command.js';

/** What `flavor lint` was asked for. */
export type LintRequest = {
  readonly release: NovaRelease | undefined;
  readonly failOn: FailOn;
  readonly all: boolean;
  readonly skip: ReadonlySet<LintPart>;
  readonly sarif: string | undefined;
  readonly junit: string | undefined;
};

/** Names of stdout. */
const STDOUT: ReadonlySet<string> = new Set(['-', '/dev/stdout']);

/** Rows that are printed before others of this process get their turn. */
const AT_ONCE = 2000;

/** `flavor lint`: 0 where nothing is wrong and everything was read, else 1. */
export async function runFlavorLint(context: CommandContext, request: LintRequest): Promise<ExitCode> {
  const {output, signal, common} = context;
  refuseMixedOutput(output.isJson, request);
  const composition = await context.compose();
  const {clock} = composition;
  const startedAt = clock.now();
  const {label, flavors} = await composition.flavors({
    cloud: common.cloud,
    notice: (text) => output.notice(`notice: ${text}`),
    isLongList: true,
  });
  const report = await lintFlavors(flavors, request, signal);
  const run: LintRun = {
    cloud: label.name,
    version: composition.version(),
    startedAt,
    endedAt: clock.now(),
    least: request.all ? 'info' : 'warning',
  };
  const isOnStdout = (file: string | undefined): boolean => file !== undefined && STDOUT.has(file);
  if (output.isJson) await printRows(context, lintJson(report), output.jsonLines);
  else if (!isOnStdout(request.sarif) && !isOnStdout(request.junit))
    await printReport(context, report, request);
  for (const [file, text] of await documents(report, run, request)) {
    if (isOnStdout(file)) await printRows(context, text.trimEnd().split('\n'), output.lines);
    else await composition.writePrivateFile(file, text);
  }
  return isFailed(report, request.failOn) ? 1 : 0;
}

/** Stdout is one document, and nothing else. */
function refuseMixedOutput(isJson: boolean, {sarif, junit}: LintRequest): void {
  const named = [
    isJson ? '--json' : '',
    STDOUT.has(sarif ?? '') ? `--sarif ${sarif ?? ''}` : '',
    STDOUT.has(junit ?? '') ? `--junit ${junit ?? ''}` : '',
  ];
  const [first, second] = named.filter((flag) => flag !== '');
  if (second === undefined) return;
  throw new UserError('usage', `${first ?? ''} and ${second} would both be on stdout`, {
    remedy: 'give --sarif or --junit a file',
  });
}

async function documents(
  report: LintReport,
  run: LintRun,
  {sarif, junit, failOn}: LintRequest,
): Promise<readonly (readonly [file: string, text: string])[]> {
  const made: [string, string][] = [];
  if (sarif !== undefined) {
    const {lintSarif} = await import('../text/flavor-lint-sarif.js');
    made.push([sarif, lintSarif(report, run)]);
  }
  if (junit !== undefined) {
    const {lintJunit} = await import('../text/flavor-lint-junit.js');
    made.push([junit, lintJunit(report, run, failOn)]);
  }
  return made;
}

async function printReport(context: CommandContext, report: LintReport, {all}: LintRequest): Promise<void> {
  const {output, looks} = context;
  let rows = 0;
  const lines = lintLines(report, {signs: looks.signs, isAll: all});
  await printRows(context, lines, (some) => {
    rows += some.length;
    output.lines(some);
  });
  output.lines([...(rows === 0 ? [] : ['']), ...lintSummary(report, looks.signs)]);
}

/** Prints so many rows at once, and waits until they are taken. */
async function printRows<Row>(
  {output, signal}: CommandContext,
  rows: Iterable<Row>,
  print: (rows: readonly Row[]) => void,
): Promise<void> {
  let some: Row[] = [];
  const flush = async (): Promise<void> => {
    print(some);
    some = [];
    await output.drained();
    signal.throwIfAborted();
  };
  for (const row of rows) {
    some.push(row);
    if (some.length >= AT_ONCE) await flush();
  }
  await flush();
}
