/** How long it takes until home is there, held against Node alone and against what operators use today. */
import process from 'node:process';
import {run} from './command.js';
import {openPty} from './pty.js';
import {startScreenStage} from './screen-stage.js';

export type FirstFrameFigures = {
  /** Seconds of each start of home. */
  readonly firstByte: readonly number[];
  readonly firstFrame: readonly number[];
  /** Seconds of `node -e 0` in the same terminal, start to end. */
  readonly bareNode: readonly number[];
  /** The same of `openstack --version`; undefined where that is not installed. */
  readonly openstack: readonly number[] | undefined;
};

const OPENSTACK = ['openstack', '--version'];

async function secondsOf(words: readonly string[]): Promise<number> {
  const pty = await openPty({words});
  const {seconds, code} = await pty.ended();
  if (code !== 0) throw new Error(`${words.join(' ')} exited with ${code}`);
  return seconds;
}

/** Home on a quiet cloud, Node alone and the OpenStack client, in turn; each once before, so that files are at hand. */
export async function benchFirstFrame(runs: number, say: (line: string) => void): Promise<FirstFrameFigures> {
  const stage = await startScreenStage(5, 1);
  const bare = [process.execPath, '-e', '0'];
  const isThere = await run({words: OPENSTACK}).then(
    ({code}) => code === 0,
    () => false,
  );
  if (!isThere) {
    say('left out: openstack --version (install python3-openstackclient to hold the first frame against it)');
  }
  const home = async (): Promise<{byte: number; frame: number}> => {
    const pty = await stage.open([]);
    await pty.until('Whether delayed delete');
    const [first] = pty.repaints;
    const byte = pty.firstByte();
    await pty.end('q');
    if (first === undefined || byte === undefined) throw new Error('home was drawn without a repaint');
    return {byte, frame: first.ended - pty.started};
  };
  const figures = {
    firstByte: [] as number[],
    firstFrame: [] as number[],
    bareNode: [] as number[],
    openstack: [] as number[],
  };
  try {
    await home();
    for (let round = 0; round < runs; round++) {
      const {byte, frame} = await home();
      figures.firstByte.push(byte);
      figures.firstFrame.push(frame);
      figures.bareNode.push(await secondsOf(bare));
      if (isThere) figures.openstack.push(await secondsOf(OPENSTACK));
    }
  } finally {
    await stage.stop();
  }
  return {...figures, openstack: isThere ? figures.openstack : undefined};
}
