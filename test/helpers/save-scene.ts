/** The embedded cloud, and flavors that are saved to it. */
import type {ExecutionContext} from 'ava';
import {saveFlavor} from '../../source/app/flavor/save-flavor.js';
import {lookForSave, planSave} from '../../source/app/flavor/save-plan.js';
import type {
  SaveAgreement,
  SaveEnd,
  SaveEvent,
  SavePlan,
  SavePorts,
  SaveWish,
} from '../../source/app/flavor/save-types.js';
import type {Intercept} from '../../source/demo/openstack.js';
import type {Flavor as DemoFlavor} from '../../source/demo/nova/model.js';
import {NO_IMAGE, type Flavor} from '../../source/domain/flavor/flavor.js';
import {NO_SETTINGS, type FlavorSettings} from '../../source/domain/flavor-file/decode-settings.js';
import {makeNova, type TestNova, value} from './demo-nova.js';
import {labOptions} from './http-lab.js';
import {serveNova} from './served-nova.js';

export const FULL: SaveAgreement = {unbootable: true, unchecked: true};
export const NONE: SaveAgreement = {unbootable: false, unchecked: false};

export type SaveScene = {
  readonly nova: TestNova;
  readonly ports: SavePorts;
  plan(wish: SaveWish): Promise<SavePlan>;
  /** `onEvent` is told of each event; it may abort the signal. */
  save(
    plan: SavePlan,
    agreement?: SaveAgreement,
    onEvent?: (event: SaveEvent) => void,
    signal?: AbortSignal,
  ): Promise<SaveEnd>;
  /** The flavor as the database has it. */
  named(name: string): DemoFlavor | undefined;
};

/** `intercept` answers in the place of the APIs, once it is given the Nova behind them. */
export async function openSaveScene(
  t: Pick<ExecutionContext, 'teardown'>,
  intercept: (nova: TestNova) => Intercept = () => () => undefined,
  as: 'admin' | 'member' = 'admin',
): Promise<SaveScene> {
  const nova = makeNova(value(3600), value(3600));
  const served = await serveNova(t, nova, intercept(nova));
  const cloud = served.cloud(as);
  const ports = {
    flavors: cloud.flavors,
    changes: cloud.flavorChanges,
    account: cloud,
    clock: labOptions.clock,
  };
  const {signal: never} = new AbortController();
  return {
    nova,
    ports,
    plan: async (wish) => planSave(ports, await lookForSave(ports, never), wish, never),
    save: async (plan, agreement = NONE, onEvent = () => {}, signal = never) =>
      saveFlavor(ports, plan, agreement, onEvent, signal),
    named: (name) => nova.cloud.flavors.find((one) => one.name === name),
  };
}

/** A flavor that is new, public, and boots. */
export function wishFor(
  flavor: Partial<Flavor> = {},
  settings: Partial<FlavorSettings> = {},
  more: Partial<SaveWish> = {},
): SaveWish {
  return {
    flavor: {
      name: 'gold',
      vcpus: 4,
      memoryMib: 4096,
      diskGib: 20,
      extraSpecs: {'hw:watchdog_action': 'reset', 'hw:cpu_sockets': '2'},
      ...flavor,
    },
    settings: {...NO_SETTINGS, ...settings},
    image: NO_IMAGE,
    isExact: false,
    release: undefined,
    ...more,
  };
}

/** A wish about a flavor of the cloud as it is, with these extra specs. */
export function wishAbout(
  {name, vcpus, ram, disk}: DemoFlavor,
  extraSpecs: Flavor['extraSpecs'],
  more: Partial<SaveWish> = {},
): SaveWish {
  return wishFor({name, vcpus, memoryMib: ram, diskGib: disk, extraSpecs}, {}, more);
}
