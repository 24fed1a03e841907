import {CloudError, type CloudErrorReason, UserError} from '../app/errors.js';

/** What went wrong, for people: what and where, and what to do. */
export type Trouble = {
  readonly message: string;
  readonly remedy: string | undefined;
  /** Where it is the cloud's: what kind of answer it was. */
  readonly reason?: CloudErrorReason;
};

/** Something that is fetched. Times are epoch milliseconds. */
export type Loadable<Value> =
  | {readonly kind: 'none'}
  | {readonly kind: 'loading'; readonly since: number}
  | {readonly kind: 'ready'; readonly value: Value; readonly at: number}
  | {readonly kind: 'failed'; readonly trouble: Trouble; readonly at: number};

/** Does some work. What a person can cause is handed on as trouble; a bug ends the program. */
export async function attempt(work: () => Promise<void>, failed: (trouble: Trouble) => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    failed(troubleOf(error));
  }
}

/** An error as a screen shows it. */
export function troubleOf(error: UserError): Trouble {
  const {message, remedy} = error;
  return {message, remedy, ...(error instanceof CloudError ? {reason: error.reason} : {})};
}

/** A text with the full stop that it may have already. */
export function sentenceOf(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What went wrong, and what to do. */
export function troubled({message, remedy}: Trouble): readonly string[] {
  return [`Error: ${sentenceOf(message)}`, ...(remedy === undefined ? [] : [sentenceOf(remedy)])];
}
