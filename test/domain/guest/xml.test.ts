import test from 'ava';
import {elementAt, readXml, XmlProblem} from '../../../source/domain/guest/xml.js';

test('elements, attributes and text are read, and what is around them is not', (t) => {
  const root = readXml(`<?xml version='1.0'?>
<!-- a domain -->
<a one='1' two="&lt;&#65;&#x42;&amp;&quot;">
  text &gt; <b/><!-- <c/> --><![CDATA[<raw> & ]]><ns:d x = '2'>inner</ns:d >
</a>
`);
  t.is(root.name, 'a');
  t.deepEqual(
    [...root.attributes],
    [
      ['one', '1'],
      ['two', '<AB&"'],
    ],
  );
  t.deepEqual(
    root.children.map(({name}) => name),
    ['b', 'ns:d'],
  );
  t.regex(root.text, /text > .*<raw> & /s);
  t.is(elementAt(root, 'ns:d')?.text, 'inner');
  t.is(elementAt(root, 'ns:d', 'e'), undefined);
});

for (const [what, text] of Object.entries({
  nothing: '',
  'text alone': 'error: failed to get domain',
  'a cut document': '<a><b></b>',
  'a cut tag': '<a><b x="1',
  'a wrong end': '<a></b>',
  'two roots': '<a/><b/>',
  'text after it': '<a/>text',
  'a document type': '<!DOCTYPE a [<!ENTITY x "y">]><a/>',
  'an unknown entity': '<a>&x;</a>',
  'a bare ampersand': '<a>x & y</a>',
  'an attribute twice': '<a x="1" x="2"/>',
  'attributes without a space': '<a x="1"y="2"/>',
  'an unquoted attribute': '<a x=1/>',
  'a tag in an attribute': '<a x="<b/>"/>',
  'a character that is none': '<a>&#x110000;</a>',
  'more depth than any domain has': '<a>'.repeat(1000) + '</a>'.repeat(1000),
})) {
  test(`${what} is no XML`, (t) => {
    t.throws(() => readXml(text), {instanceOf: XmlProblem});
  });
}
