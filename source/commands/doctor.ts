import {CAUSES} from '../app/doctor/causes/causes.js';
import {diagnose} from '../app/doctor/diagnose.js';
import type {Diagnosis} from '../app/doctor/diagnosis.js';
import type {Finding} from '../app/doctor/doctor-types.js';
import {nearestNames} from '../domain/nearest-names.js';
import {conclusionLines, explanationLines, findingLines} from '../text/doctor.js';
import {doctorToJson} from '../text/doctor-json.js';
import {type CommandContext, defineCommand} from './command.js';
import {option, parseList, parseText} from './flag.js';
import {openSession} from './rollout-session.js';
import {intervalFlag, runFlags} from './run-flags.js';

const {parallel, transport, askBecomePass} = runFlags;

const CODES = CAUSES.map(({code}) => code);

/** Codes of causes. Throws `RangeError` with the nearest one. */
function parseCodes(text: string): ReadonlySet<string> {
  return new Set(
    parseList(text).map((word) => {
      const found = CODES.find((code) => code.toLowerCase() === word.toLowerCase());
      if (found !== undefined) return found;
      const [nearest] = nearestNames(word, CODES, 1);
      throw new RangeError(
        `"${word}" is the code of no cause; ${nearest === undefined ? 'docs/doctor.md has them all' : `did you mean ${nearest}?`}`,
      );
    }),
  );
}

const ONE_LOOK = {notInProfile: 'it is about one look'};

/** Why servers are still there, and what is wrong with the set-up. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'why is it still there; what is wrong with the set-up',
  args: [{syntax: '[server...]', help: 'names or ids; without one, every server that is late or never goes'}],
  flags: {
    only: option('--only <codes>', 'look for these causes only, with commas', parseCodes, {
      ...ONE_LOOK,
      completes: CODES,
    }),
    ignore: option('--ignore <codes>', 'do not tell of these causes, with commas', parseCodes, {
      completes: CODES,
    }),
    report: option('--report <file>', 'write it as Markdown to a new file, for a ticket', parseText, {
      ...ONE_LOOK,
      completes: 'file',
    }),
    interval: {
      ...intervalFlag,
      help: 'what hosts should run with, and what is assumed of those that cannot be seen',
    },
    parallel,
    transport,
    askBecomePass,
  },
  profileSection: 'doctor',
  examples: [
    'reprieve doctor',
    'reprieve doctor web-1',
    'reprieve doctor --ignore ComputesDiffer --report ticket.md',
    'reprieve doctor --json | jq -r \'.findings[] | select(.severity == "error").message\'',
  ],
  async run(context, {args, flags}) {
    const {output} = context;
    const session = await openSession(context, flags);
    const told = new Set<string>();
    const diagnosis = await diagnose(
      session.ports,
      {
        loadFleet: session.loadFleet,
        parallel: flags.parallel,
        servers: args,
        assumedSeconds: flags.interval,
        only: flags.only,
        ignored: flags.ignore ?? new Set(),
      },
      (soFar) => tellSoFar(context, soFar, told),
      session.signals.stop,
    );
    output.clearProgress();
    if (output.isJson) output.json(doctorToJson(diagnosis));
    else tellAll(context, diagnosis, told);
    if (flags.report !== undefined) {
      const {doctorReport} = await import('../text/doctor-report.js');
      const composition = await context.compose();
      const text = doctorReport(diagnosis, composition.version());
      const file = await composition.writeNewPrivateFile(flags.report, text);
      if (!output.isJson) output.line(`Written to ${file}.`);
    }
    return diagnosis.findings.some(({severity}) => severity === 'error') ? 1 : 0;
  },
});

/** On a terminal what is wrong with a node is told as soon as it is known; else all is told in the end, by harm. */
function tellSoFar({output, terminal, looks}: CommandContext, soFar: Diagnosis, told: Set<string>): void {
  const {findings, extent, unseen, chart} = soFar;
  if (chart !== undefined || extent.nodesInAll === 0) return;
  output.progress({
    label: 'nodes looked at',
    done: extent.nodes + unseen.length,
    total: extent.nodesInAll,
  });
  if (!terminal.isStdoutTty) return;
  for (const finding of findings) tellOne(finding);

  function tellOne(finding: Finding): void {
    const key = keyOf(finding);
    if (told.has(key) || finding.severity === 'info') return;
    told.add(key);
    output.lines([...findingLines(finding, looks.signs), '']);
  }
}

function tellAll({output, looks}: CommandContext, diagnosis: Diagnosis, told: ReadonlySet<string>): void {
  const rest = diagnosis.findings.filter((finding) => !told.has(keyOf(finding)));
  output.lines([
    ...explanationLines(diagnosis, looks.signs),
    ...rest.flatMap((finding) => [...findingLines(finding, looks.signs), '']),
    ...conclusionLines(diagnosis, looks.signs),
  ]);
}

function keyOf({code, subject, message}: Finding): string {
  return JSON.stringify([code, subject, message]);
}
