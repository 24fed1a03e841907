import {spawn} from 'node:child_process';
import process from 'node:process';

export type TypedAnswer = {readonly to: string; readonly answer: string};

/** `script` gives the command a terminal of its own; what is written to it is typed. */
export async function typeTo(
  command: string,
  answers: readonly TypedAnswer[],
  env: Readonly<Record<string, string>>,
): Promise<{code: number | null; screen: string}> {
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    env: {PATH: process.env['PATH'], SHELL: '/bin/sh', ...env},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  const open = [...answers];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [next] = open;
    if (next === undefined || !screen.includes(next.to)) return;
    open.shift();
    child.stdin.write(`${next.answer}\r`);
  });
  // A program that has ended reads no more.
  child.stdin.on('error', () => undefined);
  const timer = setTimeout(() => child.kill('SIGKILL'), 300_000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({code, screen});
    });
  });
}
