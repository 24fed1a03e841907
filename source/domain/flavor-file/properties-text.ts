/**
 * Extra specs as the openstack client prints them in a table, and older ones in JSON, too: `a='b', c='d'`, an absent
 * value as `a=`. Quotes inside a value are not escaped there: a value ends where `', name=` or the text follows.
 * Undefined for any other text.
 */
export function readPropertiesText(text: string): Record<string, string> | undefined {
  const found: [string, string][] = [];
  let at = 0;
  while (at < text.length) {
    NAME.lastIndex = at;
    const name = NAME.exec(text)?.[1];
    if (name === undefined) return undefined;
    at = NAME.lastIndex;
    let value = '';
    if (text.startsWith("'", at)) {
      VALUE_END.lastIndex = at + 1;
      const end = VALUE_END.exec(text);
      if (end === null) return undefined;
      value = text.slice(at + 1, end.index);
      at = end.index + 1;
    }
    found.push([name, value]);
    if (at === text.length) break;
    if (!text.startsWith(', ', at)) return undefined;
    at += 2;
  }
  return Object.fromEntries(found);
}

const NAME = /([^=',][^=',]*)=/y;
const VALUE_END = /'(?=$|, [^=',]+=(?:'|,|$))/g;
