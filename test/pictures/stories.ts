/** Every picture of the documents, and how it comes about. */
import {runFlags} from '../../source/commands/run-flags.js';
import {cutBatches} from '../../source/domain/fleet/batches.js';
import {gridText} from './grid.js';
import {beat, carry, carryApi, putBack, restart, restartInTurn, write} from './run.js';
import type {StageOptions} from './stage.js';
import type {Scene, Story} from './story.js';

const [ENTER, TAB, ESC] = ['\r', '\t', '\u001B'] as const;

/** What a plan prints. */
const plan: Story = {
  name: 'plan',
  stage: {nodes: 6, seed: 1},
  args: ['plan', '--interval', '2h'],
  columns: 80,
  rows: 'fit',
  isCommandShown: true,
  pictures: {
    plan: {
      title: 'reprieve plan',
      description:
        'What reprieve plan --interval 2h prints for a cloud of five computes and an API node: no server is ' +
        'destroyed, the order of the changes, and the line that is added to nova.conf.',
    },
  },
  async tell({stage, screen, take}) {
    await stage.openLooks();
    await screen.ended();
    await take('plan');
  },
};

const UNREACHABLE = 'compute-19';
/** Its service does not start with what is written. */
const FAILING = 'compute-07';

const CLOUD: StageOptions = {
  nodes: 36,
  servers: 240,
  seed: 3,
  start: 'on',
  failures: [
    {host: FAILING, kind: 'restart'},
    {host: 'compute-16', kind: 'cinder'},
    {host: UNREACHABLE, kind: 'unreachable'},
  ],
  clocksAhead: {'compute-12': 14},
};

/** Types how many servers are destroyed, as the screen says. */
async function typeCount({screen, press}: Pick<Scene, 'screen' | 'press'>): Promise<void> {
  const COUNT = /(\d+) of \d+ waiting servers are destroyed/;
  await screen.until(COUNT);
  const [, count = ''] = COUNT.exec(gridText(screen.grid())) ?? [];
  for (const digit of count) {
    await press(digit);
  }
}

