/**
 * What lines of a service's log tell, by the words of signs.sh. `alive`: its loop of periodic tasks goes round.
 * `reclaim-error`: the reclaim itself fails; `reclaim-failed`: it fails for one server, and `ghost`: because there is
 * none any more. `bus-lost`, `bus-back`, `bus-timeout`: the message bus. `critical`: what ends a service.
 */
export const LOG_WORDS = [
  'alive',
  'start',
  'reclaimed',
  'reclaim-error',
  'reclaim-failed',
  'ghost',
  'bus-lost',
  'bus-back',
  'bus-timeout',
  'database',
  'cinder',
  'service-user',
  'critical',
] as const;
export type LogWord = (typeof LOG_WORDS)[number];

/** A line of a log, cut and without secrets. */
export type LogLine = {
  readonly text: string;
  /** Epoch milliseconds by the node's clock; undefined where the line does not tell. */
  readonly time: number | undefined;
};

/** All lines of one kind in the part of a log that was read. */
export type LogSign = {
  readonly word: LogWord;
  readonly count: number;
  readonly first: LogLine;
  readonly last: LogLine;
};

/** The end of a unit's log. */
export type UnitLog = {
  readonly unit: string;
  /** A path of the node, or `journal`. */
  readonly place: string;
  readonly signs: readonly LogSign[];
};

/** A line in the head of a file that says which tool owns it. */
export type FileMark = {readonly path: string; readonly line: string};

/** Everything that tells why something does not work on a node, besides the facts. */
export type NodeSigns = {
  readonly logs: readonly UnitLog[];
  /** What keeps the clock, and tools that write files; the names of their processes. */
  readonly daemons: readonly string[];
  /** What chrony says of itself, as it says it. */
  readonly tracking: readonly string[];
  /** Files that the account of a unit's process cannot read. */
  readonly denied: readonly {readonly unit: string; readonly path: string}[];
  /** Files that any account of the node can read. */
  readonly open: readonly string[];
  readonly marks: readonly FileMark[];
};

/** Nothing was looked for. */
export const NO_SIGNS: NodeSigns = {logs: [], daemons: [], tracking: [], denied: [], open: [], marks: []};

/** Lines of a kind in the log of a unit; undefined where there are none. */
export function signOf(
  {logs}: NodeSigns,
  unit: string | undefined,
  word: LogWord,
): (LogSign & {readonly place: string}) | undefined {
  for (const log of logs) {
    if (log.unit !== unit) continue;
    const found = log.signs.find((sign) => sign.word === word);
    if (found !== undefined) return {...found, place: log.place};
  }
  return undefined;
}
