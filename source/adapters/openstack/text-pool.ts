/** More different texts than this are not kept for the sake of others. */
const MOST = 50_000;

/**
 * Keeps equal texts once: a hundred thousand servers have few projects, users and hosts, and JSON gives each row
 * texts of its own.
 */
export class TextPool {
  readonly #texts = new Map<string, string>();

  /** The same text, as it was there first. */
  same<Text extends string | undefined>(text: Text): Text | string {
    if (text === undefined) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= MOST) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
