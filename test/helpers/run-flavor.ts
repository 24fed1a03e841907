import {spawn} from 'node:child_process';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/cli.js', import.meta.url));

export type FlavorRun = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of stdout as JSON, where that is what was asked for. */
  readonly documents: readonly Readonly<Record<string, unknown>>[];
  readonly seconds: number;
  /** The most memory that it had at once, in MiB. */
  readonly peakMib: number;
};

/** Tells the peak of the process that loads it, as the last line on stderr. */
const TELL_PEAK = `data:text/javascript,${encodeURIComponent(
  "import process from 'node:process'; process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'));",
)}`;

/** Runs `reprieve flavor check …` as a process with this on its stdin, and nothing of this one's environment. */
export async function runFlavorCheck(
  args: readonly string[],
  input: string | Uint8Array = '',
  cwd?: string,
): Promise<FlavorRun> {
  return runFlavor(['check', ...args], input, cwd);
}

/** The same of any command of `reprieve flavor`, with more in the environment. */
export async function runFlavor(
  args: readonly string[],
  input: string | Uint8Array = '',
  cwd?: string,
  env: Readonly<Record<string, string>> = {},
): Promise<FlavorRun> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', TELL_PEAK, PROGRAM, 'flavor', ...args], {
    cwd,
    env: {PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: '/nonexistent', ...env},
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // It may have seen enough before the end.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const peak = /^peak (\d+)\n$/m.exec(stderr);
  return {
    code,
    stdout,
    stderr: stderr.replace(/^peak \d+\n/m, ''),
    documents: args.includes('--json') ? stdout.split('\n').filter(Boolean).map(readDocument) : [],
    seconds: (performance.now() - began) / 1000,
    peakMib: Number(peak?.[1]) / 1024,
  };
}

function readDocument(line: string): Readonly<Record<string, unknown>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Our own program's.
  return JSON.parse(line) as Readonly<Record<string, unknown>>;
}
