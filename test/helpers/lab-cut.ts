/** Cuts of the line to a node, made on the node itself, so that a test need not be quick. */
import {type Lab, readOn, runOn} from './lab.js';

const END_SESSIONS = `pkill -KILL -f '^sshd(-session)?: [a-z]+ *(@|\\[)'`;

/**
 * Waits on the node, in the background, until a run's state file there has this word, then ends every ssh session
 * but none of its own. Resolves as soon as it waits. It gives up after two minutes.
 */
export async function cutWhenState(lab: Lab, host: string, word: string): Promise<void> {
  await inBackground(
    lab,
    host,
    `for turn in $(seq 2400); do
       grep -q -s -F -e '${tab(word)}' $(find /var/lib/reprieve -name state -newer "$mark" 2>/dev/null) /dev/null && break
       sleep 0.05
     done
     ${END_SESSIONS}`,
  );
}

/** Ends every ssh session of the node, its own too. Resolves when that is done, so that a later session lives. */
export async function cutNow(lab: Lab, host: string): Promise<void> {
  const {code} = await runOn(lab, host, END_SESSIONS);
  if (code !== 255) throw new Error(`the line to ${host} was not cut: exit ${code}`);
}

/** Takes the node's link away for some seconds: packets are lost, and nobody is told. */
export async function dropPackets(lab: Lab, host: string, seconds: number): Promise<void> {
  await inBackground(lab, host, `ip link set eth0 down; sleep ${seconds}; ip link set eth0 up`);
}

function tab(word: string): string {
  return `\t${word}\t`;
}

async function inBackground(lab: Lab, host: string, program: string): Promise<void> {
  await readOn(
    lab,
    host,
    `mark=$(mktemp); export mark
     setsid bash -c "$1" </dev/null >/dev/null 2>&1 &`,
    {args: [`sleep 0.3; ${program}; rm -f "$mark"`]},
  );
}
