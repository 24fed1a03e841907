import {statSync} from 'node:fs';
import {homedir, hostname, userInfo} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Remains} from './app/doctor/remains-ports.js';
import type {Fleet} from './app/inventory.js';
import type {GuestPrograms} from './app/guest/guest-ports.js';
import type {FollowableJournals} from './app/rollout/journal.js';
import type {NodePrograms, RolloutPorts} from './app/rollout/rollout-ports.js';
import type {Operator} from './app/rollout/wish.js';
import type {InitPorts} from './app/init/init-types.js';
import type {CloudLabel} from './app/home/home-ports.js';
import type {FlavorCloud, Flavors} from './app/flavor/flavor-ports.js';
import type {InputPorts} from './app/flavor/read-inputs.js';
import type {WatchView} from './app/watch/watch-view.js';
import type {Clock, CloudAccount, CloudList, Commands, Files, Memory, Shell, World} from './app/ports.js';
import type {
  GuestServers,
  NamedServers,
  OwnServers,
  ServerDetails,
  WaitingServers,
} from './app/servers/server-ports.js';
import type {Machine} from './domain/oslo/options.js';
import type {InventoryReference} from './domain/fleet/inventory.js';
import type {ValuesFile} from './app/template/template-ports.js';
import type {TemplatePorts, TemplateRequest} from './compose-templates.js';
import type {Demo, DemoOptions} from './demo/demo.js';
import {type CloudPorts, openCloud, readText, surroundingsOf} from './compose-cloud.js';
import {readVersion} from './version.js';
import {createInputs} from './adapters/files/bounded-input.js';
import {createFiles} from './adapters/files/local-files.js';
import {readMachine} from './adapters/files/machine.js';
import {keepHeapSmall} from './adapters/heap.js';
import type {Secrets, SshSettings} from './adapters/ssh/settings.js';
import type {Prompt, WhileAsking} from './adapters/terminal/prompt.js';
import {defaultProfileFile} from './adapters/files/default-profile.js';
import {NO_PROFILE} from './adapters/files/no-profile.js';
import type {Profile, ProfileRequest} from './adapters/files/profile.js';
import {isTerminal} from './adapters/terminal/is-terminal.js';
import {openLog, type LogOptions, type OpenLog} from './adapters/log/log.js';
import {realWorld} from './adapters/world.js';

/** What a command line settles, as far as adapters need it. */
export type Settings = {
  readonly inventory: string | undefined;
  readonly hosts: string | undefined;
  readonly apiHosts: readonly string[];
  readonly profile: Profile;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Leaves the terminal to a question. */
  readonly whileAsking: WhileAsking;
  /** How questions may look. */
  readonly asking: {readonly isPlain: boolean; readonly isColourless: boolean};
};

/** What a command that talks to nodes and to Nova was asked for. */
export type RolloutOptions = {
  readonly cloud: string | undefined;
  readonly transport: 'ssh2' | 'openssh';
  readonly parallel: number;
  readonly askBecomePass: boolean;
  readonly isInteractive: boolean;
  readonly notice: (text: string) => void;
  /** Answers in the place of a question at the terminal: where a screen has that. */
  readonly secrets?: Secrets;
  /** Whether all servers of a cloud are listed. */
  readonly isLongList?: boolean;
  /** What names cloud and nodes, as a journal has it: absent, the command line does. */
  readonly place?: Readonly<Record<string, string>>;
  /** Reaches the nodes, for several clouds together; absent: this one has a way of its own. */
  readonly shell?: Promise<Shell>;
};

/** What a command that makes a profile was asked for. */
export type InitOptions = {
  /** `--profile`. */
  readonly file: string | undefined;
  readonly names: Pick<ProfileRequest, 'flagNames' | 'fileFlags'>;
  readonly isInteractive: boolean;
  readonly notice: (text: string) => void;
};

