import stringWidth from 'string-width';
import test from 'ava';
import {graphemesOf, SIMPLE_TEXT} from '../../source/text/graphemes.js';

test('what counts as simple text is one cell for each code unit, and nothing that a terminal obeys or hides', (t) => {
  for (let unit = 0; unit < 0x1_00_00; unit++) {
    const text = String.fromCharCode(unit);
    if (!SIMPLE_TEXT.test(text)) continue;
    t.is(stringWidth(text), 1, unit.toString(16));
    t.notRegex(text, /[\p{C}\p{M}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u, unit.toString(16));
    t.is(Array.from(graphemesOf(`a${text}a`)).length, 3, unit.toString(16));
  }
});
