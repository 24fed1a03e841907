import {patternWithout} from '../app/setup/pattern.js';

/** What the command line of a set-up is made of. */
export type SetupCommand = {
  readonly cloud: string | undefined;
  readonly interval: string | undefined;
  /** `--hosts` as it was given, what it picks, and which of these are left out. */
  readonly hosts: string | undefined;
  readonly selected: readonly string[];
  readonly leftOut: ReadonlySet<string>;
  /** Other flags as words. */
  readonly flags: readonly string[];
  readonly skipsUnreachable: boolean;
  readonly destroy: number;
};

/** The words of the command that does the same without questions. */
export function setupWords(
  verb: 'setup' | 'status' | 'plan' | 'apply',
  {cloud, interval, hosts, selected, leftOut, flags, skipsUnreachable, destroy}: SetupCommand,
): readonly string[] {
  const pattern = patternWithout(hosts, selected, leftOut);
  const option = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  const changes = verb === 'plan' || verb === 'apply';
  return [
    'reprieve',
    verb,
    ...option('--cloud', cloud),
    ...(changes ? option('--interval', interval) : []),
    ...option('--hosts', pattern),
    ...flags,
    ...(changes && skipsUnreachable && !flags.includes('--skip-unreachable') ? ['--skip-unreachable'] : []),
    ...(verb === 'apply' && destroy > 0 ? ['--destroy', String(destroy)] : []),
    ...(verb === 'apply' ? ['--yes'] : []),
  ];
}
