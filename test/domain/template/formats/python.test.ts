import test from 'ava';
import {MARK, printed} from '../../../../source/domain/template/format.js';
import {python} from '../../../../source/domain/template/formats/python.js';

const M = MARK;

test('a value stands where Python wants one, and nowhere in a string', (t) => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`name = ${M}`, ['whole']],
    [`call(${M}, [${M}], key=${M})`, ['whole', 'whole', 'whole']],
    [`name = prefix_${M}`, ['part']],
    [`# of ${M}, not "${M}"`, ['comment', 'comment']],
    [`name = "of ${M}"  # ${M}`, ['closed', 'comment']],
    [`name = 'it\\'s ${M}'`, ['closed']],
    [`"""Lines\n${M}, "quoted", ${M}\n"""\nname = ${M}`, ['closed', 'closed', 'whole']],
    [`r'''\n# ${M}'''`, ['closed']],
  ];
  for (const [text, places] of cases) t.deepEqual(python.places(text), places, text);
});

test('yes and no are words of Python, and what has no value is refused', (t) => {
  t.is(printed(python, true, 'whole'), 'True');
  t.is(printed(python, false, 'whole'), 'False');
  t.is(printed(python, 7, 'part'), '7');
  t.throws(() => printed(python, null, 'whole'), {instanceOf: RangeError});
  t.throws(() => printed(python, 'text', 'part'), {message: /stands alone in python/});
});
