/** Nova's periodic task on the lab's nodes: what it runs with, and what it says that it did. */
import {type Lab, labNode, readOn} from './lab.js';
import type {LabCloud} from './lab-cloud.js';
import {waitUntil} from './wait-until.js';

/**
 * Sets `reclaim_instance_interval` on nodes by hand, and restarts what reads it there, all at the same time. The
 * periodic task runs 60 to 62 s after a start then: without the delay by chance that Nova adds.
 *
 * @param intervals seconds by host; the controller's is that of nova-api
 */
export async function setIntervals(
  lab: Lab,
  cloud: LabCloud,
  intervals: ReadonlyMap<string, number>,
): Promise<void> {
  const program = `set -e
    printf '[DEFAULT]\\nreclaim_instance_interval = %s\\nperiodic_fuzzy_delay = 0\\n' "$2" >>/etc/nova/nova.conf
    systemctl restart "$1"`;
  await Promise.all(
    [...intervals].map(async ([host, seconds]) =>
      readOn(lab, host, program, {args: [labNode(lab, host).unit, String(seconds)]}),
    ),
  );
  await waitUntil('Nova to answer', 60, async () => {
    const status = await cloud.request('GET', '/os-services').then(
      (answer) => answer.status,
      () => undefined,
    );
    return status === 200;
  });
}

/** When a host's nova-compute took a server, by its own log, epoch milliseconds; undefined where it did not. */
export async function reclaimedAt(lab: Lab, host: string, id: string): Promise<number | undefined> {
  const said = await readOn(
    lab,
    host,
    'grep -hF "[instance: $1] Reclaiming deleted instance" /var/log/nova/nova-compute.log || true',
    {args: [id]},
  );
  const time = /^(\d{4}-\d\d-\d\d) ([\d:.]+) /.exec(said);
  return time === null ? undefined : Date.parse(`${time[1]}T${time[2]}Z`);
}

/** Stops or starts nova-compute on a host. */
export async function switchCompute(lab: Lab, host: string, to: 'start' | 'stop'): Promise<void> {
  await readOn(lab, host, 'systemctl "$2" "$1"', {args: [labNode(lab, host).unit, to]});
}
