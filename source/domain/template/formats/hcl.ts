import {wideQuoted} from '../characters.js';
import type {Format} from '../format.js';
import {hclPlaces} from './hcl-places.js';

/** A dollar or percent sign before a brace begins an expression; it is doubled, or, after another, written as a number. */
function quoted(text: string): string {
  return wideQuoted(text).replace(/([$%]+)\{/g, (_, signs: string) =>
    signs.length === 1 ? `${signs}${signs}{` : `${Array.from(signs, numbered).join('')}{`,
  );
}

function numbered(sign: string): string {
  return `\\u00${sign.charCodeAt(0).toString(16)}`;
}

/** Terraform, OpenTofu and Packer. */
export const hcl: Format = {
  name: 'hcl',
  endings: ['.tf', '.hcl', '.tfvars'],
  comment: (line) => `# ${line}`.trimEnd(),
  remark: (line) => line,
  firstLine: undefined,
  places: hclPlaces,
  text: quoted,
  takesParts: false,
  list: (items) => `[${items.map(quoted).join(', ')}]`,
  table: (rows) =>
    rows.length === 0
      ? '{}'
      : `{ ${rows.map(({name, value}) => `${quoted(name)} = ${quoted(value)}`).join(', ')} }`,
  embed: quoted,
};