/** The adapters, put together. */
export type Composition = {
  readonly clock: Clock;
  /** This program's own. */
  version(): string;
  /** Everything a rollout needs from outside, and which cloud it is. */
  rollout(options: RolloutOptions): Promise<
    RolloutPorts & {
      readonly label: CloudLabel;
      readonly account: CloudAccount;
      readonly ownServers: OwnServers;
      readonly namedServers: NamedServers;
      readonly waitingServers: WaitingServers;
      readonly serverDetails: ServerDetails;
      readonly remains: Remains;
      readonly guestServers: GuestServers;
      readonly flavors: Flavors;
      readonly programs: GuestPrograms;
    }
  >;
  /** A way to nodes that several clouds share, so that nobody is asked twice for a passphrase. */
  shell(options: Omit<RolloutOptions, 'cloud' | 'shell'>): Promise<Shell>;
  /** Nova alone, for a command that looks at no node. */
  cloud(options: Pick<RolloutOptions, 'cloud' | 'notice'>): Promise<CloudPorts>;
  /** Flavors of a cloud: what is asked about them and what changes them. */
  flavors(options: Pick<RolloutOptions, 'cloud' | 'notice' | 'isLongList'>): Promise<FlavorCloud>;
  /** What a screen saw, or was answered, last time. */
  memory(screen: 'home' | 'setup' | 'templates'): Promise<Memory>;
  /** The clouds that can be chosen. */
  clouds(): Promise<CloudList>;
  /** This operator's journals. */
  journals(): Promise<FollowableJournals>;
  /** Who runs this, where. */
  operator(): Promise<Operator>;
  /** A path as it is from anywhere. */
  absolutePath(path: string): string;
  /** Writes a file that only this user can read, whole or not at all. */
  writePrivateFile(path: string, text: string): Promise<void>;
  /** The same where nothing has that name yet; it is refused else. `~/` is the home folder. Gives the whole path. */
  writeNewPrivateFile(file: string, text: string): Promise<string>;
  /** Rejects as that would, before there is a text: for what takes long. */
  checkNewFile(file: string): Promise<void>;
  /** Keeps how the list of a watch is had in the profile, and gives the name of its file. */
  keepWatchView(view: WatchView): Promise<string>;
  /** Reads a text file that the user named. */
  readTextFile(path: string): Promise<string>;
  /** Templates, and what renders and writes them. */
  templates(request: Partial<Omit<TemplateRequest, 'defaultProfile'>>): Promise<TemplatePorts>;
  /** Values by name from a file in YAML or JSON. */
  valuesFile(file: string): Promise<ValuesFile>;
  /** Asks a person at this terminal. */
  prompt(isInteractive: boolean): Promise<Prompt>;
  /** Starts an embedded cloud of this program's own; it ends with the composition. */
  demo(options: Partial<DemoOptions>): Promise<Demo>;
  /** Everything that a first profile needs from outside, without the person who is asked. */
  init(options: InitOptions): Promise<Omit<InitPorts, 'asker'>>;
  /** Commands of the operator's own, with this program's environment. */
  commands(): Promise<Commands>;
  /** Configuration files on this machine. */
  files(): Files;
  /** Flavors that are handed over in files and on stdin. */
  flavorInputs(): InputPorts;
  /** This machine, as Nova's computed defaults see it. */
  machine(): Machine;
  /** The nodes to work on. `novaComputes`: what Nova lists, for fleets without an inventory. */
  fleet(novaComputes: readonly string[], place?: Readonly<Record<string, string>>): Promise<Fleet>;
  close(): Promise<void>;
};

/** Bytes; what is made of less is small in any case. */
const LARGE_INPUT = 1024 * 1024;

