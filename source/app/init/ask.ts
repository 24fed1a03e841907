import {UserError} from '../errors.js';

/** What every question says about itself. */
type Asked = {
  /** The question as it is asked. Foreign text in it need not be safe to print. */
  readonly title: string;
  /** The flag that answers it, `--cloud NAME`. */
  readonly flag: string;
};

/** A question that is answered with one line. */
export type TextQuestion = Asked & {
  /** What an empty line means; empty: nothing is proposed. */
  readonly proposal: string;
  /** What stands for an answer where nobody is asked; undefined: there must be one. */
  readonly unasked: string | undefined;
  /** What is wrong with an answer, as a sentence. The question is asked again then. */
  readonly problemOf: (answer: string) => string | undefined | Promise<string | undefined>;
};

/** A question that is answered by picking. */
export type ChoiceQuestion<Value> = Asked & {
  readonly choices: readonly {readonly value: Value; readonly title: string}[];
  /** Index of the choice that is proposed. */
  readonly proposed: number;
  /** What stands for an answer where nobody is asked; undefined: there must be one. */
  readonly unasked: Value | undefined;
};

/** A question that is answered with yes or no; `--yes` says yes. */
export type YesQuestion = {readonly title: string; readonly isYesProposed: boolean};

/** Asks a person one question after the other. Each rejects with the signal's reason when interrupted. */
export interface Asker {
  text(question: TextQuestion): Promise<string>;
  choose<Value>(question: ChoiceQuestion<Value>): Promise<Value>;
  confirm(question: YesQuestion): Promise<boolean>;
}

/** Answers for nobody (`--yes`): what a question says for that; a usage error where it needs a person. */
export const nobody: Asker = {
  async text(question) {
    if (question.unasked === undefined) throw unanswered(question);
    const problem = await question.problemOf(question.unasked);
    if (problem !== undefined) throw new UserError('usage', problem, {remedy: `give ${question.flag}`});
    return question.unasked;
  },
  async choose(question) {
    if (question.unasked === undefined)
      throw unanswered(
        question,
        question.choices.map(({title}) => title),
      );
    return question.unasked;
  },
  confirm: async () => true,
};

function unanswered({title, flag}: Asked, choices: readonly string[] = []): UserError {
  const among = choices.length === 0 ? '' : ` (${choices.join(', ')})`;
  return new UserError('usage', `nothing answers the question "${title}"${among}`, {remedy: `give ${flag}`});
}
