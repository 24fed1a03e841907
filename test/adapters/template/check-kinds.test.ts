// What Liquid decides without a word: comparisons that no value could change, lists that become texts.
import test from 'ava';
import {liquidEngine} from '../../../source/adapters/template/engine.js';
import {TemplateProblem} from '../../../source/app/template/template-ports.js';
import {shell} from '../../../source/domain/template/formats/shell.js';
import type {Kind} from '../../../source/domain/template/kinds.js';

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['name', 'text'],
  ['count', 'number'],
  ['interval', 'seconds'],
  ['paging', 'flag'],
  ['hosts', 'list'],
  ['labels', 'table'],
]);

/** The line and the message with which a text is refused; undefined where it is not. */
function refusal(text: string): string | undefined {
  try {
    liquidEngine().compile(text, shell, KINDS);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateProblem) return `${error.line}: ${error.message}`;
    throw error;
  }
}

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['{% if paging == "on" %}{% endif %}', /^1: paging is yes or no and "on" is a text: .*; write paging$/],
  ['a\n{% if paging == "no" %}{% endif %}', /^2: .*; write not paging$/],
  ['{% if paging != "off" %}{% endif %}', /; write paging$/],
  ['{% if "yes" != paging %}{% endif %}', /^1: paging is yes or no .*; write not paging$/],
  ['{% if paging == 1 %}{% endif %}', /1 is a number.*; write paging$/],
  ['{% if paging == name %}{% endif %}', /name is a text.*; write paging or not paging$/],
  ['{% if paging contains "o" %}{% endif %}', /paging is yes or no, and contains looks into texts and lists/],
  [
    '{% if interval == "2h" %}{% endif %}',
    /interval is an interval, a number of seconds.*; write interval == 7200$/,
  ],
  ['{% if interval > "2h" %}{% endif %}', /; write interval > 7200$/],
  ['{% if count == "5" %}{% endif %}', /count is a number.*; write count == 5$/],
  ['{% if count == true %}{% endif %}', /true is yes or no.*; compare it with a number$/],
  ['{% if name == 5 %}{% endif %}', /name is a text.*; write name == "5"$/],
  ['{% if name == true %}{% endif %}', /; write name == "true"$/],
  ['{% if hosts == "a" %}{% endif %}', /hosts is a list.*; write hosts contains "a"$/],
  ['{% if name == hosts %}{% endif %}', /; write hosts contains name$/],
  ['{% if hosts > 0 %}{% endif %}', /hosts is a list.*: hosts\.size$/],
  ['{% if hosts contains 5 %}{% endif %}', /5 is a number, and hosts is a list of texts; write "5"/],
  ['{% if labels contains "a" %}{% endif %}', /labels is a table.*\{% for %\}$/],
  ['{% if labels == "a" %}{% endif %}', /labels is a table.*labels\.size/],
  ['{% if name %}{% elsif name == "a"\n  and paging == "on" %}{% endif %}', /^2: paging is/],
  ['{% unless paging == "on" %}{% endunless %}', /^1: paging is/],
  ['{% if name == "a" or not paging == "on" %}{% endif %}', /^1: paging is/],
  ['{% case paging %}\n{% when "on" %}{% endcase %}', /^2: paging is yes or no and "on" is a text/],
  ['{% for host in hosts %}{% if host == 1 %}{% endif %}{% endfor %}', /host is a text/],
  ['{% for row in labels %}{% if row.value == 1 %}{% endif %}{% endfor %}', /row\.value is a text/],
  [
    '{% for row in labels %}{% if row == "a" %}{% endif %}{% endfor %}',
    /row is a row.*row\.name or row\.value/,
  ],
  ['{% if hosts.size == "0" %}{% endif %}', /hosts\.size is a number.*; write hosts\.size == 0$/],
  ['{% if hosts.first == 0 %}{% endif %}', /hosts\.first is a text/],
  ['{% assign days = interval | divided_by: 86400 %}{% if days == "1" %}{% endif %}', /days is a number/],
  ['{% quote yaml %}{% if paging == "on" %}{% endif %}{% endquote %}', /paging is/],
  [
    '{{ "x" | append: hosts }}',
    /^1: hosts is a list, and append wants a text.*assign joined = hosts \| join: ","/,
  ],
  ['{{ hosts | append: "x" }}', /hosts is a list, and append wants a text/],
  ['{{ "x" | append: labels }}', /labels is a table, and append wants a text; go through it with/],
  [
    '{% for row in labels %}{{ "x" | append: row }}{% endfor %}',
    /row is a row.*take row\.name or row\.value/,
  ],
  ['{{ hosts | plus: 1 }}', /hosts is a list, and plus wants a number; take hosts\.size/],
  ['{% for one in name %}{% endfor %}', /name is a text, and \{% for %\}.*name \| split: ","/],
  ['{% for one in interval %}{% endfor %}', /interval is an interval.*goes through a list or a table$/],
  ['{% if name name %}{% endif %}', /name and name stand beside each other with nothing between/],
  ['{% if name == %}{% endif %}', /a value is missing beside ==/],
];

for (const [text, words] of REFUSED) {
  test(`refused, with what to write instead: ${JSON.stringify(text)}`, (t) => {
    t.regex(refusal(text) ?? 'it was taken', words);
  });
}

const TAKEN: readonly string[] = [
  '{% if paging %}{% endif %}{% if not paging and name == "a" %}{% endif %}',
  '{% if paging == true or paging != false or paging == nil %}{% endif %}',
  '{% if interval == 7200 or interval > count or count >= 1.5 %}{% endif %}',
  '{% if name == "" or name == blank or name == empty or name contains "a" or name < "b" %}{% endif %}',
  '{% if hosts contains name or hosts == empty or hosts.size > 0 %}{% endif %}',
  '{% case name %}{% when "a", "b" %}{% when nil %}{% endcase %}',
  '{{ "x" | append: name | append: interval | append: paging }}{{ hosts | join: "," | append: "x" }}',
  '{% assign both = hosts | join: "," %}{{ "x" | append: both }}',
  '{% assign x = 1 %}{% if x == "a" %}{% endif %}{% assign x = "a" %}',
  '{% assign hosts = hosts | join: "," %}{{ hosts | append: "x" }}',
  '{% assign parts = name | split: "," %}{% for part in parts %}{% if part == "a" %}{% endif %}{% endfor %}',
  '{% for i in (1..count) %}{% if i == 1 or forloop.last %}{% endif %}{% endfor %}',
  '{% for row in labels %}{{ row.name | append: "=" | append: row.value }}{% endfor %}',
  '{{ name | default: "a" }}{{ unknown | append: "x" }}{% if unknown == "a" %}{% endif %}',
];

for (const text of TAKEN) {
  test(`taken: ${JSON.stringify(text)}`, (t) => {
    t.is(refusal(text), undefined);
  });
}
