/** How a run goes on, node by node: the story decides who is where when time passes. */
import type {Stage} from './stage.js';

/** From the order to stop to a new process, with room. */
const RESTART_SECONDS = 2;
/** Between two heartbeats. */
const BEAT_SECONDS = 10;
/** From the order to stop until a nova-api listens again, with room. */
const LISTEN_SECONDS = 3;

/** Lets computes be written, in this order; each waits then for its process to stop. */
export async function write(stage: Stage, hosts: readonly string[]): Promise<void> {
  for (const host of hosts) {
    await stage.openChange(host);
    await stage.untilEvent(host, 'restart', 'started');
  }
}

/** Lets the processes of computes that were written start anew; each waits then for its second heartbeat. */
export async function restart(stage: Stage, hosts: readonly string[]): Promise<void> {
  stage.pass(RESTART_SECONDS);
  for (const host of hosts) await stage.untilEvent(host, 'restart', 'done');
  await stage.untilAsked();
}

/** Lets computes be written and start anew one after the other, so that the last of them is the newest that is told. */
export async function restartInTurn(stage: Stage, hosts: readonly string[]): Promise<void> {
  for (const host of hosts) {
    await write(stage, [host]);
    stage.pass(RESTART_SECONDS);
    await stage.untilEvent(host, 'restart', 'done');
  }
  await stage.untilAsked();
}

/** Lets Nova hear of computes once more: they are done, or put back. */
export async function beat(stage: Stage, hosts: readonly string[]): Promise<void> {
  stage.pass(BEAT_SECONDS);
  for (const host of hosts) await stage.untilResult(host);
}

/** Carries computes through, all of them together. */
export async function carry(stage: Stage, hosts: readonly string[]): Promise<void> {
  await write(stage, hosts);
  await restart(stage, hosts);
  await beat(stage, hosts);
}

/** Carries a nova-api through. */
export async function carryApi(stage: Stage, host: string): Promise<void> {
  await stage.untilEvent(host, 'restart', 'started');
  stage.pass(LISTEN_SECONDS);
  await stage.untilResult(host);
}

/** Lets the process of a compute that does not start with what was written start with its old file. */
export async function putBack(stage: Stage, host: string): Promise<void> {
  await stage.untilEvent(host, 'put-back', 'started');
  await stage.untilRestarting();
  stage.pass(RESTART_SECONDS);
  await stage.untilEvent(host, 'restart', 'done');
  await stage.untilAsked();
}