const setup: Story = {
  name: 'setup',
  stage: CLOUD,
  args: [],
  columns: 80,
  rows: 24,
  isCommandShown: false,
  pictures: {
    'setup-nodes': {
      title: 'Set-up: the nodes',
      description:
        'The second step of the guided set-up: every compute and API node as it was found over SSH. ' +
        'Nodes with something wrong have a row each, nodes that are alike are one row with their ' +
        'number.',
    },
    help: {
      title: 'Help: every key',
      description: 'The help of the nodes step: every key with what it does, in groups.',
    },
    'setup-interval': {
      title: 'Set-up: the interval',
      description:
        'The third step: 30m was typed, which is 1,800 s. It says until when a server deleted now ' +
        'could be restored, and what four intervals hold in servers, processors and memory at the ' +
        'rate of deletes of this cloud.',
    },
    'setup-changes': {
      title: 'Set-up: the changes',
      description:
        'The fourth step: how many of the waiting servers the shorter interval destroys, as a ' +
        'headline and as a histogram with a cut at the new interval, which projects they belong to, ' +
        'and the interval that destroys none. Their number has been typed, so that Apply can be ' +
        'reached; Back has the focus.',
    },
    'setup-run': {
      title: 'Set-up: the run',
      description:
        'The fifth step while it goes on: a row for each batch, a cell for each node. Some are done, one ' +
        'was put back, some restart or are checked, the others wait; a bar tells how far it is, and ' +
        'how long it still takes.',
    },
    'setup-failed': {
      title: 'Set-up: why a node failed',
      description:
        'The nodes of the run that failed, with the reason in whole sentences: nova-compute did not ' +
        'start with the new file, so the old one was put back and it is up.',
    },
    'setup-result': {
      title: 'Set-up: the result',
      description:
        'The last step: how many nodes have the new interval and a fresh heartbeat, which ones do not ' +
        'and why, what can be done next, and the command that does the same.',
    },
    home: {
      title: 'Home',
      description:
        'The servers that are due next and those that were deleted last, with the cursor on the newest; below ' +
        'them the state of the cloud: nova-api, nova-compute, services and clocks, with what is wrong.',
    },
    runs: {
      title: 'Past runs',
      description:
        'The runs of this operator with their nodes, time and outcome, and below them the selected ' +
        'one in detail.',
    },
  },
  async tell(scene) {
    const {stage, screen, press, take} = scene;
    await stage.openLooks();
    await screen.until('compute-19 not seen', 'soft-deleted');
    // Each list has its five rows, with times that are no estimates.
    await take('home', '● live', /DUE NEXT[^~]*$/, /(?:\n [◔○●] [^\n]*\d (?:s|min) [^\n]*\d (?:s|min)){5}/);
    await stage.closeLooks();
    await press('2');
    await screen.until(/signed in +\w/, 'from the inventory');
    await press(ENTER);
    await stage.openLooks();
    await screen.until('35 can be changed');
    // Rows came as nodes answered. What is told of the first one names a port, which is another one each time.
    await press('g');
    await screen.until(/▌. compute-19/);
    await press('j');
    await take('setup-nodes', /▌. compute-12/);
    await press('?');
    await take('help', 'EVERYWHERE');
    await press(ESC);
    await screen.until('alike');
    await press('n');
    await screen.until('How long shall');
    await press('30m');
    await take('setup-interval', '1,800 s', 'deletes a day');
    await press(ENTER);
    await typeCount(scene);
    await take('setup-changes');
    await press(TAB);
    await screen.until(/\[ Back \] +Apply/);
    await press(ENTER);
    await screen.until('▸ run');
    const all = stage.computes.filter((host) => host !== UNREACHABLE);
    const [canary = [], second = [], third = [], fourth = []] = cutBatches(all, runFlags.batch.absent);
    await carry(stage, canary);
    await carry(stage, second);
    const [first, next, rest] = [third.slice(0, 8), third.slice(8, 11), third.slice(11)];
    await write(stage, first);
    await restart(
      stage,
      first.filter((host) => host !== FAILING),
    );
    await putBack(stage, FAILING);
    await beat(stage, first);
    await restartInTurn(stage, next);
    const ended = canary.length + second.length + first.length;
    await take('setup-run', `${ended} of ${all.length + stage.controllers.length}`);
    await press(ENTER);
    await take('setup-failed', 'compute-07');
    await press(ENTER);
    await beat(stage, next);
    await carry(stage, rest);
    await carry(stage, fourth);
    for (const host of stage.controllers) await carryApi(stage, host);
    await take('setup-result', 'journal kept');
    await press(ESC);
    await screen.until('SET-UP');
    await screen.until('wrong on 1 node', '2 open');
    await press('6');
    await take('runs', '1 run');
  },
};

/** The same plan on a large window. */
const wide: Story = {
  name: 'wide',
  stage: CLOUD,
  args: ['setup', '--interval', '30m'],
  columns: 120,
  rows: 40,
  isCommandShown: false,
  pictures: {
    'setup-changes-120x40': {
      title: 'Set-up: the changes, in a large window',
      description:
        'The fourth step in a window of 120 columns and 40 rows: the servers that would be destroyed ' +
        'on the left, with the oldest of them by name; the diff, the order of the batches and what is ' +
        'left out on the right.',
    },
  },
  async tell(scene) {
    const {stage, screen, press, take} = scene;
    await screen.until(/signed in +\w/, 'from the inventory');
    await press(ENTER);
    await stage.openLooks();
    await screen.until('35 can be changed');
    await press('n');
    await screen.until('deletes a day');
    await press(ENTER);
    await typeCount(scene);
    await take('setup-changes-120x40');
  },
};

/** A cloud where delayed delete is on, with a host whose service does not run. */
const WATCHED: StageOptions = {
  nodes: 14,
  servers: 60,
  seed: 5,
  start: 'on',
  failures: [{host: 'compute-04', kind: 'down'}],
};

/** Until each server has its time: hosts were looked at. */
async function openList({stage, screen}: Pick<Scene, 'stage' | 'screen'>): Promise<void> {
  await stage.openLooks();
  await screen.until('● live', /TIME LEFT[^]*\d min/, /soft-deleted(?:(?!unknown).)*\n/);
}

