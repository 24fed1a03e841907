import {UserError} from '../../app/errors.js';
import {askPlainly, choosePlainly, confirmPlainly, type AskLine} from './plain-question.js';

/** What is done with a line that is typed. */
export type TextOptions = {
  /** Taken where nothing is typed. */
  readonly proposal?: string;
  /** What is wrong with an answer, as a sentence; the question is asked again then. */
  readonly problemOf?: (answer: string) => string | undefined | Promise<string | undefined>;
};

/** Asks a person, on stderr, so that stdout stays the command's own. Texts must be safe to print. */
export type Prompt = {
  /** Text that is not shown while it is typed. */
  secret(question: string): Promise<string>;
  /** One line. */
  text(question: string, options?: TextOptions): Promise<string>;
  /** One of these, by its index; `proposed` is the index that is taken where nothing is chosen. */
  choose(question: string, titles: readonly string[], proposed?: number): Promise<number>;
  /** Yes or no. */
  confirm(question: string, isYesProposed: boolean): Promise<boolean>;
};

/** Whom the questions reach: nobody, or a terminal, and what that can. */
export type Asked = {
  readonly isInteractive: boolean;
  /** Lines and numbers only, nothing that is drawn twice: `TERM=dumb`, a screen reader, a locale without signs. */
  readonly isPlain: boolean;
  readonly isColourless: boolean;
};

/** Runs a question, with the terminal left to it alone. */
export type WhileAsking = <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;

/** The question in inquirer's words. */
type Question =
  | {readonly type: 'password'; readonly message: string; readonly mask: false}
  | {
      readonly type: 'input';
      readonly message: string;
      readonly default?: string;
      readonly validate?: (answer: string) => Promise<string | true>;
    }
  | {
      readonly type: 'select';
      readonly message: string;
      readonly choices: readonly {readonly name: string; readonly value: number}[];
      readonly default: number;
      readonly pageSize: number;
    }
  | {readonly type: 'confirm'; readonly message: string; readonly default: boolean};

/** How long a signal may be on its way when the line that was typed after it is there. */
const SIGNAL_MS = 30;

/** Rows of a list that are shown at once; more scroll. */
const PAGE = 12;

/**
 * A prompt on this terminal. Each question rejects with a refused `UserError` where there is nobody to ask, and with
 * the signal's reason when aborted. Nodes ask at the same time; a person is asked one question after the other.
 */
export function createPrompt(
  {isInteractive, isPlain, isColourless}: Asked,
  signal: AbortSignal,
  whileAsking: WhileAsking,
): Prompt {
  let last: Promise<unknown> = Promise.resolve();

  async function inTurn<Answer>(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const answer = last.then(async () =>
      whileAsking(async () => {
        signal.throwIfAborted();
        if (!isInteractive) {
          throw new UserError('refused', `there is no terminal to ask: ${question}`, {
            remedy: 'run it in a terminal',
          });
        }
        return ask();
      }),
    );
    // The next question waits for this one; how it went is told to who asked it.
    last = answer.catch(() => undefined);
    return answer;
  }

  const typewriter = {input: process.stdin, output: process.stderr};
  const askLine: AskLine = async (question, isSecret = false) => {
    const onInterrupt = () => void process.kill(process.pid, 'SIGINT');
    const answer = await askPlainly(question, isSecret, typewriter, signal, onInterrupt);
    // A Ctrl-C that was pressed just before Enter is told later than the line: it must not pass for a yes.
    await new Promise((resolve) => setTimeout(resolve, SIGNAL_MS));
    signal.throwIfAborted();
    if (answer === undefined) throw unanswered();
    return answer;
  };
  const say = (line: string) => void process.stderr.write(`${line}\n`);

  async function drawn<Answer>(question: Question): Promise<Answer> {
    // Read by Node's own styleText, with which inquirer colours.
    if (isColourless) process.env['NO_COLOR'] = '1';
    const {default: inquirer} = await import('inquirer');
    // Its own default would write to stdout, which belongs to the command's result.
    const prompt = inquirer.createPromptModule({output: process.stderr, signal});
    try {
      const answers = await prompt<{answer: unknown}>([{...question, name: 'answer'}]);
      // Each type of question has answers of one type.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return answers.answer as Answer;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Error && error.name === 'ExitPromptError') {
        if (error.message.includes('SIGINT')) await interrupt(signal);
        throw unanswered(error);
      }
      throw error;
    }
  }

  return {
    secret: async (question) =>
      inTurn(question, async () =>
        isPlain ? askLine(question, true) : drawn({type: 'password', message: question, mask: false}),
      ),
    text: async (question, {proposal, problemOf} = {}) =>
      inTurn(question, async () => {
        if (!isPlain) {
          return drawn<string>({
            type: 'input',
            message: question,
            ...(proposal === undefined ? {} : {default: proposal}),
            ...(problemOf === undefined
              ? {}
              : {validate: async (answer) => (await problemOf(answer)) ?? true}),
          });
        }
        const shown = proposal === undefined || proposal === '' ? question : `${question} (${proposal})`;
        for (;;) {
          const answer = (await askLine(shown)) || (proposal ?? '');
          const problem = await problemOf?.(answer);
          if (problem === undefined) return answer;
          say(problem);
        }
      }),
    choose: async (question, titles, proposed = 0) =>
      inTurn(question, async () => {
        if (isPlain) return choosePlainly(question, titles, proposed, askLine, say);
        const choices = titles.map((name, value) => ({name, value}));
        return drawn<number>({type: 'select', message: question, choices, default: proposed, pageSize: PAGE});
      }),
    confirm: async (question, isYesProposed) =>
      inTurn(question, async () =>
        isPlain
          ? confirmPlainly(question, isYesProposed, askLine, say)
          : drawn<boolean>({type: 'confirm', message: question, default: isYesProposed}),
      ),
  };
}

/** Ctrl-C at a question is only a key there. It means what it means elsewhere; rejects with the signal's reason. */
async function interrupt(signal: AbortSignal): Promise<void> {
  const aborted = new Promise((resolve) => {
    signal.addEventListener('abort', resolve, {once: true});
  });
  // A signal alone keeps no process alive until it arrives.
  const hold = setInterval(() => undefined, 1000);
  try {
    process.kill(process.pid, 'SIGINT');
    await aborted;
  } finally {
    clearInterval(hold);
  }
  signal.throwIfAborted();
}

function unanswered(cause?: unknown): UserError {
  return new UserError('refused', 'nothing was answered; nothing was changed', {cause});
}
