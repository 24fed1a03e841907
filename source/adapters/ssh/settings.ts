/** Asks a person; the answer lives in memory only. `undefined`: there is none, or nobody to ask. */
export type Secrets = {
  /**
   * The passphrase of an encrypted key. Asked once for each file, and only when a server takes that key; again,
   * with a higher number (1 to 3), where it did not open the file.
   */
  readonly passphrase?: (keyFile: string, attempt: number) => Promise<string | undefined>;
  /**
   * The sudo password of an account on the nodes. Absent where the user did not ask for it
   * (`--ask-become-pass`). Asked once for each account.
   */
  readonly becomePassword?: (account: string) => Promise<string | undefined>;
  /** Another number than before: a passphrase that was not given, or opened nothing, may be asked for again. */
  readonly round?: () => number;
};

/** What both transports need to know about this machine and the user's wishes. */
export type SshSettings = {
  /** The user's home folder, for `~` and the default files. */
  readonly home: string;
  /** The account that runs this program: the login name where nothing else is said. */
  readonly localUser: string;
  readonly localHostName: string;
  /** Read for `SSH_AUTH_SOCK`, `PATH` and `${NAME}` in configuration files. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One file in place of the user's and the system's, as `ssh -F`. */
  readonly configFile?: string;
  /** Default: `/etc/ssh`. */
  readonly systemFolder?: string;
  /** Handshakes at the same time. Default: 50. */
  readonly parallel?: number;
  /** For TCP, handshake, login and the opening of a channel, each. Default: 15,000. */
  readonly connectTimeoutMs?: number;
  /** A peer is dead after this many unanswered questions. Default: 3 questions, 15 s apart. */
  readonly keepalive?: {readonly intervalMs: number; readonly count: number};
  /** How long sudo may take before it answers, without the time that a person needs. Default: 30,000. */
  readonly sudoTimeoutMs?: number;
  /** What a script may print at most. Default: 64 MiB. */
  readonly maxOutputBytes?: number;
  readonly secrets?: Secrets;
  /** Told once what the user should know and what stops nothing. */
  readonly notice?: (text: string) => void;
};

/** Settings with their defaults filled in. */
export type SshOptions = Required<Omit<SshSettings, 'configFile'>> & {
  readonly configFile: string | undefined;
};

/** Fills in the defaults; notices are given once each. */
export function withDefaults(settings: SshSettings): SshOptions {
  const told = new Set<string>();
  return {
    systemFolder: '/etc/ssh',
    parallel: 50,
    connectTimeoutMs: 15_000,
    keepalive: {intervalMs: 15_000, count: 3},
    sudoTimeoutMs: 30_000,
    maxOutputBytes: 64 * 1024 * 1024,
    ...settings,
    secrets: oneAtATime(settings.secrets ?? {}),
    configFile: settings.configFile,
    notice(text) {
      if (told.has(text)) return;
      told.add(text);
      settings.notice?.(text);
    },
  };
}

/** A person is asked one question at a time, however many nodes need an answer. */
function oneAtATime(secrets: Secrets): Secrets {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    const answer = last.then(ask);
    // Who asked is told of a failure; whoever asks next only waits for the end of it.
    last = answer.catch(() => undefined);
    return answer;
  };
  const {passphrase, becomePassword, round = () => 0} = secrets;
  return {
    round,
    ...(passphrase === undefined
      ? {}
      : {passphrase: (keyFile, attempt) => inTurn(() => passphrase(keyFile, attempt))}),
    ...(becomePassword === undefined
      ? {}
      : {becomePassword: (account) => inTurn(() => becomePassword(account))}),
  };
}