/** From the list of soft-deleted servers to what is done with one. */
const watch: Story = {
  name: 'watch',
  stage: WATCHED,
  args: ['watch'],
  columns: 80,
  rows: 24,
  isCommandShown: false,
  pictures: {
    'watch-list': {
      title: 'watch: the list',
      description:
        'Every soft-deleted server with its project, host and time left, those that go next first; a bar ' +
        'beside each time has one scale for all, and the one that goes next stands out.',
    },
    'watch-restore': {
      title: 'watch: a restore',
      description:
        'The dialog of a restore: every check has passed, Restore has the focus, and the same can be done ' +
        'with a stop at once.',
    },
    'watch-destroy': {
      title: 'watch: destroy now',
      description:
        'The dialog that destroys a server: its volumes by name and what becomes of them, and the field in ' +
        'which its whole name has to be typed; Cancel has the focus.',
    },
    'watch-detail': {
      title: 'watch: details',
      description:
        'All that is known of a server: when Nova destroys it, who deleted it, its host, flavor, volumes, ' +
        'ports and actions, and what restoring it takes.',
    },
  },
  async tell(scene) {
    const {screen, press, take} = scene;
    await openList(scene);
    await press('jjj');
    await take('watch-list', /▌. etl-night-08/);
    await press('r');
    await screen.until('its project has quota for it');
    await take('watch-restore');
    await press(ESC);
    await screen.until('enter details');
    await press('\u000B');
    await screen.until('needs the whole name');
    await take('watch-destroy', 'There is no undo');
    await press(ESC);
    await screen.until('enter details');
    await press(ENTER);
    await take('watch-detail', 'esc list', /actions +\d/, /ports +\d/, /volumes +\w/, 'quota for it');
  },
};

/** The same list on a large window. */
const watchWide: Story = {
  name: 'watch-wide',
  stage: WATCHED,
  args: ['watch'],
  columns: 120,
  rows: 40,
  isCommandShown: false,
  pictures: {
    'watch-list-120x40': {
      title: 'watch: the list, in a large window',
      description:
        'The list in a window of 120 columns and 40 rows: when how many servers fall due as a histogram, who ' +
        'deleted each of them and when.',
    },
  },
  async tell(scene) {
    const {press, take} = scene;
    await openList(scene);
    await press('jjj');
    await take('watch-list-120x40', /▌. etl-night-08/);
  },
};

const [DOWN, LEFT, RIGHT] = ['\u001B[B', '\u001B[D', '\u001B[C'] as const;

/** A flavor of two NUMA nodes, from its name to what Nova makes of it. */
const flavor: Story = {
  name: 'flavor',
  stage: {nodes: 12, seed: 1},
  args: ['flavor'],
  columns: 120,
  rows: 40,
  isCommandShown: false,
  pictures: {
    'flavor-watchdog-120x40': {
      title: 'flavor: the watchdog',
      description:
        'The second step of the wizard: what may happen when the guest hangs, in plain words, with poweroff ' +
        'chosen; the image that replaces it; and at the right the element that Nova adds to the guest, and what ' +
        'the guest itself has to do.',
    },
    'flavor-numa-120x40': {
      title: 'flavor: NUMA and policies',
      description:
        'The fourth step: two NUMA nodes with huge pages and a mask of pinned vCPUs at the left; at the right ' +
        'the guest that Nova makes of it, drawn as nodes, sockets, cores and threads, and the hosts that have ' +
        'room for it.',
    },
    'flavor-review-120x40': {
      title: 'flavor: the review',
      description:
        'The last step: the size and the extra specs, whether they are stored, taken and started, the findings, ' +
        'the XML and the openstack commands that do the same.',
    },
  },
  async tell({stage, screen, press, take}) {
    await screen.until(/of \d+ hosts/);
    await press(ENTER);
    await press('db.16c64g');
    await press(ENTER);
    await press('16');
    await press(DOWN);
    await press('64g');
    await press(DOWN);
    await press('80');
    await press(ENTER);
    await screen.until('WHEN THE GUEST HANGS');
    await press(DOWN);
    await press(DOWN);
    await take('flavor-watchdog-120x40', 'action="poweroff"', /WHO WINS[^]*leave it alone/);
    await press(ENTER);
    await screen.until('WISHES');
    for (const wish of ['2', '4', '2']) {
      await press(wish);
      await press(DOWN);
    }
    await press(ENTER);
    await screen.until('POLICY');
    await press('2');
    await press(DOWN);
    await press(DOWN);
    await press(LEFT);
    await press(DOWN);
    await press(RIGHT);
    await press(RIGHT);
    await press(DOWN);
    await press('^0,^8');
    // Answers that rest are asked about.
    stage.pass(2);
    await take('flavor-numa-120x40', 'all but 0,8', '14 pinned, 2 shared', 'Placement: 3 hosts');
    await press('n');
    await screen.until('ACCESS');
    await press('n');
    await take('flavor-review-120x40', 'COMMAND', 'name is free');
  },
};

