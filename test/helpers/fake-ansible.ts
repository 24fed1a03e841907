import {z} from 'zod';
import type {
  AnsiblePorts,
  Play,
  PlaySignals,
  VersionEnd,
} from '../../source/app/rollout/ansible/ansible-ports.js';
import type {CommandEnd} from '../../source/app/ports.js';
import type {Template} from '../../source/app/template/template-types.js';
import {plain} from '../../source/domain/template/formats/plain.js';
import type {Role} from '../../source/domain/fleet/node-facts.js';
import type {FakeFleet} from './fake-fleet.js';
import type {Alive} from './fake-ports.js';

/** What a playbook does on one host. */
export type HostDeed =
  /** Writes and restarts. */
  | 'well'
  /** Writes, and then a task fails. */
  | 'fails-written'
  /** A task fails before anything is written. */
  | 'fails-first'
  /** All is done, and then a task fails. */
  | 'fails-last'
  | 'unreachable'
  /** Says that all is well and has done nothing. */
  | 'lies'
  /** Writes a file that still says something else, and restarts. */
  | 'writes-nonsense'
  /** Writes the value in its own way, and restarts. */
  | 'writes-otherwise'
  /** Is lost in the middle; what it started goes on, writes and restarts. */
  | 'lost'
  /** Is lost in the middle; what it started ends long after. */
  | 'lost-long'
  /** Never comes to it. */
  | 'forgets';

const isLost = (deed: HostDeed) => ['unreachable', 'lost', 'lost-long'].includes(deed);

/** The operator's Ansible on a fake fleet. */
export class FakeAnsible {
  readonly fleet: FakeFleet;
  readonly plays: Play[] = [];
  /** Playbooks that run at this moment. */
  running = 0;
  deedOf: (host: string) => HostDeed = () => 'well';
  /** Called when a file was written. */
  onWritten: (host: string) => void = () => {};
  versionEnd: VersionEnd = {
    kind: 'exited',
    code: 0,
    complaint: '',
    line: 'ansible-playbook [core 2.14.18]',
  };
  /** How a start ends that does nothing; undefined: it does what it is for. */
  failure: CommandEnd | undefined;
  /** Ends it between two steps. */
  endsAfter:
    | {readonly host: string; readonly step: 'begun' | 'written' | 'restarted'; readonly end: CommandEnd}
    | undefined;
  /** A host that it leaves once its file is written. */
  restartsNot: string | undefined;
  /** Prints these lines before its own. */
  noise: readonly string[] = [];
  hasInventory = true;
  template: Template = TEMPLATE;

  constructor(fleet: FakeFleet) {
    this.fleet = fleet;
  }

  /** `isGone`: whether the program that starts it is dead; a playbook ends with it. */
  ports(alive: Alive, isGone: () => boolean): AnsiblePorts {
    const {hasInventory} = this;
    return {
      playbook: {
        hasInventory,
        version: async () => this.versionEnd,
        play: (play, onLine, signals) => alive(async () => this.#play(play, onLine, signals, isGone)),
      },
      template: async () => this.template,
      render: {
        engine: {
          compile: (source) => ({
            names: {values: [], parts: []},
            branches: [],
            render: (values) => (source === VALUES ? JSON.stringify(values) : source),
          }),
        },
        digest: () => '',
        version: '0.0.0',
      },
    };
  }

  async #play(
    play: Play,
    onLine: (line: string) => void,
    {stop, finish}: PlaySignals,
    isGone: () => boolean,
  ): Promise<CommandEnd> {
    this.plays.push(play);
    if (this.failure !== undefined) return this.failure;
    this.running += 1;
    try {
      for (const line of this.noise) onLine(line);
      const say = (event: string, fields: object = {}): void => {
        if (!isGone()) onLine(`{"reprieve": 1, ${JSON.stringify({event, ...fields}).slice(1)}`);
      };
      say('start');
      const end = await this.#hosts(play, say, () => isGone() || stop.aborted || finish.aborted);
      if (end !== undefined) return end;
      const failed = (one: HostDeed) => one.startsWith('fails');
      const counts = play.hosts
        .filter((host) => this.deedOf(host) !== 'forgets')
        .map((host) => [
          host,
          {
            failures: failed(this.deedOf(host)) ? 1 : 0,
            unreachable: isLost(this.deedOf(host)) ? 1 : 0,
          },
        ]);
      say('stats', {hosts: Object.fromEntries(counts)});
      const isBad = play.hosts.some((host) => failed(this.deedOf(host)) || isLost(this.deedOf(host)));
      return {kind: 'exited', code: isBad ? 2 : 0, complaint: ''};
    } finally {
      this.running -= 1;
    }
  }

