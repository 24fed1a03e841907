import {numberOf, type Lines, rowsOf} from './decode-lines.js';
import type {Listener, UnitState} from './node-facts.js';

const SPAN_SECONDS: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  month: 2_629_800,
  y: 31_557_600,
};

/** Properties of a unit, as `systemctl show` prints them. Throws `Error` where its name is missing. */
export function decodeUnit(properties: readonly string[]): UnitState {
  const values = new Map<string, string>();
  for (const property of properties) {
    const sign = property.indexOf('=');
    if (sign > 0) values.set(property.slice(0, sign), property.slice(sign + 1));
  }
  const unit = values.get('Id');
  if (unit === undefined) throw new Error('The node printed a unit without a name.');
  const mainPid = numberOf(values.get('MainPID') ?? '0', `the main process of ${unit}`);
  const restarts = values.get('NRestarts');
  const job = values.get('Job') ?? '';
  return {
    unit,
    loadState: values.get('LoadState') ?? 'unknown',
    activeState: values.get('ActiveState') ?? 'unknown',
    subState: values.get('SubState') ?? 'unknown',
    result: values.get('Result') ?? 'unknown',
    unitFileState: values.get('UnitFileState') ?? '',
    mainPid,
    startId: `${mainPid}:${values.get('ExecMainStartTimestampMonotonic') ?? '0'}`,
    restarts: restarts === undefined ? undefined : numberOf(restarts, `NRestarts of ${unit}`),
    hasJob: job !== '' && job !== '0',
    stopTimeoutSeconds: decodeSpan(values.get('TimeoutStopUSec') ?? 'infinity'),
  };
}

/** A time span of systemd, `1min 30s`, in seconds; undefined for `infinity` and for what is none. */
export function decodeSpan(text: string): number | undefined {
  let seconds = 0;
  for (const part of text.trim().split(/\s+/)) {
    const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(part) ?? [];
    const factor = SPAN_SECONDS[unit];
    if (amount === undefined || factor === undefined) return undefined;
    seconds += Number(amount) * factor;
  }
  return seconds;
}

/** Listeners of a unit, each address and port once. */
export function decodeListeners(lines: Lines, unit: string): readonly Listener[] {
  const listeners = new Map<string, Listener>();
  for (const [name, address] of rowsOf(lines, 'listener')) {
    if (name === unit && address !== undefined) listeners.set(address, decodeAddress(address));
  }
  return [...listeners.values()];
}

/**
 * An address of `/proc/net/tcp` or `tcp6`: hex, each word of 32 bits in the order of a little-endian machine.
 * An IPv4 address in IPv6 form is given as IPv4. Throws `Error` for anything else.
 */
export function decodeAddress(text: string): Listener {
  const [, hex, portHex] = /^((?:[0-9A-F]{8}){1}|(?:[0-9A-F]{8}){4}):([0-9A-F]{4})$/i.exec(text) ?? [];
  if (hex === undefined || portHex === undefined) {
    throw new Error(`The node printed ${JSON.stringify(text.slice(0, 80))} as a listener.`);
  }
  const port = Number.parseInt(portHex, 16);
  const bytes = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let byte = 6; byte >= 0; byte -= 2) {
      bytes.push(Number.parseInt(hex.slice(word + byte, word + byte + 2), 16));
    }
  }
  const isMapped =
    bytes.length === 16 &&
    bytes.slice(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 255 &&
    bytes[11] === 255;
  if (bytes.length === 4 || isMapped) return {host: bytes.slice(-4).join('.'), port};
  const groups = [];
  for (let index = 0; index < 16; index += 2) {
    groups.push(((bytes[index] ?? 0) * 256 + (bytes[index + 1] ?? 0)).toString(16));
  }
  return {host: shortenIpv6(groups), port};
}

/** The longest run of two or more zero groups becomes `::` (RFC 5952). */
function shortenIpv6(groups: readonly string[]): string {
  let best = {start: 0, length: 1};
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = {start, length};
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
