import test from 'ava';
import {parseOwnColour, sgrOfOwn} from '../../source/ui/own-colours.js';

test("a colour is exact or a number of the terminal's palette", (t) => {
  t.deepEqual(parseOwnColour('#ff7A66'), {kind: 'rgb', red: 255, green: 122, blue: 102});
  t.deepEqual(parseOwnColour('209'), {kind: 'number', number: 209});
  for (const text of ['', 'red', '#fff', '#ff7a6g', '256', '-1', '1e2', '0x10']) {
    t.throws(() => parseOwnColour(text), {instanceOf: RangeError, message: /a number from 0 to 255/}, text);
  }
});

test('an exact colour becomes the nearest of 256', (t) => {
  const of256 = (text: string) => sgrOfOwn(parseOwnColour(text), '256', '38');
  // Colours of the cube and of the greys are themselves.
  t.is(of256('#000000'), '38;5;16');
  t.is(of256('#ffffff'), '38;5;231');
  t.is(of256('#ff875f'), '38;5;209');
  t.is(of256('#5fd7af'), '38;5;79');
  t.is(of256('#080808'), '38;5;232');
  t.is(of256('#eeeeee'), '38;5;255');
  t.is(of256('#8a8a8b'), '38;5;245');
});

test('of 16 colours only those with a number are taken', (t) => {
  const of16 = (text: string, ground: '38' | '48') => sgrOfOwn(parseOwnColour(text), '16', ground);
  t.is(of16('1', '38'), '31');
  t.is(of16('9', '38'), '91');
  t.is(of16('4', '48'), '44');
  t.is(of16('15', '48'), '107');
  t.is(of16('16', '38'), undefined);
  t.is(of16('#ff0000', '38'), undefined);
});