  async #hosts(
    play: Play,
    say: (event: string, fields?: object) => void,
    isOver: () => boolean,
  ): Promise<CommandEnd | undefined> {
    const interrupted: CommandEnd = {kind: 'exited', code: 99, complaint: 'User interrupted execution'};
    for (const host of play.hosts) {
      const deed = this.deedOf(host);
      if (deed === 'forgets') continue;
      const tell = (event: string, task: string, action: string, message?: string): void =>
        say(event, {host, task, action, ...(message === undefined ? {} : {message})});
      const reach = (step: 'begun' | 'written' | 'restarted'): CommandEnd | undefined => {
        if (this.endsAfter?.host === host && this.endsAfter.step === step) return this.endsAfter.end;
        return isOver() ? interrupted : undefined;
      };
      tell('begin', 'Write', 'nova_interval');
      await this.fleet.clock.sleep(100);
      const first = reach('begun');
      if (first !== undefined) return first;
      if (deed === 'unreachable') tell('unreachable', 'Write', 'nova_interval', 'ssh: no route to host');
      else if (deed === 'fails-first') tell('failed', 'Write', 'nova_interval', 'no module for this Python');
      else if (deed === 'lies') tell('ok', 'Write', 'nova_interval');
      if (['unreachable', 'fails-first', 'lies'].includes(deed)) continue;
      if (deed === 'lost' || deed === 'lost-long') {
        tell('unreachable', 'Write', 'nova_interval', 'Shared connection closed');
        void this.#goOn(play, host, deed === 'lost' ? 20_000 : 600_000);
        continue;
      }
      this.#write(play, host, deed);
      tell('changed', 'Write', 'nova_interval');
      const second = reach('written');
      if (second !== undefined) return second;
      if (this.restartsNot === host) {
        this.restartsNot = undefined;
        continue;
      }
      tell('begin', 'Restart', 'ansible.builtin.systemd');
      if (deed === 'fails-written') {
        tell('failed', 'Restart', 'ansible.builtin.systemd', 'Unable to restart service');
        continue;
      }
      if (play.variables['delayed_delete_restarts'] === true) {
        for (const role of this.#roles(play, host)) this.fleet.node(host).restart(role);
        // As systemctl does without --no-block.
        await this.fleet.clock.sleep(this.fleet.node(host).stopMs + 10);
        for (const role of this.#roles(play, host)) this.fleet.node(host).unit(role);
      }
      tell('changed', 'Restart', 'ansible.builtin.systemd');
      const third = reach('restarted');
      if (third !== undefined) return third;
      if (deed === 'fails-last') tell('failed', 'Look', 'ansible.builtin.command', 'password=hunter2\nmore');
    }
    return undefined;
  }

  #roles(play: Play, host: string): readonly Role[] {
    const {computes, api} = valuesOf(play);
    return [
      ...(computes.includes(host) ? (['compute'] as const) : []),
      ...(api.includes(host) ? (['api'] as const) : []),
    ];
  }

  /** What a module does that nobody waits for. */
  async #goOn(play: Play, host: string, milliseconds: number): Promise<void> {
    const node = this.fleet.node(host);
    node.modules += 1;
    await this.fleet.clock.sleep(milliseconds);
    this.#write(play, host, 'well');
    node.modules -= 1;
  }

  #write(play: Play, host: string, deed: HostDeed): void {
    const node = this.fleet.node(host);
    const wanted = deed === 'writes-nonsense' ? 'soon' : String(valuesOf(play).interval);
    const path = fileOf(play, host);
    const file = path === undefined ? undefined : node.files.get(path);
    if (path === undefined || file === undefined) return;
    const line = /^(reclaim_instance_interval *= *).*$/m;
    const bytes = line.test(file.bytes)
      ? file.bytes.replace(line, `$1${wanted}`)
      : file.bytes.replace('[DEFAULT]\n', `[DEFAULT]\nreclaim_instance_interval = ${wanted}\n`);
    node.write(
      path,
      deed === 'writes-otherwise' ? bytes.replace(`interval = ${wanted}`, `interval=${wanted}`) : bytes,
    );
    this.onWritten(host);
  }
}

const values = z.object({interval: z.number(), computes: z.array(z.string()), api: z.array(z.string())});

/** What the template of a test was rendered with. */
function valuesOf(play: Play): z.infer<typeof values> {
  const file = play.files.find(({path}) => path === 'playbook.yml');
  return values.parse(JSON.parse(file?.text ?? ''));
}

const planned = z.record(z.string(), z.object({units: z.array(z.string()), files: z.array(z.string())}));

/** The file that the role is told to edit. */
function fileOf({variables}: Play, name: string): string | undefined {
  return planned.parse(variables['reprieve_planned'])[name]?.files[0];
}

/** What the engine of a test prints all values for. */
const VALUES = 'values';

function value(name: string, type: 'interval' | 'list', isRequired = false) {
  return {
    name,
    type,
    help: '',
    default: type === 'list' ? [] : undefined,
    isRequired,
    from: [`plan.${name}`],
    least: undefined,
    most: undefined,
    choices: [],
    pattern: undefined,
  } as const;
}

const FILE = {
  pathLine: undefined,
  format: plain,
  isVerbatim: false,
  isExecutable: false,
  each: undefined,
  when: undefined,
};

const TEMPLATE: Template = {
  name: 'ansible',
  title: 'a playbook',
  tool: 'ansible',
  group: 'Delayed delete',
  purpose: 'For tests.',
  usage: undefined,
  usageLine: undefined,
  values: [value('interval', 'interval', true), value('computes', 'list'), value('api', 'list')],
  files: [{...FILE, path: 'playbook.yml', source: 'playbook.yml'}],
  examples: [],
  origin: {
    folder: '/templates/ansible',
    isShipped: true,
    read: async () => VALUES,
  },
};
