import {UserError} from '../errors.js';

/** What flags say about destroying servers. */
export type Agreement = {readonly isYes: boolean; readonly destroy: number | undefined};

/**
 * Whether somebody still has to be asked before so many servers are destroyed. `--yes` is enough for one; several need
 * `--destroy N` with N at least their number as well. Throws `UserError` (refused) where `--destroy` allows fewer.
 */
export function mustAsk(count: number, {isYes, destroy}: Agreement): boolean {
  if (destroy !== undefined && destroy < count) throw unagreed(count, {isYes, destroy});
  return !isYes || (count > 1 && destroy === undefined);
}

/** The refusal where nobody can be asked, or nobody agreed. It names the number. */
export function unagreed(count: number, {isYes, destroy}: Agreement): UserError {
  const servers = count === 1 ? '1 server' : `${count} servers`;
  const limit = destroy !== undefined && destroy < count ? `, and --destroy allows ${destroy}` : '';
  const number = count === 1 && destroy === undefined ? '' : `--destroy ${count}`;
  const words = [isYes ? '' : '--yes', number].filter((word) => word !== '').join(' ');
  return new UserError(
    'refused',
    `${servers} would be destroyed for ever, and that was not agreed to${limit}; nothing was destroyed`,
    {remedy: `look at what would be destroyed with --dry-run, then add: ${words}`},
  );
}

/** What has to be typed: the name of the only one, the number of several. */
export function wordToType(servers: readonly {readonly name: string}[]): string {
  const [only, ...more] = servers;
  return only !== undefined && more.length === 0 ? only.name : String(servers.length);
}
