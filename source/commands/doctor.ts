import {diagnose} from '../app/doctor/diagnose.js';
import type {Diagnosis} from '../app/doctor/diagnosis.js';
import {kindsOf} from '../app/doctor/kinds.js';
import {hasErrors} from '../app/doctor/missing.js';
import {conclusionLines, explanationLines, kindLines} from '../text/doctor.js';
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
    if (flags.report !== undefined) await (await context.compose()).checkNewFile(flags.report);
    const session = await openSession(context, flags);
    const diagnosis = await diagnose(
      session.ports,
      {
        ...complaint,
        loadFleet: session.loadFleet,
        parallel: flags.parallel,
      },
      (soFar) => tellProgress(context, soFar),
      session.signals.stop,
    );
    output.clearProgress();
    if (output.isJson) output.json(doctorToJson(diagnosis));
    else tellAll(context, diagnosis);
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

/** How far it has come; findings are told in the end, by harm, what is alike of several hosts once. */
function tellProgress({output}: CommandContext, {extent, unseen, chart}: Diagnosis): void {
  if (chart !== undefined || extent.nodesInAll === 0) return;
  output.progress({
    label: 'nodes looked at',
    done: extent.nodes + unseen.length,
    total: extent.nodesInAll,
  });
}

function tellAll({output, looks}: CommandContext, diagnosis: Diagnosis): void {
  output.lines([
    ...explanationLines(diagnosis, looks.signs),
    ...kindsOf(diagnosis.findings).flatMap((kind) => [...kindLines(kind, looks.signs), '']),
    ...conclusionLines(diagnosis, looks.signs),
  ]);
}
