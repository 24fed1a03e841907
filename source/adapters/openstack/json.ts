import {CloudError} from '../../app/errors.js';
import type {HttpAnswer} from './http-client.js';
import {notAnApi} from './http-errors.js';

/** A JSON object, or undefined for anything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** The list of that name in an answer of Nova's. Throws `not-an-api` where there is none: no list is not an empty one. */
export function rowsIn(body: unknown, collection: string): readonly unknown[] {
  const rows = asList(asRecord(body)?.[collection]);
  if (rows !== undefined) return rows;
  throw new CloudError('not-an-api', `Nova's answer has no list "${collection}".`, {
    remedy: 'Check that the endpoint is the compute API, and what stands between.',
  });
}

/** A text that is not empty, or a number as text: old APIs have numeric ids. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

/**
 * A time of OpenStack's as epoch milliseconds. Nova writes some times without a zone; all are UTC. Undefined
 * for anything else.
 */
export function decodeTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[-+]\d\d:?\d\d)?$/.exec(value);
  if (match === null) return undefined;
  const time = Date.parse(`${match[1]}T${match[2]}${match[3] ?? 'Z'}`);
  return Number.isNaN(time) ? undefined : time;
}

/** The JSON of an answer. Throws `not-an-api` where it is none; `expected` says what should have come. */
export function parseBody(answer: HttpAnswer, expected: string): unknown {
  try {
    return JSON.parse(answer.body) as unknown;
  } catch {
    throw notAnApi(answer.url, answer.status, answer.body, expected);
  }
}

/** The JSON of a body; undefined where it is none, which is then shown as the words that it has. */
export function jsonOrNothing(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
