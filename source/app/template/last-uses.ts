import {DecodeError, Field} from '../decode.js';

/** When a template was last written, and to which folder, as it was named. */
export type LastUse = {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly folder: string;
};

/** By the names of templates. */
export type LastUses = ReadonlyMap<string, LastUse>;

/** What the text of the file says; nothing where it is not what was written: it is a memory only. */
export function parseLastUses(text: string | undefined): LastUses {
  if (text === undefined) return new Map();
  try {
    const file = new Field(JSON.parse(text));
    file.get('version').whole(1, 1);
    const entries = file.get('templates').list((one) => {
      const use = {at: one.get('at').number(), folder: one.get('folder').text()};
      return [one.get('name').text(), use] as const;
    });
    return new Map(entries);
  } catch (error) {
    if (error instanceof DecodeError || error instanceof SyntaxError) return new Map();
    throw error;
  }
}

/** The file's text. */
export function formatLastUses(uses: LastUses): string {
  const templates = Array.from(uses, ([name, {at, folder}]) => ({name, at, folder}));
  return `${JSON.stringify({version: 1, templates})}\n`;
}
