import {UserError} from '../app/errors.js';
import {type DrillSubject, prepareDrill} from '../app/guest/drill.js';
import {watchDrill} from '../app/guest/watch-drill.js';
import {findGuest} from '../app/guest/find-guest.js';
import {crashLines, drillEventLine, drillSubjectLines} from '../text/drill.js';
import {drillEventToJson} from '../text/drill-json.js';
import {verdictRemedy} from '../text/drill-verdict.js';
import {drillWord} from '../text/drill-word.js';
import {paragraph} from '../text/paragraph.js';
import {defineCommand} from './command.js';
import {option, optionWithDefault, parseText} from './flag.js';
import {openSession} from './rollout-session.js';
import {parseLimit, runFlags} from './run-flags.js';

const {parallel, transport, askBecomePass} = runFlags;
const ONE_COMMAND = {notInProfile: 'it is about one drill'};

/** Watches what the watchdog of a guest does that somebody crashes on purpose. */
export const drill = defineCommand({
  name: 'drill',
  summary: 'guided: crash a guest on purpose, and see what its watchdog does',
  args: [{syntax: '<server>', help: 'name or id'}],
  flags: {
    confirm: option(
      '--confirm <name>',
      "the server's name, typed here where nobody can be asked",
      parseText,
      ONE_COMMAND,
    ),
    within: optionWithDefault(
      '--within <time>',
      'how long the guest is watched at most',
      parseLimit,
      '15m',
      ONE_COMMAND,
    ),
    parallel,
    transport,
    askBecomePass,
  },
  isScreen: (isJson, {confirm}) => !isJson && confirm === undefined,
  examples: ['reprieve drill test-1', 'reprieve drill test-1 --confirm test-1 --within 5m --json'],
  async run(context, {args: [word = ''], flags}) {
    const {output, looks, signal, common} = context;
    if (!common.json && flags.confirm === undefined) {
      const {runDrillScreen} = await import('./drill-screen.js');
      return runDrillScreen(context, word, flags);
    }
    const {ports, loadFleet} = await openSession(context, flags);
    const server = await findGuest(ports.guestServers, word, signal);
    const subject = await prepareDrill(ports, server, {loadFleet, parallel: flags.parallel}, signal);
    output.lines(drillSubjectLines(subject, looks.signs));
    checkName(subject, flags.confirm);
    const {id, name} = server;
    const {action, model, node} = subject;
    output.json({event: 'prepared', server: {id, name}, host: node.name, watchdog: {model, action}});
    output.lines(crashLines(subject));
    const verdict = await watchDrill(
      ports,
      subject,
      flags.within,
      (event) => {
        output.json(drillEventToJson(event));
        output.line(drillEventLine(event, looks.signs));
      },
      signal,
    );
    output.lines(paragraph(verdictRemedy(verdict, action, id), 2));
    return verdict.kind === 'kept' ? 0 : 1;
  },
});

/** The name has to be typed: a drill takes a server away from whoever uses it, so `--yes` is not enough. */
function checkName({server}: DrillSubject, confirm: string | undefined): void {
  const word = drillWord(server);
  if (confirm === word || confirm === server.id) return;
  throw new UserError('refused', `no drill is held with ${server.name}: its name was not typed`, {
    remedy: `give --confirm ${word}; --yes is not enough`,
  });
}
