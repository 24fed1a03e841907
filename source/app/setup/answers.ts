import {DecodeError, Field} from '../decode.js';

/** What the operator answered, kept for the next start. No secret in it. */
export type SetupAnswers = {
  readonly cloud: string | undefined;
  /** Hosts that were left out, of that cloud. */
  readonly leftOut: readonly string[];
  /** As it was typed. */
  readonly interval: string;
  /** Epoch milliseconds. */
  readonly savedAt: number;
};

/** Where answers are kept. */
export interface AnswerStore {
  /** Undefined where there are none, or none that can be read. */
  read(): Promise<SetupAnswers | undefined>;
  write(answers: SetupAnswers): Promise<void>;
}

const VERSION = 1;
/** Nobody types more; what is longer is not ours. */
const LONGEST_INTERVAL = 40;

export function formatAnswers(answers: SetupAnswers): string {
  return `${JSON.stringify({version: VERSION, ...answers}, undefined, 2)}\n`;
}

/** Reads what `formatAnswers` wrote; undefined for anything else: answers are a comfort, and asked for again. */
export function parseAnswers(text: string): SetupAnswers | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  try {
    const field = new Field(value);
    field.get('version').whole(VERSION, VERSION);
    return {
      cloud: field.get('cloud').optional((one) => one.text()),
      leftOut: field.get('leftOut').list((one) => one.text()),
      interval: field.get('interval').text((one) => one.length <= LONGEST_INTERVAL),
      savedAt: field.get('savedAt').number(),
    };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
