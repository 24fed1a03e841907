/** What decides about colour. */
export type ColourFacts = {
  readonly isTty: boolean;
  readonly isRefused: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/**
 * Whether a stream gets colour: only a terminal that can, and nobody said no. `NO_COLOR` counts when it is not
 * empty (no-color.org); `--no-color` arrives as `isRefused`.
 */
export function wantsColour({isTty, isRefused, env}: ColourFacts): boolean {
  return isTty && !isRefused && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
