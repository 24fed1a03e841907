/**
 * How flavors are written in a text. `table`: what the openstack client prints for people; `binary`: no text at all.
 */
export type TextForm = 'empty' | 'json' | 'yaml' | 'table' | 'utf-16' | 'binary';

/** Bytes at the beginning that are looked at. */
const HEAD = 64 * 1024;

/** Tells JSON from YAML, of which it is a part, by how it begins: a damaged first line does not make it YAML. */
export function textForm(bytes: Uint8Array): TextForm {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'utf-16';
  const head = new TextDecoder('latin1').decode(bytes.subarray(byteOrderMark(bytes), HEAD));
  if (head.includes('\0')) return 'binary';
  const start = /\S/.exec(head)?.index;
  if (start === undefined) return bytes.length > HEAD ? 'yaml' : 'empty';
  const text = head.slice(start);
  if (/^\+-+\+/.test(text)) return 'table';
  if (/^\[?\s*\{\s*[^"{}[\]\s]/.test(text)) return 'yaml';
  if (/^[[{]/.test(text)) return 'json';
  return /^(?!---|[#%]|- )[^\n]*\n(?:.*\n)*\{\s*"/.test(text) ? 'json' : 'yaml';
}

/** Length of the mark that some programs put before UTF-8. */
export function byteOrderMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** Undefined for bytes that are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
