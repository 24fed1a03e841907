import {CloudError, UserError} from '../../../app/errors.js';
import type {Trouble} from './state.js';

/** Does some work. What a person can cause is handed on as trouble; a bug ends the program. */
export async function attempt(work: () => Promise<void>, failed: (trouble: Trouble) => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    failed(troubleOf(error));
  }
}

/** An error as the wizard shows it. */
export function troubleOf(error: UserError): Trouble {
  const {message, remedy} = error;
  return {message, remedy, ...(error instanceof CloudError ? {reason: error.reason} : {})};
}
