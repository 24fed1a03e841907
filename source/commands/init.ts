import {nobody} from '../app/init/ask.js';
import {runInit} from '../app/init/init.js';
import type {Given, InitEvent} from '../app/init/init-types.js';
import {UserError} from '../app/errors.js';
import {serviceProblem} from '../domain/fleet/host-variables.js';
import {accountNameProblem} from '../domain/fleet/names.js';
import {initEnd, initLines, initOpening, initToJson} from '../text/init.js';
import {askerAt} from './asker.js';
import {defineCommand, type CommandContext} from './command.js';
import {oneOf, option} from './flag.js';
import {profileNames} from './profile-names.js';
import {runFlags} from './run-flags.js';

const ONE_COMMAND = 'it is an answer for init';

const flags = {
  transport: option('--transport <name>', 'ssh2 or openssh', oneOf('ssh2', 'openssh'), {
    completes: ['ssh2', 'openssh'],
  }),
  user: option('--user <name>', 'who logs in on the nodes', checked(accountNameProblem), {
    notInProfile: ONE_COMMAND,
  }),
  askBecomePass: runFlags.askBecomePass,
  service: option('--service <unit>', 'the unit that runs nova-compute', checked(serviceProblem), {
    notInProfile: ONE_COMMAND,
  }),
};

/** Asks what a first profile needs, tries each answer, and writes it. */
export const init = defineCommand({
  name: 'init',
  summary: 'questions, one after the other; writes the profile',
  flags,
  examples: ['reprieve init', 'reprieve init --yes --cloud lab --inventory hosts.yml'],
  // It reads what is there by itself, and also where that is broken.
  usesProfile: false,
  async run(context, {flags: answers}) {
    const {common, output, signal} = context;
    const isInteractive = refuseWithoutTerminal(context);
    const composition = await context.compose();
    const ports = await composition.init({
      file: common.profile,
      names: profileNames({flags: {}}),
      isInteractive,
      notice: (text) => output.notice(`notice: ${text}`),
    });
    const {signs} = context.looks;
    const asker = common.yes ? nobody : askerAt(await composition.prompt(isInteractive));
    const given: Given = {
      cloud: common.cloud,
      inventory: common.inventory,
      apiHosts: common.apiHosts,
      hosts: common.hosts,
      transport: answers.transport,
      user: answers.user,
      service: answers.service,
      // A flag that is not there answers nothing: it is asked.
      asksSudoPassword: answers.askBecomePass || undefined,
    };
    const events: InitEvent[] = [];
    const tell = (event: InitEvent): void => {
      events.push(event);
      output.lines(initLines(event, signs));
    };
    output.lines(initOpening(ports.profile.file));
    try {
      const result = await runInit({...ports, asker}, given, tell, signal);
      if (output.isJson) output.json(initToJson(result, events));
      if (result.outcome === 'declined') {
        throw new UserError('refused', `nobody agreed, so ${result.file} was not written`, {
          remedy: 'run reprieve init again',
        });
      }
      // A variable that names the profile names it for the next command too.
      const isNamedEachTime = common.profile !== context.env['REPRIEVE_PROFILE'];
      output.lines(initEnd(result, isNamedEachTime ? common.profile : undefined, signs));
      return result.isCloudProved && result.isNodeProved ? 0 : 1;
    } catch (error) {
      if (signal.aborted && error === signal.reason) {
        output.notice('reprieve: interrupted; nothing was written');
        return 130;
      }
      throw error;
    }
  },
});

/** Whether somebody can be asked. Throws where nobody can, and has to be. */
function refuseWithoutTerminal({common, terminal}: CommandContext): boolean {
  const isInteractive = terminal.isStdinTty && terminal.isStderrTty;
  if (common.yes || (isInteractive && !common.json)) return isInteractive;
  const why = common.json ? '--json asks nothing' : 'there is no terminal to ask at';
  throw new UserError('refused', `init asks questions, and ${why}`, {
    remedy: 'answer them by flags: reprieve init --yes --cloud NAME --inventory FILE',
  });
}

function checked(problemOf: (text: string) => string | undefined): (text: string) => string {
  return (text) => {
    const problem = problemOf(text);
    if (problem !== undefined) throw new RangeError(problem.replace(/\.$/, ''));
    return text;
  };
}
