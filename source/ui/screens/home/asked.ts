import type {HomeProblem} from '../../../app/home/look-home.js';

/** What was asked of one source, and what it last said. Times are epoch milliseconds. */
export type Asked<Value> = {
  /** Its last good answer; it stays while newer tries fail. */
  readonly value: Value | undefined;
  /** When it last answered, be it with a refusal. */
  readonly answeredAt: number | undefined;
  /** Why the newest try failed. */
  readonly problem: HomeProblem | undefined;
  readonly askedAt: number;
  readonly isAsking: boolean;
};

/** A source that answered this. */
export function answered<Value>(before: Asked<Value>, at: number, value: Value): Asked<Value> {
  return {...before, value, answeredAt: at, problem: undefined, isAsking: false};
}
