/**
 * The `--hosts` pattern of what is left when hosts are left out: `all but these` or `only these`, whichever names
 * fewer. Undefined: every node.
 *
 * @param base what `--hosts` said at the start
 * @param selected hosts that it picks
 */
export function patternWithout(
  base: string | undefined,
  selected: readonly string[],
  leftOut: ReadonlySet<string>,
): string | undefined {
  const gone = selected.filter((host) => leftOut.has(host));
  if (gone.length === 0) return base;
  const kept = selected.filter((host) => !leftOut.has(host));
  // A pattern with colons is not one part of a pattern with commas.
  const isOnePart = base === undefined || !base.includes(':');
  if (kept.length > 0 && (kept.length < gone.length || !isOnePart)) return kept.join(',');
  return [...(base === undefined ? [] : [base]), ...gone.map((host) => `!${host}`)].join(',');
}
