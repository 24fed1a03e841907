import {randomBytes} from 'node:crypto';
import type {Readable, Writable} from 'node:stream';
import {NodeError} from '../../app/errors.js';
import type {RunOptions, RunResult, Script} from '../../app/ports.js';
import {type Elevation, type Marks, explainNoShell, isPasswordRefusal} from './elevation.js';
import type {SshOptions} from './settings.js';
import {type PasswordTry, type SudoAccounts, wrongPassword} from './sudo-accounts.js';

/** A program on a node, however it was started. */
export type RemoteProcess = {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when nothing more will come. `code` is undefined where none was told, `reason` says why. */
  readonly ended: Promise<{readonly code: number | undefined; readonly reason: string}>;
  /** Closes the channel; what runs on the node may go on. */
  close(): void;
};

/** Who speaks with whom, and what may be said. */
export type Talk = {
  readonly node: string;
  /** The account that logged in. */
  readonly account: string;
  readonly elevation: Elevation;
  /** Present where the command line makes sudo ask. */
  readonly accounts: SudoAccounts | undefined;
  readonly marks: Marks;
  readonly options: SshOptions;
  /** Told where sudo let us in without a password. */
  readonly onPasswordless: () => void;
};

const MAX_STDERR = 1024 * 1024;
/** What a login shell may print before our shell starts. */
const MAX_NOISE = 1024 * 1024;

export function newMarks(): Marks {
  const mark = (): string => randomBytes(12).toString('hex');
  return {start: mark(), prompt: mark(), ready: mark()};
}

/** Feeds a script to a shell that was started with `remoteCommand`, and collects what comes of it. */
export function converse(
  remote: RemoteProcess,
  script: Script,
  talk: Talk,
  run: RunOptions,
): Promise<RunResult> {
  return new Conversation(remote, script, talk, run).result();
}

