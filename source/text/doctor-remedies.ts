import type {Finding, RemedyAct} from '../app/doctor/doctor-types.js';
import {formatInterval} from '../domain/duration.js';
import {commandLine} from './command-line.js';

/** What to do about findings that are alike. */
export type CommonRemedy = {
  readonly text: string;
  readonly command: string | undefined;
  readonly act: RemedyAct | undefined;
  /** For how many more the same is to be done, each by its own command. */
  readonly more: number;
};

type ApplyAct = Extract<RemedyAct, {kind: 'apply'}>;

/**
 * What to do about findings that are alike; the same on several hosts is one thing to do.
 *
 * @param placeFlags flags that find the same cloud and nodes: `--cloud fra1`
 */
export function commonRemedies(
  findings: readonly Finding[],
  placeFlags: readonly string[] = [],
): readonly CommonRemedy[] {
  const all = findings.flatMap(({remedies}) => remedies);
  const groups = Map.groupBy(all, ({text, act}) =>
    [text, act?.kind, act?.kind === 'apply' ? act.intervalSeconds : ''].join(' '),
  );
  return [...groups.values()].flatMap((alike): readonly CommonRemedy[] => {
    const [first] = alike;
    if (first === undefined) return [];
    const {text, command, act} = first;
    if (act?.kind === 'apply') {
      const hosts = alike.flatMap((one) => (one.act?.kind === 'apply' ? one.act.hosts : []));
      const together = {...act, hosts: [...new Set(hosts)]};
      return [{text, command: applyCommand(together, placeFlags), act: together, more: 0}];
    }
    const commands = new Set(alike.map((one) => one.command));
    // Servers are destroyed and restored one after the other: each has its own questions.
    return [{text, command, act: alike.length === 1 ? act : undefined, more: commands.size - 1}];
  });
}

/** As it is typed; undefined where nobody can know which is meant. */
export function intervalOf({intervalSeconds}: ApplyAct): string | undefined {
  return intervalSeconds === undefined ? undefined : formatInterval(intervalSeconds);
}

function applyCommand(act: ApplyAct, placeFlags: readonly string[]): string {
  return commandLine([
    'reprieve',
    'apply',
    '--hosts',
    act.hosts.join(','),
    '--interval',
    intervalOf(act) ?? 'TIME',
    ...placeFlags,
  ]);
}
