import {UserError} from '../app/errors.js';
import {findGuest} from '../app/guest/find-guest.js';
import {hasGuest, isAsAsked, isOutOfReach, type Verified} from '../app/guest/guest-ports.js';
import {verifyServers} from '../app/guest/verify.js';
import {verifiedLines, verifySummary} from '../text/verify.js';
import {verifiedToJson} from '../text/verify-json.js';
import {defineCommand} from './command.js';
import {toggle} from './flag.js';
import {openSession} from './rollout-session.js';
import {runFlags} from './run-flags.js';

const {parallel, transport, askBecomePass} = runFlags;

/** What guests are on their hypervisors, against what their flavors promise. */
export const verify = defineCommand({
  name: 'verify',
  summary: "compare a server's libvirt domain with what its flavor and image ask for",
  args: [{syntax: '[server]', help: 'name or id'}],
  flags: {
    all: toggle('--all', 'every server, of the hosts that --hosts picks', {
      notInProfile: 'it is about the servers of one command',
    }),
    parallel,
    transport,
    askBecomePass,
  },
  examples: [
    'reprieve verify web-1',
    'reprieve verify --all --hosts compute-4',
    'reprieve verify --all --json | jq \'.servers[] | select(.verdict != "same")\'',
  ],
  async run(context, {args: [word], flags}) {
    const {output, looks} = context;
    if ((word === undefined) !== flags.all) {
      throw new UserError('usage', word === undefined ? 'no server is named' : '--all takes no server', {
        remedy: 'name one server, or give --all',
      });
    }
    const {ports, loadFleet, signals} = await openSession(context, flags);
    const signal = signals.stop;
    const servers =
      word === undefined
        ? await ports.guestServers.all(signal)
        : {rows: [await findGuest(ports.guestServers, word, signal)], isComplete: true, problem: undefined};
    const all: Verified[] = [];
    const told = flags.all ? new Set<string>() : undefined;
    const rows = flags.all ? servers.rows.filter(hasGuest) : servers.rows;
    const total = rows.length;
    const shelved = servers.rows.length - total;
    await verifyServers(
      ports,
      rows,
      {loadFleet, parallel: flags.parallel},
      flags.all,
      (verified) => {
        all.push(verified);
        if (flags.all) output.progress({label: 'servers looked at', done: all.length, total});
        if (!flags.all || !isAsAsked(verified)) {
          output.lines(verifiedLines(verified, looks.signs, told));
        }
      },
      signal,
    );
    output.clearProgress();
    if (!servers.isComplete) {
      output.notice(`notice: Nova did not list every server: ${servers.problem ?? 'no reason given'}`);
    }
    if (flags.all) output.lines(verifySummary(all, shelved, looks.signs));
    const isGood = servers.isComplete && all.every(isAsAsked);
    if (output.isJson) {
      const sorted = all.toSorted((one, other) => placeInOrder(one).localeCompare(placeInOrder(other), 'en'));
      output.json({
        servers: sorted.map(verifiedToJson),
        shelved,
        complete: servers.isComplete,
        same: isGood,
      });
    }
    if (isGood) return 0;
    return isOutOfReach(all) ? 4 : 1;
  },
});

/** Hosts answer in any order: by host, then by name. */
function placeInOrder({host, server}: Verified): string {
  return [host ?? '', server.name, server.id].join('\n');
}
