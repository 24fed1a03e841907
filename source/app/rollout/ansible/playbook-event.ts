import {DecodeError, Field} from '../../decode.js';
import {MASK} from '../../../domain/oslo/mask.js';

const KINDS = ['begin', 'ok', 'changed', 'skipped', 'ignored', 'failed', 'unreachable'] as const;

/** What happened to one host in one task of a playbook, as `source/ansible/reprieve_events.py` tells it. */
export type HostEvent = {
  readonly kind: (typeof KINDS)[number];
  readonly host: string;
  /** The task's name, one line; foreign text. */
  readonly task: string;
  /** The module, without its collection: `systemd`. */
  readonly action: string;
  /** Why it failed, one line without secrets; foreign text. Empty where it did not. */
  readonly message: string;
};

export type PlaybookEvent =
  | HostEvent
  | {readonly kind: 'start'}
  /** Told last, where the playbook came to its end: all hosts, those that failed, and those that it could not reach. */
  | {
      readonly kind: 'stats';
      readonly hosts: readonly string[];
      readonly failed: readonly string[];
      readonly unreachable: readonly string[];
    };

/**
 * One line that a playbook printed; undefined where it is not one of ours, such as what a callback plugin of the
 * operator's own prints, or tells nothing that is wanted.
 */
export function readPlaybookLine(line: string): PlaybookEvent | undefined {
  if (!line.startsWith('{"reprieve": 1,')) return undefined;
  try {
    return eventOf(new Field(JSON.parse(line) as unknown));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DecodeError) return undefined;
    throw error;
  }
}

function eventOf(field: Field): PlaybookEvent | undefined {
  const word = field.get('event').text();
  if (word === 'start') return {kind: 'start'};
  if (word === 'stats') {
    const counts = Object.entries(objectOf(field.get('hosts')));
    const hostsWith = (name: string) =>
      counts.flatMap(([host, value]) => (new Field(value).get(name).number() > 0 ? [host] : []));
    return {
      kind: 'stats',
      hosts: counts.map(([host]) => host),
      failed: hostsWith('failures'),
      unreachable: hostsWith('unreachable'),
    };
  }
  const kind = KINDS.find((one) => one === word);
  if (kind === undefined) return undefined;
  const message = field.get('message').value;
  return {
    kind,
    host: field.get('host').text(),
    // Ansible puts the name of the role before it.
    task: plainLine(field.get('task').text()).replace(/^\S+ : /, ''),
    action: field.get('action').text().split('.').at(-1) ?? '',
    message: typeof message === 'string' ? plainLine(message) : '',
  };
}

function objectOf({value, path}: Field): object {
  if (typeof value === 'object' && value !== null) return value;
  throw new DecodeError(path, 'is not an object');
}

/** Characters of a message that people read; what follows may be a whole file. */
const LONGEST = 300;
const USER_INFO = /(:\/\/)[^\s/@]+@/g;
const SECRET = /((?:pass(?:word|phrase|wd)?|secret|token|credential|private_key)["']?\s*[=:]\s*)\S.*/i;

/**
 * The first line of what Ansible or a module said, without what may be a secret: user and password of an address, and
 * what follows the name of a secret.
 */
export function plainLine(text: string): string {
  const [line = ''] = text.trim().split(/[\r\n]/, 1);
  const masked = line.replace(USER_INFO, `$1${MASK}@`).replace(SECRET, `$1${MASK}`);
  return masked.length > LONGEST ? `${masked.slice(0, LONGEST)}…` : masked;
}
