/** Made when first needed: most text is plain, and a segmenter is slow to make. */
let segmenter: Intl.Segmenter | undefined;

/** What a reader sees as single characters: letters with their marks, emoji with their joiners. */
export function* graphemesOf(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter('en', {granularity: 'grapheme'});
  for (const {segment} of segmenter.segment(text)) yield segment;
}
