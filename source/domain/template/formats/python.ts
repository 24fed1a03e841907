import {wideQuoted} from '../characters.js';
import {MARK, type Format, type Place} from '../format.js';

/** A comment, a string of one or of several lines, or a value. */
const PART = new RegExp(
  String.raw`#[^\n]*|("""|''')(?:\\[\s\S]|(?!\1)[^\\])*\1|(["'])(?:\\[\s\S]|(?!\2)[^\\\n])*\2|${MARK}`,
  'g',
);

function places(text: string): Place[] {
  return Array.from(text.matchAll(PART)).flatMap(({0: part, index}): Place[] => {
    if (part === MARK) {
      const isAlone =
        /(?:^|[\s=([{,:])$/.test(text.slice(0, index)) && /^(?:$|[\s)\]},:])/.test(text.slice(index + 1));
      return [isAlone ? 'whole' : 'part'];
    }
    const place = part.startsWith('#') ? 'comment' : 'closed';
    return Array.from(part.matchAll(new RegExp(MARK, 'g')), () => place);
  });
}

/** A program or a module in Python 3. */
export const python: Format = {
  name: 'python',
  endings: ['.py'],
  comment: (line) => `# ${line}`.trimEnd(),
  remark: (line) => line,
  firstLine: /^#!/,
  places,
  text: wideQuoted,
  truth: (value) => (value ? 'True' : 'False'),
  takesParts: false,
  list: (items) => `[${items.map(wideQuoted).join(', ')}]`,
  table: (rows) => `{${rows.map(({name, value}) => `${wideQuoted(name)}: ${wideQuoted(value)}`).join(', ')}}`,
  embed: wideQuoted,
};
