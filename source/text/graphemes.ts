/** Made when first needed: most text is plain, and a segmenter is slow to make. */
let segmenter: Intl.Segmenter | undefined;

/**
 * Text of which each code unit is one character of one cell and nothing that a terminal obeys: ASCII, and the signs,
 * bars and frames that screens are made of. It needs no look at each character, and most text is such.
 */
export const SIMPLE_TEXT =
  /^[\x20-\x7e\u00d7\u2013\u2026\u2190-\u21ff\u2500-\u25fc\u2713\u2717\u2800-\u28ff]*$/;

/** What a reader sees as single characters: letters with their marks, emoji with their joiners. */
export function* graphemesOf(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter('en', {granularity: 'grapheme'});
  for (const {segment} of segmenter.segment(text)) yield segment;
}
