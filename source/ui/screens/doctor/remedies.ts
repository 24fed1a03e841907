import type {ChangingAct} from '../../../app/doctor/doctor-types.js';
import {roleOf} from '../../../app/doctor/doctor-types.js';
import type {ListedServer} from '../../../app/watch/watch-types.js';
import {commandLine} from '../../../text/command-line.js';
import {commonRemedies, type CommonRemedy, intervalOf} from '../../../text/doctor-remedies.js';
import type {ScreenObject} from '../../screen.js';
import {NO_NAMES} from '../watch/rows.js';
import {type DoctorRow, findingsOf, hostsOf, waitingOf} from './rows.js';
import type {DoctorState} from './state.js';

/** What to do about a row; what is alike of several hosts is one thing to do. */
export function remediesOf({options}: Pick<DoctorState, 'options'>, row: DoctorRow): readonly CommonRemedy[] {
  return commonRemedies(findingsOf(row), options.placeFlags);
}

/** What `f` can begin for a row, the first thing first. */
export function actsOf(
  state: Pick<DoctorState, 'options'>,
  row: DoctorRow | undefined,
): readonly ChangingAct[] {
  if (row === undefined || state.options.isReadOnly) return [];
  return remediesOf(state, row).flatMap(({act}) => (act === undefined || act.kind === 'watch' ? [] : [act]));
}

/** The screen that an act leads to, with what it is about filled in; undefined where its server is not there any more. */
export function screenOf(
  {diagnosis}: Pick<DoctorState, 'diagnosis'>,
  act: ChangingAct,
): {readonly name: string; readonly object: ScreenObject} | undefined {
  switch (act.kind) {
    case 'apply':
      return {
        name: 'setup',
        object: {kind: 'set-up', hosts: act.hosts, interval: intervalOf(act)},
      };
    case 'purge':
    case 'restore': {
      const chart = diagnosis?.chart;
      const found = chart?.servers.find(({server}) => server.id === act.serverId);
      if (chart === undefined || found === undefined) return undefined;
      const {server, deleted, standing} = found;
      const host = chart.nodes
        .map((node) => roleOf(node, 'compute'))
        .find((role) => role?.novaHost === server.host);
      const listed: ListedServer = {
        server,
        deleted,
        standing,
        interval: host?.config.running ?? {kind: 'unknown', problem: 'its host was not looked at'},
        intervalSource: host === undefined ? 'none' : 'host',
      };
      const doing = act.kind === 'purge' ? 'destroy' : 'restore';
      return {name: 'watch', object: {kind: 'server', listed, names: NO_NAMES, doing}};
    }
  }
}

/** More of them make a filter that nobody can read. */
const MOST_IN_FILTER = 5;

/** The filter of the live list that finds the servers of a row; undefined where it has none there. */
export function serverFilter(
  state: Pick<DoctorState, 'diagnosis' | 'options'>,
  row: DoctorRow,
): string | undefined {
  // All of them, without a filter.
  if (remediesOf(state, row).some(({act}) => act?.kind === 'watch')) return '';
  const waiting = waitingOf(state, row);
  const [first, ...others] = waiting;
  if (first === undefined) return undefined;
  if (others.length === 0 || row.kind !== 'finding') return `id:${first.id}`;
  const {subject} = row.first;
  const novaHosts = hostsOf(row).map((host) => novaHostOf(state, host));
  if (subject.kind === 'node' && novaHosts.length <= MOST_IN_FILTER) return `host:${oneOf(novaHosts)}`;
  if (waiting.length <= MOST_IN_FILTER)
    return `id:${oneOf(
      waiting.map(({id}) => id.slice(0, 8)),
      '',
    )}`;
  return 'state:late';
}

/** The words of ssh that lead to the first host of a row. */
export function sshCommand(
  {diagnosis}: Pick<DoctorState, 'diagnosis'>,
  row: DoctorRow | undefined,
): string | undefined {
  if (row === undefined) return undefined;
  const [host] = hostsOf(row);
  if (host === undefined) return undefined;
  const nodes = [...(diagnosis?.chart?.nodes ?? []), ...(diagnosis?.unseen ?? [])].map(({node}) => node);
  const address = nodes.find(({name, novaHost}) => name === host || novaHost === host)?.address;
  const {hostName, port, user, identityFile, proxyJump} = address ?? {};
  const option = (flag: string, value: string | number | undefined) =>
    value === undefined ? [] : [flag, String(value)];
  return commandLine([
    'ssh',
    ...option('-p', port),
    ...option('-l', user),
    ...option('-i', identityFile),
    ...option('-J', proxyJump),
    hostName ?? address?.name ?? host,
  ]);
}

function novaHostOf({diagnosis}: Pick<DoctorState, 'diagnosis'>, host: string): string {
  const node = diagnosis?.chart?.nodes.find((one) => one.node.name === host);
  return (node && roleOf(node, 'compute')?.novaHost) ?? host;
}

/** An expression for any of these texts, from their beginnings; to their ends too where not said otherwise. */
function oneOf(texts: readonly string[], end = '$'): string {
  const escaped = texts.map((text) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  return escaped.length === 1 ? `/^${escaped[0]}${end}/` : `/^(?:${escaped.join('|')})${end}/`;
}