class Conversation {
  readonly #remote: RemoteProcess;
  readonly #script: Script;
  readonly #talk: Talk;
  readonly #run: RunOptions;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  #stdoutLength = 0;
  #stderrLength = 0;
  /** Before our shell spoke, stdout is what login files print. */
  #hasStarted = false;
  #isSent = false;
  /** How far stderr was searched for a mark. */
  #searched = 0;
  #try: PasswordTry | undefined;
  #isObtaining = false;
  #timer: NodeJS.Timeout | undefined;
  #finish: ((result: RunResult) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor(remote: RemoteProcess, script: Script, talk: Talk, run: RunOptions) {
    this.#remote = remote;
    this.#script = script;
    this.#talk = talk;
    this.#run = run;
  }

  async result(): Promise<RunResult> {
    const {signal} = this.#run;
    const onAbort = (): void => {
      this.#fail(signal.reason);
    };
    try {
      return await new Promise<RunResult>((resolve, reject) => {
        this.#finish = resolve;
        this.#reject = reject;
        // Streams are read in any case: a channel closes only when everything in it was taken.
        this.#listen();
        if (signal.aborted) {
          onAbort();
          return;
        }
        signal.addEventListener('abort', onAbort, {once: true});
        if (this.#talk.accounts === undefined) this.#send();
        else this.#waitForSudo();
      });
    } finally {
      clearTimeout(this.#timer);
      signal.removeEventListener('abort', onAbort);
      this.#try?.unknown();
      this.#remote.close();
    }
  }

  #listen(): void {
    this.#remote.stdout.on('data', (chunk: Buffer) => {
      this.#onStdout(chunk);
    });
    this.#remote.stderr.on('data', (chunk: Buffer) => {
      this.#onStderr(chunk);
    });
    // A peer that stops reading is no failure of its own: how it ended is told by `ended`.
    this.#remote.stdin.on('error', () => undefined);
    this.#remote.ended.then(
      ({code, reason}) => {
        this.#onEnd(code, reason);
      },
      (error: unknown) => {
        this.#fail(error);
      },
    );
  }

  #onStdout(chunk: Buffer): void {
    this.#stdout.push(chunk);
    this.#stdoutLength += chunk.length;
    if (this.#hasStarted) this.#run.onOutput?.(chunk);
    else {
      this.#dropNoise();
      if (this.#hasStarted && this.#stdoutLength > 0) this.#run.onOutput?.(Buffer.concat(this.#stdout));
    }
    const limit = this.#hasStarted ? this.#talk.options.maxOutputBytes : MAX_NOISE;
    if (this.#stdoutLength > limit) {
      this.#lose(`it printed more than ${limit} bytes`);
    }
  }

  #dropNoise(): void {
    const all = Buffer.concat(this.#stdout);
    const rest = afterMark(all, this.#talk.marks.start);
    this.#stdout.length = 0;
    this.#stdout.push(rest ?? all);
    this.#stdoutLength = (rest ?? all).length;
    this.#hasStarted = rest !== undefined;
  }

  #onStderr(chunk: Buffer): void {
    if (this.#stderrLength < MAX_STDERR) this.#stderr.push(chunk);
    this.#stderrLength += chunk.length;
    if (!this.#isSent) this.#watchSudo();
  }

  #watchSudo(): void {
    const {accounts, marks, node, account} = this.#talk;
    if (accounts === undefined) return;
    const text = this.#stderrText();
    const fresh = text.slice(this.#searched);
    if (fresh.includes(marks.ready)) {
      if (this.#try === undefined) this.#talk.onPasswordless();
      this.#try?.accepted();
      this.#try = undefined;
      this.#send();
    } else if (fresh.includes(marks.prompt)) {
      this.#searched = text.length;
      if (this.#try !== undefined) {
        this.#refuse();
      } else if (!this.#isObtaining) {
        this.#isObtaining = true;
        clearTimeout(this.#timer);
        accounts.obtain(account, node, this.#run.signal).then(
          (attempt) => {
            this.#sendPassword(attempt);
          },
          (error: unknown) => {
            this.#fail(error);
          },
        );
      }
    }
  }

  #sendPassword(attempt: PasswordTry): void {
    if (this.#reject === undefined) {
      attempt.unknown();
      return;
    }
    this.#try = attempt;
    this.#remote.stdin.write(`${attempt.password}\n`);
    this.#waitForSudo();
  }

  #refuse(): void {
    this.#try?.refused();
    this.#try = undefined;
    this.#fail(wrongPassword(this.#talk.account, this.#talk.node, this.#talk.node));
  }

  #waitForSudo(): void {
    const {node, options} = this.#talk;
    this.#timer = setTimeout(() => {
      this.#fail(
        new NodeError(
          node,
          'step-timeout',
          `${node}: sudo did not answer within ${options.sudoTimeoutMs / 1000} s.`,
          {
            remedy: 'Nothing ran on it. Look at its directory service (sudo waits for it) and start again.',
          },
        ),
      );
    }, options.sudoTimeoutMs);
  }

  #send(): void {
    const {start} = this.#talk.marks;
    clearTimeout(this.#timer);
    this.#isSent = true;
    this.#run.onSent?.();
    this.#timer = setTimeout(() => {
      this.#lose(`no end within ${this.#run.timeoutMs / 1000} s`);
    }, this.#run.timeoutMs);
    this.#remote.stdin.end(`printf '%s\\n' ${start}; printf '%s\\n' ${start} >&2\n${this.#script.text}`);
  }

  #onEnd(code: number | undefined, reason: string): void {
    if (this.#reject === undefined) return;
    const {node, account, elevation} = this.#talk;
    if (!this.#isSent && code === undefined) {
      const remedy = 'Nothing ran on it; start again.';
      this.#fail(new NodeError(node, 'connect-failed', `${node}: ${reason} before anything ran.`, {remedy}));
    } else if (code === undefined) {
      this.#lose(reason);
    } else if (this.#hasStarted) {
      this.#settle({kind: 'exited', code, stdout: this.#output(), stderr: this.#stderrAfterStart()});
    } else if (this.#try !== undefined && isPasswordRefusal(this.#stderrText())) {
      this.#refuse();
    } else {
      // Sudo that knows the account's rights only after the password has taken that password.
      this.#try?.accepted();
      this.#try = undefined;
      // Nothing of ours ran: what came on stdout is from the login (nologin writes its sentence there).
      const said = `${Buffer.concat(this.#stdout).toString('utf8')}\n${this.#stderrText()}`;
      const text = said.replaceAll(this.#talk.marks.prompt, '');
      this.#fail(explainNoShell(node, account, elevation, code, text));
    }
  }

  #lose(reason: string): void {
    this.#settle({kind: 'lost', reason, stdout: this.#output(), stderr: this.#stderrAfterStart()});
  }

  #settle(result: RunResult): void {
    this.#finish?.(result);
    this.#finish = undefined;
    this.#reject = undefined;
  }

  #fail(error: unknown): void {
    this.#reject?.(error);
    this.#finish = undefined;
    this.#reject = undefined;
  }

  #output(): Uint8Array {
    return this.#hasStarted ? Buffer.concat(this.#stdout) : new Uint8Array();
  }

  #stderrText(): string {
    return Buffer.concat(this.#stderr).toString('utf8');
  }

  #stderrAfterStart(): string {
    const all = Buffer.concat(this.#stderr);
    return (afterMark(all, this.#talk.marks.start) ?? all).toString('utf8');
  }
}

/** What follows the line that ends with a mark; undefined as long as it has not come. */
function afterMark(bytes: Buffer, mark: string): Buffer | undefined {
  const at = bytes.indexOf(`${mark}\n`);
  return at < 0 ? undefined : bytes.subarray(at + mark.length + 1);
}
