/**
 * The highest compute microversion of each release (nova: doc/source/reference/api-microversion-history.rst, the
 * lines "Maximum in …"). Releases that share one cannot be told apart.
 */
const MAXIMA: ReadonlyMap<number, string> = new Map([
  [60, 'Queens'],
  [65, 'Rocky'],
  [72, 'Stein'],
  [79, 'Train'],
  [87, 'Ussuri or Victoria'],
  [88, 'Wallaby'],
  [90, 'Xena or Yoga'],
  [93, 'Zed'],
  [95, '2023.1 or 2023.2'],
  [96, '2024.1 or 2024.2'],
]);

/** Which release a Nova is that speaks up to 2.`highest`; undefined where that says nothing certain. */
export function novaRelease(highest: number): string | undefined {
  return MAXIMA.get(highest);
}
