import {UserError, withRemedy} from '../app/errors.js';
import {type Agreement, mustAsk, unagreed, wordToType} from '../app/purge/agree.js';
import {planPurge, purgeServers} from '../app/purge/purge.js';
import {isPurged, type PurgeEvent, type PurgePlan} from '../app/purge/purge-types.js';
import type {KnownServer} from '../app/servers/server-ports.js';
import {findServers, type Named} from '../app/servers/find-servers.js';
import {purgeRefusal} from '../domain/reclaim/purge-checks.js';
import {
  purgePlanLines,
  purgeRefusalSentence,
  purgeSentence,
  purgeToJson,
  wouldPurgeToJson,
} from '../text/purge.js';
import {sanitize} from '../text/sanitize.js';
import {serverPlace, serverWords} from '../text/servers.js';
import {sign} from '../text/signs.js';
import {defineCommand, type CommandContext} from './command.js';
import {toggle} from './flag.js';
import {cloudName, openCloud, refuseAmbiguous} from './named-servers.js';
import {refuseReadOnly} from './rollout-session.js';
import {runFlags} from './run-flags.js';

const ONE_COMMAND = {notInProfile: 'it is about servers that one command names'};
/** How long a server is followed that somebody waits for, in seconds. */
const WAIT_SECONDS = 300;

const flags = {
  locked: toggle('--locked', 'locked servers too', ONE_COMMAND),
  wait: toggle('--wait', `follow each until it is gone, ${WAIT_SECONDS / 60} min at most`, ONE_COMMAND),
  dryRun: toggle('--dry-run', 'show what would be destroyed, and do nothing', ONE_COMMAND),
  destroy: {...runFlags.destroy, help: 'agree to the destruction of at most so many servers'},
};

/** Destroys soft-deleted servers now, for ever. */
export const purge = defineCommand({
  name: 'purge',
  summary: 'destroy soft-deleted servers now, for ever',
  args: [{syntax: '<server...>', help: 'names or ids'}],
  flags,
  examples: [
    'reprieve purge old-web-1',
    'reprieve purge old-web-1 old-web-2 --dry-run',
    'reprieve purge old-web-1 old-web-2 --yes --destroy 2 --wait',
  ],
  async run(context, {args, flags: {locked, wait, dryRun, destroy}}) {
    const {output, looks, signal, common} = context;
    if (!dryRun) refuseReadOnly(context, 'purge');
    const cloudPorts = await openCloud(context);
    const cloud = cloudName(cloudPorts);
    const {clock} = await context.compose();
    const {namedServers: servers, account} = cloudPorts;
    const ports = {servers, account, cloud: cloudPorts.cloud, clock};
    const found = allFound(refuseAmbiguous(context, await findServers(servers, args, signal)));
    const plan = await planPurge(ports, found, signal);
    refuseUnfit(plan, locked, cloud);
    output.lines(purgePlanLines(plan, looks.signs));
    if (dryRun) {
      for (const server of plan.servers) output.json(wouldPurgeToJson(server));
      output.line('Nothing was destroyed.');
      return 0;
    }
    await agree(context, plan, {isYes: common.yes, destroy});
    const wish = {locked, waitSeconds: wait ? WAIT_SECONDS : 0};
    const ends = await purgeServers(ports, plan, wish, (event) => tell(context, event, cloud), signal);
    if (ends.some(({kind}) => kind === 'interrupted')) return 130;
    return ends.every(isPurged) ? 0 : 1;
  },
});

/** A word that names nothing may be a mistake in the list: then nothing of it is destroyed. */
function allFound(named: readonly Exclude<Named, {kind: 'several'}>[]): readonly KnownServer[] {
  return named.map((one) => {
    if (one.kind === 'found') return one.server;
    const [other] = one.others;
    const besides = other === undefined ? '' : ` (${serverPlace(other)} has that name)`;
    throw new UserError(
      'failed',
      `"${one.word}" is no soft-deleted server${besides}; nothing was destroyed`,
      {remedy: 'it may be gone already; leave it out, or correct it'},
    );
  });
}

/** Nothing is destroyed where one of them is not what is purged. */
function refuseUnfit({servers, isAdmin}: PurgePlan, mayBeLocked: boolean, cloud: string | undefined): void {
  for (const server of servers) {
    const why = purgeRefusal(server, isAdmin, mayBeLocked);
    if (why === undefined) continue;
    const {message, remedy} = purgeRefusalSentence(why, server, cloud);
    throw new UserError(
      'refused',
      `${serverWords(server)}: ${message}; nothing was destroyed`,
      remedy === undefined ? {} : {remedy},
    );
  }
}

/** Asks at a terminal for the name, or the number of several, unless flags agreed. */
async function agree(context: CommandContext, {servers}: PurgePlan, agreement: Agreement): Promise<void> {
  if (!mustAsk(servers.length, agreement)) return;
  const {terminal, common} = context;
  const [only] = servers;
  if (!terminal.isStdinTty || !terminal.isStderrTty || common.json || only === undefined) {
    throw unagreed(servers.length, agreement);
  }
  const prompt = await (await context.compose()).prompt(true);
  // A name is typed as it is shown; one that cannot be typed has its id.
  const word = sanitize(wordToType(servers)).trim();
  const several = `${servers.length} servers would be destroyed for ever. Type their number to agree:`;
  const one = `${word} would be destroyed for ever. Type its name, or its id, to agree:`;
  const typed = (await prompt.text(servers.length === 1 ? one : several)).trim();
  const isAgreed = typed !== '' && (typed === word || (servers.length === 1 && typed === only.id));
  if (!isAgreed) throw unagreed(servers.length, agreement);
}

/** What is good goes to stdout, what is not to stderr. */
function tell({output, looks}: CommandContext, event: PurgeEvent, cloud: string | undefined): void {
  switch (event.kind) {
    case 'asked':
      output.line({text: `  ${event.server.name}: asks Nova to destroy it`, tone: 'muted'});
      return;
    case 'seen':
      output.line({text: `  ${event.server.name}: ${event.text}`, tone: 'muted'});
      return;
    case 'end': {
      output.json(purgeToJson(event, cloud));
      const {message, remedy} = purgeSentence(event.end, event.server, cloud);
      const words = `${serverWords(event.server)}: ${message}`;
      if (isPurged(event.end)) output.line([sign(looks.signs, 'ok'), ` ${words}`]);
      else output.notice([{text: 'reprieve: ', tone: 'bad'}, withRemedy(words, remedy)]);
    }
  }
}
