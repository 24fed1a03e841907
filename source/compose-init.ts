import {readFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {loadFleet} from './app/inventory.js';
import type {InitPorts} from './app/init/init-types.js';
import type {World} from './app/ports.js';
import {readInventory} from './adapters/files/inventory.js';
import {createProfileStore} from './adapters/files/profile-store.js';
import type {ProfileRequest} from './adapters/files/profile.js';
import {createCloud} from './adapters/openstack/cloud.js';
import type {Surroundings} from './adapters/openstack/clouds-files.js';
import {loadCloudConfiguration} from './adapters/openstack/configuration.js';
import {listClouds} from './adapters/openstack/list-clouds.js';

/** What the ports of a first profile are made with. */
export type InitSettings = {
  readonly profile: ProfileRequest;
  readonly signal: AbortSignal;
  readonly notice: (text: string) => void;
  readonly programs: InitPorts['programs'];
  readonly openShell: InitPorts['openShell'];
  /** Called with what is to be closed at the end. */
  readonly onOpen: (close: () => void) => void;
  readonly world: World;
};

/** Everything outside that a first profile needs, without the person who is asked. */
export function composeInit(settings: InitSettings): Omit<InitPorts, 'asker'> {
  const {env, home} = settings.profile;
  const {clock, random} = settings.world;
  const surroundings: Surroundings = {
    env,
    cwd: process.cwd(),
    home,
    readFile: async (file) => readFile(file, 'utf8'),
  };
  const told = new Set<string>();
  const noticeOnce = (text: string): void => {
    if (!told.has(text)) settings.notice(text);
    told.add(text);
  };
  return {
    profile: createProfileStore(settings.profile, clock),
    clock,
    programs: settings.programs,
    async clouds() {
      const {file, entries, hasEnvironment} = await listClouds(surroundings);
      const ofEnvironment = hasEnvironment ? env['OS_CLOUD_NAME'] || 'envvars' : undefined;
      const clouds = entries.map((entry) => ({...entry, isOfEnvironment: entry.name === ofEnvironment}));
      return {file, clouds};
    },
    async openCloud(name) {
      const configuration = await loadCloudConfiguration({name, ...surroundings});
      for (const warning of configuration.warnings) noticeOnce(warning);
      const cloud = createCloud(configuration, {clock, random});
      settings.onOpen(() => cloud.close());
      return cloud;
    },
    openShell: settings.openShell,
    fleet: async (request) => loadFleet(request, readInventory, settings.signal),
    absolutePath: (file) => (file.startsWith('~/') ? path.join(home, file.slice(2)) : path.resolve(file)),
  };
}