/** Builds the adapters for one command. */
export function compose(settings: Settings, world: World = realWorld): Composition {
  const {clock} = world;
  const closers: (() => void | Promise<void>)[] = [];
  const home = settings.env['HOME'] ?? homedir();
  const journals = async () => {
    const {createJournals, journalDirectory} = await import('./adapters/journal/journals.js');
    return createJournals(journalDirectory(settings.env, home), clock);
  };
  const prompt = async (isInteractive: boolean) => {
    const {createPrompt} = await import('./adapters/terminal/prompt.js');
    return createPrompt({isInteractive, ...settings.asking}, settings.signal, settings.whileAsking);
  };
  const shellOf: Composition['shell'] = async (options) => {
    const shell = await openShell(settings, home, options, prompt);
    closers.push(async () => shell.close());
    return shell;
  };
  const wholePath = (file: string): string =>
    file.startsWith('~/') ? path.join(home, file.slice(2)) : path.resolve(file);
  const templates: Composition['templates'] = async ({folder, profile, isNew = false}) => {
    const {composeTemplates} = await import('./compose-templates.js');
    const defaultProfile = defaultProfileFile({env: settings.env, home});
    return composeTemplates({folder, profile, defaultProfile, isNew});
  };
  return {
    clock,
    version: readVersion,
    journals,
    prompt,
    memory: async (screen) => {
      const {createMemory} = await import('./adapters/files/memory.js');
      const {stateDirectory} = await import('./adapters/files/state-directory.js');
      return createMemory(path.join(stateDirectory(settings.env, home), `${screen}.json`));
    },
    absolutePath: (file) => path.resolve(file),
    writePrivateFile: async (file, text) => {
      const {writePrivateFile} = await import('./adapters/files/private-file.js');
      await writePrivateFile(file, text);
    },
    writeNewPrivateFile: async (file, text) => {
      const {writeNewPrivateFile} = await import('./adapters/files/private-file.js');
      const whole = wholePath(file);
      await writeNewPrivateFile(whole, text);
      return whole;
    },
    checkNewFile: async (file) => {
      const {checkNewFile} = await import('./adapters/files/private-file.js');
      await checkNewFile(wholePath(file));
    },
    readTextFile: async (file) => {
      const {readTextFile} = await import('./adapters/files/private-file.js');
      return readTextFile(file);
    },
    templates,
    valuesFile: async (file) => {
      const {readValuesFile} = await import('./adapters/template/values-file.js');
      return readValuesFile(file);
    },
    operator: async () => {
      const {currentBootId} = await import('./adapters/journal/process-identity.js');
      return {name: world.user, bastion: world.machine, pid: process.pid, bootId: currentBootId()};
    },
    async rollout(options) {
      keepHeapSmall(options.secrets !== undefined ? 'screen' : options.isLongList ? 'list' : 'run');
      const [{cloud, label}, shell] = await Promise.all([
        openCloud(settings.env, options, world),
        options.shell ?? shellOf(options),
      ]);
      closers.push(() => cloud.close());
      return {
        cloud,
        label,
        account: cloud,
        ownServers: cloud.ownServers,
        namedServers: cloud.namedServers,
        waitingServers: cloud.waitingServers,
        serverDetails: cloud.serverDetails,
        remains: cloud.remains,
        guestServers: cloud.guestServers,
        flavors: cloud.flavors,
        shell,
        clock,
        journals: await journals(),
        programs: await readPrograms(),
        ansible: async () => {
          const {composeAnsible} = await import('./compose-ansible.js');
          const named = inventoryOf({
            ...settings,
            inventory: options.place?.['inventory'] ?? settings.inventory,
          });
          const inventory = named?.kind === 'file' ? named.path : undefined;
          return composeAnsible({env: settings.env, inventory, templates: await templates({})});
        },
        randomWord: () => randomWord(4, world),
        version: readVersion(),
      };
    },
    shell: shellOf,
    demo: async (options) => {
      const {startDemo} = await import('./demo/demo.js');
      const demo = await startDemo({env: settings.env, ...options});
      closers.push(async () => demo.stop());
      return demo;
    },
    async keepWatchView(view) {
      const {viewSettings} = await import('./app/watch/watch-view.js');
      const {keepSection} = await import('./adapters/files/profile-section.js');
      const file = settings.profile.file ?? defaultProfileFile({env: settings.env, home});
      await keepSection(file, 'watch', viewSettings(view));
      return file;
    },
    async init({file, names, isInteractive, notice}) {
      const {composeInit} = await import('./compose-init.js');
      const profile = {file, env: settings.env, home, ...names};
      const shell: InitPorts['openShell'] = async ({transport, asksSudoPassword}) => {
        const options = {transport, askBecomePass: asksSudoPassword, parallel: 1, isInteractive, notice};
        const opened = await openShell(settings, home, options, prompt);
        closers.push(async () => opened.close());
        return opened;
      };
      return composeInit({
        profile,
        signal: settings.signal,
        notice,
        programs: await readPrograms(),
        openShell: shell,
        onOpen: (close) => void closers.push(close),
        world,
      });
    },
    async cloud(options) {
      const {cloud, label} = await openCloud(settings.env, options, world);
      closers.push(() => cloud.close());
      const {namedServers, waitingServers} = cloud;
      return {cloud, label, account: cloud, namedServers, waitingServers};
    },
    async flavors(options) {
      if (options.isLongList === true) keepHeapSmall('list');
      const {cloud, label} = await openCloud(settings.env, options, world);
      closers.push(() => cloud.close());
      return {
        label,
        account: cloud,
        flavors: cloud.flavors,
        changes: cloud.flavorChanges,
        placement: cloud.placement,
      };
    },
    clouds: async () => {
      const {listClouds} = await import('./adapters/openstack/list-clouds.js');
      return listClouds(surroundingsOf(settings.env));
    },
    commands: async () => {
      const {createCommands} = await import('./adapters/commands/commands.js');
      return createCommands(settings.env);
    },
    files: createFiles,
    flavorInputs: () => ({
      inputs: {
        read: async (name, limit) => {
          const read = await createInputs(settings.signal).read(name, limit);
          if (read.kind === 'bytes' && read.bytes.length > LARGE_INPUT) keepHeapSmall('run');
          return read;
        },
      },
      yaml: async () => {
        const {flavorYaml} = await import('./adapters/files/flavor-yaml.js');
        return flavorYaml();
      },
    }),
    machine: readMachine,
    async fleet(novaComputes, place = {}) {
      // Commands that need no node start faster without these.
      const {loadFleet} = await import('./app/inventory.js');
      const {readInventory} = await import('./adapters/files/inventory.js');
      const request = {
        inventory: inventoryOf({...settings, inventory: place['inventory'] ?? settings.inventory}),
        // A run that is gone on with is about the nodes that it was begun with.
        pattern: place['hosts'] ?? settings.hosts,
        apiHosts: place['api-hosts']?.split(',') ?? settings.apiHosts,
        novaComputes,
        rules: settings.profile.nodes,
        cloud: place['cloud'],
      };
      return loadFleet(request, readInventory, settings.signal);
    },
    async close() {
      for (const close of closers.splice(0)) await close();
    },
  };
}

