/** How long a key takes in the wizard of flavors, where each judges the flavor and draws the guest anew. */
import {setTimeout as pause} from 'node:timers/promises';
import {go, HELD_MS, type KeyFigures, measure} from './keys-bench.js';
import {startScreenStage} from './screen-stage.js';

const BACKSPACE = '\u007F';

/** A guest of 128 vCPUs, and of 8 NUMA nodes with every other key, all pinned, in a large window. */
export async function benchFlavorKeys(presses: number): Promise<readonly KeyFigures[]> {
  const stage = await startScreenStage(3, 0);
  const pty = await stage.open(['flavor', '--offline', '--preset', 'network'], {columns: 120, rows: 40});
  try {
    await pty.until('START FROM');
    await pause(HELD_MS);
    for (const keys of ['j', '128', 'j', '512g']) await pty.press(keys);
    await pty.until(/vCPUs +128[^]*memory +512g/);
    await go(pty, 'n', 'WHEN THE GUEST HANGS');
    await go(pty, 'n', 'NEXT BEST');
    await pause(HELD_MS);
    const topology = await measure(pty, presses, {screen: 'flavor, topology of 128 vCPU', keys: ['w', 'f']});
    await go(pty, 'n', 'POLICY');
    await pause(HELD_MS);
    await pty.press('8');
    await pty.until('on 8 NUMA nodes');
    const numa = await measure(pty, presses, {screen: 'flavor, 128 vCPU on 8 nodes', keys: [BACKSPACE, '8']});
    return [topology, numa];
  } finally {
    await pty.end();
    await stage.stop();
  }
}
