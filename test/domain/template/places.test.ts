import test from 'ava';
import {MARK, type Format, type Place} from '../../../source/domain/template/format.js';
import {hcl} from '../../../source/domain/template/formats/hcl.js';
import {json} from '../../../source/domain/template/formats/json.js';
import {markdown} from '../../../source/domain/template/formats/markdown.js';
import {oslo} from '../../../source/domain/template/formats/oslo.js';
import {commands, shell} from '../../../source/domain/template/formats/shell.js';
import {systemd} from '../../../source/domain/template/formats/systemd.js';
import {xml} from '../../../source/domain/template/formats/xml.js';
import {yaml} from '../../../source/domain/template/formats/yaml.js';

/** Texts with `@` for a value, and the place of each. */
type Cases = readonly (readonly [text: string, ...places: Place[]])[];

function judge(title: string, format: Format, cases: Cases): void {
  test(title, (t) => {
    for (const [text, ...places] of cases)
      t.deepEqual(format.places(text.replaceAll('@', MARK)), places, text);
  });
}

judge('a shell reads words, and nothing can be quoted between quotes', shell, [
  ['echo @ a@ @b "@" \'@\' `@`', 'whole', 'part', 'part', 'closed', 'closed', 'closed'],
  ['A=@; (@) && @|@', 'part', 'whole', 'whole', 'whole'],
  ['# don\'t @\necho @ # "@', 'comment', 'whole', 'comment'],
  ['#!/bin/@\n@', 'closed', 'whole'],
  ["echo \\@ @ $@ $'@' @", 'closed', 'whole', 'closed', 'closed', 'whole'],
  ['echo "\\"@" @ "a\\\\" @', 'closed', 'whole', 'whole'],
  ['a=$(cmd @) "$(cmd "@" @)" @', 'whole', 'closed', 'closed', 'whole'],
  ['a=$(case @ in a) echo @;; (b) : ;; esac; echo @) @', 'whole', 'whole', 'whole', 'whole'],
  ['"$(case x in a) "@" ;; esac)" @', 'closed', 'whole'],
  ['${a:-@} "${a:-"@"}" ${a:-\'}\'} @', 'closed', 'closed', 'whole'],
  ['$((1 << 2 + @)) @', 'closed', 'whole'],
  ['cat <<EOF\n@\n\tEOF\n@\nEOF\n@', 'closed', 'closed', 'whole'],
  ["cat <<-'E F' @\n@\n\tE F\n@", 'whole', 'closed', 'whole'],
  ['cat <<A <<\\B\n@\nA\n@\nB\n@ <<< @', 'closed', 'closed', 'whole', 'whole'],
  ['cat <<@\nx\n@\n@', 'closed', 'closed', 'whole'],
  ['echo @>f', 'part'],
]);

judge('an apostrophe in a sentence beside commands is no quote', commands, [
  ["the host's file, then:\nrun @ '@'", 'whole', 'closed'],
]);

judge('YAML has values, keys and remarks, and texts in which nothing can be quoted', yaml, [
  ['a: @\n- @\n@: b\n- @: @ # @', 'whole', 'whole', 'key', 'key', 'inline', 'comment'],
  ['a: b-@\na: @-b', 'part', 'part'],
  ['a: "@"\na: \'it\'\'s @\'\na: "\\"@"', 'closed', 'closed', 'closed'],
  ['a: "x\n  @"\nb: @', 'closed', 'whole'],
  ["it's: @\na: it's @\nb: @", 'whole', 'part', 'whole'],
  ['- ["a # b", @, x]\n- {a: @, @: b, c: d@}', 'inline', 'inline', 'key', 'part'],
  ['a: [\n  @,\n  "]", # @\n  @\n]\nb: @', 'inline', 'comment', 'inline', 'whole'],
  ['a: |\n  @\n\n  x: @\nb: @', 'closed', 'closed', 'whole'],
  ['- a: |-\n    @\n  b: @\n- >\n  @\n- @', 'closed', 'whole', 'closed', 'whole'],
  ['a: !t &b |2 # c\n  @\nb: @', 'closed', 'whole'],
  ['a: x\n  @\n  y @\nb: @', 'part', 'part', 'whole'],
  ['a:\n  @\nb:\n- @', 'whole', 'whole'],
  ['a: !t @\nb: !@ c\n--- @', 'whole', 'closed', 'whole'],
  ['a: foo, @\nb: c - @\nc: d#@', 'part', 'part', 'part'],
  ['# don\'t @\na: "#" # @\nb: @', 'comment', 'comment', 'whole'],
]);

judge('HCL has values and labels, and between quotes there are expressions', hcl, [
  ['a = @\nb = [@, @]\nc = f(@)\n@ = 1', 'whole', 'whole', 'whole', 'whole', 'whole'],
  ['resource "x" @ {\n}\nmodule @ {', 'whole', 'whole'],
  ['a = "@"\nb = "${f("@", @)}" # @\nc = "$${" + @', 'closed', 'closed', 'closed', 'comment', 'part'],
  ['# it\'s @\n// @ "\n/* @\n@ */\na = @', 'comment', 'comment', 'closed', 'closed', 'whole'],
  ['a = <<-EOT\n  @\n  EOT\nb = @', 'closed', 'whole'],
  ['a = b@', 'part'],
]);

judge('JSON has values between its own signs', json, [
  ['{"a": @, "b": "@", @: [@, 1@]}', 'whole', 'closed', 'whole', 'whole', 'part'],
]);

judge('a file of oslo.config has values in one line', oslo, [
  ['# @\n[@]\na = @\nb: x@\nc = @ @\n  @', 'comment', 'closed', 'whole', 'part', 'part', 'part', 'closed'],
]);

judge('a unit of systemd has words, texts and times', systemd, [
  ['# @\n[Unit]\nDescription=a @', 'comment', 'part'],
  ['ExecStart=/bin/x @ --a=@ "@"\nOnCalendar=@\n@=a', 'whole', 'whole', 'closed', 'part', 'closed'],
]);

judge('XML takes values in texts and in attributes', xml, [
  [
    '<?xml @?><a b="@" c=\'>@\' @="1">@ > @</a><!-- "@ --><![CDATA[ > @]]>@',
    'closed',
    'part',
    'part',
    'closed',
    'part',
    'part',
    'comment',
    'closed',
    'part',
  ],
]);

judge('Markdown takes values in text, and none in code or tags', markdown, [
  ['# @\n@\n- @\n`@` ``a ` @`` a ` @', 'part', 'whole', 'whole', 'closed', 'closed', 'part'],
  ['```sh\n@\n````\n@', 'closed', 'whole'],
  ['~~~\n@\n```\n@\n~~~\n@', 'closed', 'closed', 'whole'],
  [
    '- ```\n  @\n  ```\n@ <a href="@">@</a> <!-- @ --> \\@',
    'closed',
    'part',
    'closed',
    'part',
    'comment',
    'closed',
  ],
]);

test('however odd a text is, each value has one place', (t) => {
  const odd = [
    '"',
    "'",
    '`',
    '${',
    '$(',
    '$((',
    '<<',
    '<<EOF',
    '\\',
    '{',
    '[',
    '<!--',
    '<a ',
    '/*',
    '|',
    '- |',
    '```',
    '<?',
    '',
  ];
  for (const format of [shell, commands, yaml, hcl, json, oslo, systemd, xml, markdown]) {
    for (const before of odd) {
      for (const between of odd) {
        const places = format.places(`${before}${MARK}\n${between}${MARK}${before}`);
        t.is(places.length, 2, `${format.name}: ${before} ${between}`);
      }
    }
  }
});