async function openShell(
  settings: Settings,
  home: string,
  options: Omit<RolloutOptions, 'cloud'>,
  prompt: (isInteractive: boolean) => Promise<Prompt>,
) {
  const asker = await prompt(options.isInteractive);
  const {passphrase, becomePassword, round}: Secrets = options.secrets ?? {
    passphrase: async (file, attempt) =>
      asker.secret(`${attempt === 1 ? '' : 'That did not open it. '}Passphrase of ${file}:`),
    becomePassword: async (account) => asker.secret(`sudo password of ${account} on the nodes:`),
  };
  const sshSettings: SshSettings = {
    home,
    localUser: userInfo().username,
    localHostName: hostname(),
    environment: settings.env,
    parallel: options.parallel,
    notice: options.notice,
    secrets: {
      ...(passphrase !== undefined && (options.isInteractive || options.secrets !== undefined)
        ? {passphrase}
        : {}),
      ...(becomePassword !== undefined && options.askBecomePass ? {becomePassword} : {}),
      ...(round === undefined ? {} : {round}),
    },
  };
  if (options.transport === 'openssh') {
    const {createOpensshShell} = await import('./adapters/ssh/openssh-shell.js');
    return createOpensshShell(sshSettings);
  }
  const {createSsh2Shell} = await import('./adapters/ssh/ssh2-shell.js');
  return createSsh2Shell(sshSettings);
}

/** The programs that run on nodes; they lie beside the compiled code. */
async function readPrograms(): Promise<NodePrograms & GuestPrograms> {
  const {PROGRAM_FILES} = await import('./node/programs.js');
  const read = async (name: keyof typeof PROGRAM_FILES) => {
    const texts = PROGRAM_FILES[name].map(async (file) =>
      readText(new URL(`./node/${file}`, import.meta.url)),
    );
    return (await Promise.all(texts)).join('\n');
  };
  const [facts, examine, change, lock, service, forget, domains, guest] = await Promise.all([
    read('facts'),
    read('examine'),
    read('change'),
    read('lock'),
    read('service'),
    read('forget'),
    read('domains'),
    read('guest'),
  ]);
  return {facts, examine, change, lock, service, forget, domains, guest};
}

/** Letters and digits of a run id. */
function randomWord(length: number, world: World): string {
  const letters = '0123456789abcdefghijklmnopqrstuvwxyz';
  // 252 is the largest multiple of 36 below 256: above it letters would not be equally likely.
  let word = '';
  while (word.length < length) {
    for (const byte of world.randomBytes(length))
      if (byte < 252 && word.length < length) word += letters[byte % 36];
  }
  return word;
}

/** A file that flags, environment or profile name wins over the list that the profile holds. */
function inventoryOf({inventory, profile}: Settings): InventoryReference | undefined {
  return inventory === undefined ? profile.inventory : {kind: 'file', path: inventory};
}

/** Reads the profile of this user, or the one that is named. */
export async function loadProfile(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  names: Pick<ProfileRequest, 'flagNames' | 'fileFlags' | 'watchKeys' | 'doctorKeys'>,
): Promise<Profile> {
  const home = env['HOME'] ?? homedir();
  // What reads it costs a short command a tenth of its time, and many machines have none.
  if (file === undefined && isMissing(defaultProfileFile({env, home}))) return NO_PROFILE;
  const {readProfile} = await import('./adapters/files/profile.js');
  return readProfile({file, env, home, ...names});
}

function isMissing(file: string): boolean {
  try {
    return statSync(file, {throwIfNoEntry: false}) === undefined;
  } catch {
    // What is wrong with it is told by what reads it.
    return false;
  }
}

/** Opens the log. */
export function startLog(options: Omit<LogOptions, 'clock'>, {clock}: World = realWorld): OpenLog {
  return openLog({...options, clock});
}

export {isTerminal, NO_PROFILE};
export type {CloudPorts, Demo, OpenLog, Profile, Secrets};
