/** What a nova-api is asked, and who may ask it. */
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import type {Reply} from '../http.js';
import type {NovaCloud} from './cloud.js';
import {type Caller, Fault} from './model.js';
import type {View} from './views.js';

export type NovaRequest = {
  readonly method: string;
  /** Below `/v2.1`, with a slash first. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The decoded JSON; undefined where there is none. */
  readonly body: unknown;
  readonly microversion: number;
  readonly caller: Caller;
  /** Address of the API, for links. */
  readonly base: string;
  /** What the nova-api that serves this read from its files. */
  readonly reading: IntervalReading;
};

export type Asked = NovaRequest & {
  readonly cloud: NovaCloud;
  readonly view: View;
  readonly parts: readonly string[];
};

export type Route = readonly [method: string, pattern: RegExp, answer: (asked: Asked) => Reply];

/** An object of a body; empty for what is none. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? {...value} : {};
}

/** Refuses in Nova's words what the policy leaves to administrators. */
export function onlyAdmin({caller}: Pick<Asked, 'caller'>, policy: string): void {
  if (!caller.isAdmin) throw new Fault(403, `Policy doesn't allow ${policy} to be performed.`);
}
