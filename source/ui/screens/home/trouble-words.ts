import type {Trouble, TroubleKind} from '../../../app/home/setup-figures.js';
import type {ServicesFigures, SilentService} from '../../../app/home/services-figures.js';
import {countOf, formatElapsed, formatIntervalShort} from '../../../text/elapsed.js';
import {someOf} from '../../../text/paragraph.js';
import {shortTime} from '../../../text/point-in-time.js';

/** The same in several lengths: at most as long as there is room. */
export type Words = {
  /** Numbers only, where names have no room. */
  readonly brief?: string;
  readonly short: string;
  readonly long: string;
};

/** Kinds that need somebody, the worst first. */
const KINDS: readonly TroubleKind[] = [
  'unreadable',
  'negative',
  'off',
  'not-running',
  'stranger',
  'old-process',
  'other-interval',
  'other',
  'unseen',
  'not-listed',
  'clock-off',
  'clock-free',
];

/** After a host's name, or after how many they are. */
const WORDS: Readonly<Record<TroubleKind, Words>> = {
  unreadable: {short: 'unreadable', long: 'cannot read the interval, deletes there fail'},
  negative: {short: 'below zero', long: 'with an interval below zero, nothing there is reclaimed'},
  off: {short: 'off', long: 'off'},
  'not-running': {short: 'not running', long: 'not running'},
  stranger: {short: 'unknown to Nova', long: 'unknown to Nova'},
  'old-process': {short: 'old process', long: 'older than the file, needs a restart'},
  'other-interval': {short: 'at another', long: 'at another interval'},
  other: {short: 'with errors', long: 'with errors'},
  unseen: {short: 'not seen', long: 'out of reach'},
  'not-listed': {short: 'not looked at', long: 'listed by Nova and not looked at'},
  'clock-off': {short: 'off by more than 5 s', long: 'off by more than 5 s'},
  'clock-free': {short: 'not synchronised', long: 'not synchronised, it may drift'},
};

/** How many names a long form tells of one kind. */
const MOST_NAMES = 3;

/** What is wrong, kind by kind: `cmp-207 unreadable, 12 off`. Empty where nothing is. */
export function troubleWords(troubles: readonly Trouble[]): Words {
  const groups = KINDS.flatMap((kind) => {
    const alike = troubles.filter((trouble) => trouble.kind === kind);
    return alike.length === 0 ? [] : [wordsOfKind(kind, alike)];
  });
  return {
    brief: groups.map(({brief}) => brief).join(', '),
    short: groups.map(({short}) => short).join(', '),
    long: groups.map(({long}) => long).join('; '),
  };
}

function wordsOfKind(kind: TroubleKind, alike: readonly Trouble[]): Required<Words> {
  const [first, ...others] = alike;
  const words = first !== undefined && others.length === 0 ? wordsOfOne(first) : WORDS[kind];
  const hosts = alike.map(({host}) => host);
  return {
    brief: `${hosts.length} ${WORDS[kind].short}`,
    short: `${others.length === 0 ? (hosts[0] ?? '') : String(hosts.length)} ${words.short}`,
    long: `${someOf(hosts, MOST_NAMES)} ${words.long}`,
  };
}

/** Of a single host more can be said. */
function wordsOfOne({about, kind, seconds}: Trouble): Words {
  if (kind === 'other-interval' && seconds !== undefined) {
    const words = `at ${formatIntervalShort(seconds)}`;
    return {short: words, long: words};
  }
  if (kind === 'clock-off' && seconds !== undefined) {
    const isAhead = seconds > 0;
    const time = formatElapsed(Math.abs(seconds));
    const words = `is ${time} ${isAhead ? 'ahead' : 'behind'}`;
    return {short: words, long: `${words}: it reclaims ${time} ${isAhead ? 'early' : 'late'}`};
  }
  if (kind === 'off') {
    const long =
      about === 'compute' ? 'off: what is deleted there stays for ever' : 'off: a delete through it is final';
    return {short: 'off', long};
  }
  return WORDS[kind];
}

/** Services that Nova does not hear from: `fra1-cmp-112 down since 02:51, a delete there is final`. */
export function silentWords({silent}: ServicesFigures, now: number): Words {
  const groups = [...Map.groupBy(silent, ({binary, state}) => `${binary} ${state}`).values()];
  const words = groups.map((alike) => wordsOfSilent(alike, now));
  return {short: words.map(({short}) => short).join(', '), long: words.map(({long}) => long).join('; ')};
}

function wordsOfSilent(alike: readonly SilentService[], now: number): Words {
  const [first] = alike;
  if (first === undefined) return {short: '', long: ''};
  const isCompute = first.binary === 'nova-compute';
  const state = first.state === 'down' ? 'down' : 'unknown';
  const rest = isCompute && first.state === 'down' ? ', a delete there is final' : '';
  if (alike.length > 1) {
    const what = isCompute ? '' : `${first.binary} `;
    const names = someOf(
      alike.map(({host}) => host),
      MOST_NAMES,
    );
    return {
      short: `${countOf(alike.length, `${what}${state}`, `${what}${state}`)}: ${names}`,
      long: `${what}${names} ${state}${rest}`,
    };
  }
  const since = first.since === undefined ? '' : ` since ${shortTime(first.since, now)}`;
  const why = first.isForced ? 'forced down' : `${state}${since}`;
  const short = `${isCompute ? '' : `${first.binary} on `}${first.host} ${why}`;
  return {short, long: `${short}${rest}`};
}
