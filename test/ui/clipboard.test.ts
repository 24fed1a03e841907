import test from 'ava';
import {clipboardSequence, copiedWords} from '../../source/ui/clipboard.js';

test('a text goes to the clipboard of the terminal whole, and is told in one line', (t) => {
  t.is(clipboardSequence('a\nb\n'), '\u001B]52;c;YQpiCg==\u0007');
  t.is(copiedWords('openstack flavor list'), 'copied: openstack flavor list');
  t.is(copiedWords('a\nb\n'), 'copied: a and 1 more line');
  t.is(copiedWords('a\nb\nc'), 'copied: a and 2 more lines');
});
