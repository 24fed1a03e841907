import {DecodeError, Field} from '../decode.js';
import type {CloudLabel} from './home-ports.js';
import type {SetupFigures} from './setup-figures.js';

/** What was seen of a cloud's set-up when it was looked at last. */
export type RememberedSetup = {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly verdict: 'on' | 'wrong' | 'off' | 'unknown';
  readonly api: {readonly good: number; readonly of: number};
  readonly computes: {readonly good: number; readonly of: number};
  readonly intervalSeconds: number | undefined;
};

/** So many clouds are remembered; the one that was looked at longest ago makes room. */
const MOST_CLOUDS = 20;
const MOST_NODES = 1_000_000;

/** What is worth remembering; undefined while nodes are still being looked at. */
export function rememberable(figures: SetupFigures, at: number): RememberedSetup | undefined {
  const {verdict, api, computes, intervalSeconds} = figures;
  if (verdict.kind === 'looking') return undefined;
  return {
    at,
    verdict: verdict.kind,
    api: {good: api.good, of: api.of},
    computes: {good: computes.good, of: computes.of},
    intervalSeconds,
  };
}

/** What the text of the file says of a cloud; undefined where it says nothing, or is not what was written. */
export function recallSetup(text: string | undefined, label: CloudLabel): RememberedSetup | undefined {
  return decode(text).find((entry) => isOf(entry, label))?.setup;
}

/** The file's text with what is now known of a cloud. What cannot be read is begun anew: it is a memory only. */
export function withSetup(text: string | undefined, label: CloudLabel, setup: RememberedSetup): string {
  const others = decode(text).filter((entry) => !isOf(entry, label));
  const {name, authUrl, region} = label;
  const clouds = [{name, authUrl, region, setup}, ...others].slice(0, MOST_CLOUDS);
  return `${JSON.stringify({version: 1, clouds})}\n`;
}

type Entry = Pick<CloudLabel, 'name' | 'authUrl' | 'region'> & {readonly setup: RememberedSetup};

function isOf(entry: Entry, {name, authUrl, region}: CloudLabel): boolean {
  return entry.name === name && entry.authUrl === authUrl && entry.region === region;
}

function decode(text: string | undefined): readonly Entry[] {
  if (text === undefined) return [];
  try {
    const file = new Field(JSON.parse(text));
    file.get('version').whole(1, 1);
    return file.get('clouds').list((cloud) => ({
      name: cloud.get('name').text(),
      authUrl: cloud.get('authUrl').text(),
      region: cloud.get('region').optional((field) => field.text()),
      setup: decodeSetup(cloud.get('setup')),
    }));
  } catch (error) {
    if (error instanceof DecodeError || error instanceof SyntaxError) return [];
    throw error;
  }
}

function decodeSetup(field: Field): RememberedSetup {
  const count = (name: 'api' | 'computes') => ({
    good: field.get(name).get('good').whole(0, MOST_NODES),
    of: field.get(name).get('of').whole(0, MOST_NODES),
  });
  return {
    at: field.get('at').number(),
    verdict: field.get('verdict').word(['on', 'wrong', 'off', 'unknown']),
    api: count('api'),
    computes: count('computes'),
    intervalSeconds: field.get('intervalSeconds').optional((one) => one.number()),
  };
}
