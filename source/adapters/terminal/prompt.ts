import {UserError} from '../../app/errors.js';
import {askPlainly} from './plain-question.js';

/** Asks a person, on stderr, so that stdout stays the command's own. */
export type Prompt = {
  /** Text that is not shown while it is typed. */
  secret(question: string): Promise<string>;
  /** One line. */
  text(question: string): Promise<string>;
};

/** Whom the questions reach: nobody, or a terminal that may not know how to move its cursor. */
export type Asked = {readonly isInteractive: boolean; readonly isDumb: boolean};

/** Runs a question, with the terminal left to it alone. */
export type WhileAsking = (ask: () => Promise<string>) => Promise<string>;

/**
 * A prompt on this terminal. Each question rejects with a refused `UserError` where there is nobody to ask, and with
 * the signal's reason when aborted. Nodes ask at the same time; a person is asked one question after the other.
 */
export function createPrompt(
  {isInteractive, isDumb}: Asked,
  signal: AbortSignal,
  whileAsking: WhileAsking,
): Prompt {
  let last: Promise<unknown> = Promise.resolve();

  async function inTurn(question: string, isSecret: boolean): Promise<string> {
    const answer = last.then(async () => whileAsking(async () => ask(question, isSecret)));
    // The next question waits for this one; how it went is told to who asked it.
    last = answer.catch(() => undefined);
    return answer;
  }

  async function ask(question: string, isSecret: boolean): Promise<string> {
    signal.throwIfAborted();
    if (!isInteractive) {
      throw new UserError('refused', `there is no terminal to ask: ${question}`, {
        remedy: 'run it in a terminal',
      });
    }
    if (isDumb) {
      const typewriter = {input: process.stdin, output: process.stderr};
      const onInterrupt = () => void process.kill(process.pid, 'SIGINT');
      const answer = await askPlainly(question, isSecret, typewriter, signal, onInterrupt);
      signal.throwIfAborted();
      if (answer === undefined) throw unanswered();
      return answer;
    }
    const {default: inquirer} = await import('inquirer');
    // Its own default would write to stdout, which belongs to the command's result.
    const prompt = inquirer.createPromptModule({output: process.stderr, signal});
    try {
      const answers = await prompt<{answer: string}>([
        isSecret
          ? {type: 'password', name: 'answer', message: question, mask: false}
          : {type: 'input', name: 'answer', message: question},
      ]);
      return answers.answer;
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
    secret: async (question) => inTurn(question, true),
    text: async (question) => inTurn(question, false),
  };
}

/** Ctrl-C at a question is only a key there. It means what it means elsewhere; rejects with the signal's reason. */
async function interrupt(signal: AbortSignal): Promise<void> {
  const aborted = new Promise((resolve) => {
    signal.addEventListener('abort', resolve, {once: true});
  });
  process.kill(process.pid, 'SIGINT');
  await aborted;
  signal.throwIfAborted();
}

function unanswered(cause?: unknown): UserError {
  return new UserError('refused', 'nothing was answered; nothing was changed', {cause});
}