/** Hosts whose intervals, services and clocks are not as they should be. */
const ILL: StageOptions = {
  nodes: 14,
  servers: 60,
  seed: 5,
  start: 'partly',
  failures: [
    {host: 'compute-04', kind: 'down'},
    {host: 'compute-07', kind: 'unreachable'},
  ],
  clocksAhead: {'compute-06': 14},
};

/** What the doctor finds, with all that proves the finding that holds up servers. */
const doctor: Story = {
  name: 'doctor',
  stage: ILL,
  args: ['doctor'],
  columns: 120,
  rows: 40,
  isCommandShown: false,
  pictures: {
    'doctor-120x40': {
      title: 'doctor: findings with evidence and remedy',
      description:
        'What is wrong by harm, and in the end what could not be seen and what is well; below the list all about ' +
        'the finding with the cursor: the line of the file that proves it, the cause, the servers that it holds ' +
        'up, and the keys that lead to the plan, to the servers and to the host.',
    },
  },
  async tell({stage, screen, press, take}) {
    await stage.openLooks();
    await screen.until(/as of \d/, 'unreadable');
    await press('/');
    await press('unreadable');
    await press(ENTER);
    await screen.until(/▌✗ 2 hosts/);
    await press(ESC);
    await take('doctor-120x40', /▌✗ 2 hosts +its interval is unreadable/, 'IntervalUnreadable');
  },
};

/** A template from the list to what it would change on disk. */
const templates: Story = {
  name: 'templates',
  stage: {nodes: 6, seed: 1},
  args: ['template'],
  columns: 120,
  rows: 40,
  isCommandShown: false,
  pictures: {
    'templates-120x40': {
      title: 'template: pick one',
      description:
        'The templates by group: delayed delete, flavors, the guest half of the watchdog, operations; beside the ' +
        'list what the one with the cursor is for, what it is used with and what it asks for.',
    },
    'templates-fill-in-120x40': {
      title: 'template: fill in and preview',
      description:
        'The template of Kolla-Ansible: at the left its values with where each comes from, the folder and the ' +
        'files; at the right the file as it will be, as a difference to the one on disk, the interval that ' +
        'oslo.config reads from it, and that no other option is touched.',
    },
  },
  async tell({screen, press, take}) {
    await screen.until('GUEST HALF OF THE WATCHDOG');
    await press('/');
    await press('kolla');
    await press(ENTER);
    await press(ESC);
    await take('templates-120x40', /▌ kolla/, 'used with');
    await press(ENTER);
    await screen.until('oslo.config reads 604800 from it');
    await press('24h');
    await screen.until('oslo.config reads 86400 from it');
    await press('W');
    await screen.until(/1 file written to/);
    await press(ENTER);
    await press(ENTER);
    await screen.until('exists, as wanted');
    await press('2h');
    await take('templates-fill-in-120x40', /exists, 1 line differs/, 'oslo.config reads 7200 from it');
  },
};

export const STORIES: readonly Story[] = [plan, setup, wide, watch, watchWide, flavor, doctor, templates];
