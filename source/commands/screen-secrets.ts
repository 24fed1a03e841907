import type {Secrets} from '../compose.js';
import type {Shell} from '../ui/screen.js';

/** What answers keys and sudo while a screen has the terminal. */
export type ScreenSecrets = {
  of(shell: Pick<Shell, 'askSecret'>): Required<Secrets>;
  /** What was not answered may be asked for again: somebody looks again. */
  askAgain(): void;
};

/**
 * Asks on the screen. A passphrase that was given once is not asked for again by another screen, unless it did not
 * open its key. A sudo password is: what one screen was refused must not be tried by the next.
 */
export function createScreenSecrets(): ScreenSecrets {
  const passphrases = new Map<string, string>();
  let round = 0;
  const of: ScreenSecrets['of'] = (shell) => ({
    round: () => round,
    async passphrase(file, attempt) {
      const known = attempt === 1 ? passphrases.get(file) : undefined;
      if (known !== undefined) return known;
      const given = await shell.askSecret({
        title: 'A key is locked',
        sentences: [
          file,
          ...(attempt === 1 ? ['Nodes want this key.'] : ['That did not open it.']),
          'Its passphrase stays in memory. An agent that holds the key (ssh-add) does too.',
        ],
        label: 'Passphrase:',
        give: 'Open it',
        refuse: 'Leave it locked',
      });
      if (given !== undefined) passphrases.set(file, given);
      return given;
    },
    becomePassword: async (account) =>
      shell.askSecret({
        title: 'sudo asks for a password',
        sentences: [
          `Of ${account} on the nodes.`,
          'It is tried on one node first, stays in memory, and goes to sudo only.',
        ],
        label: 'Password:',
        give: 'Use it',
        refuse: 'Go on without it',
      }),
  });
  return {of, askAgain: () => void (round += 1)};
}
