import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import type {CloudOptions} from '../../source/adapters/openstack/cloud.js';
import {
  loadCloudConfiguration,
  type CloudConfiguration,
} from '../../source/adapters/openstack/configuration.js';

/** Where the lab keeps its clouds.yaml. */
const LAB = process.env['LAB_DIR'] ?? '/tmp/nova-lab';

/** The configuration of one of the lab's clouds: lab, lab-appcred, lab-alice or lab-rita. */
export async function labConfiguration(name: string): Promise<CloudConfiguration> {
  return await loadCloudConfiguration({
    name,
    env: {OS_CLIENT_CONFIG_FILE: `${LAB}/clouds.yaml`},
    cwd: LAB,
    home: homedir(),
    readFile: (path) => readFile(path, 'utf8'),
  });
}

/** Real time and chance, for tests against the lab. */
export const labOptions: CloudOptions = {
  clock: {now: () => Date.now(), sleep: (milliseconds, signal) => pause(milliseconds, undefined, {signal})},
  random: () => Math.random(),
};
