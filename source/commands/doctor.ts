import {diagnose} from '../app/doctor/diagnose.js';
import type {Diagnosis} from '../app/doctor/diagnosis.js';
import type {Finding} from '../app/doctor/doctor-types.js';
import {hasErrors} from '../app/doctor/missing.js';
import {conclusionLines, explanationLines, findingLines} from '../text/doctor.js';
import {doctorToJson} from '../text/doctor-json.js';
import {type CommandContext, defineCommand} from './command.js';
import {codeFlags, ONE_LOOK} from './doctor-flags.js';
import {showDoctor} from './doctor-screen.js';
import {option, parseText, toggle} from './flag.js';
import {openSession} from './rollout-session.js';
import {intervalFlag, runFlags} from './run-flags.js';

const {parallel, transport, askBecomePass} = runFlags;

/** Why servers are still there, and what is wrong with the set-up. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'why is it still there; what is wrong with the set-up',
  args: [{syntax: '[server...]', help: 'names or ids; without one, every server that is late or never goes'}],
  flags: {
    ...codeFlags,
    once: toggle(
      '--once',
      'the findings as text, then the end; without it a terminal shows the screen',
      ONE_LOOK,
    ),
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
  isScreen: (isJson, flags) => !isJson && !flags.once && flags.report === undefined,
  examples: [
    'reprieve doctor',
    'reprieve doctor web-1',
    'reprieve doctor --once',
    'reprieve doctor --ignore ComputesDiffer --report ticket.md',
    'reprieve doctor --json | jq -r \'.findings[] | select(.severity == "error").message\'',
  ],
  async run(context, {args, flags}) {
    const {output, terminal} = context;
    const complaint = {
      servers: args,
      assumedSeconds: flags.interval,
      only: flags.only,
      ignored: flags.ignore ?? new Set(),
    };
    const isText = output.isJson || flags.once || flags.report !== undefined;
    const canDraw = terminal.isStdinTty && terminal.isStdoutTty && !terminal.isDumb;
    if (canDraw && !isText) return showDoctor(context, flags, complaint);
    const session = await openSession(context, flags);
    const told = new Set<string>();
    const diagnosis = await diagnose(
      session.ports,
      {
        ...complaint,
        loadFleet: session.loadFleet,
        parallel: flags.parallel,
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
    return hasErrors(diagnosis) ? 1 : 0;
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
