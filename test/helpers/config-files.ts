import * as fc from 'fast-check';
import {fromLatin1} from '../../source/domain/oslo/bytes.js';

const oneOf = (...texts: string[]) => fc.constantFrom(...texts);
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const space = oneOf('', '', ' ', '\t', '  ', utf8('\u00a0'), '\u000c', '\u001d', utf8('\u3000'));
const key = oneOf(
  'reclaim_instance_interval',
  'reclaim_instance_interval',
  'my_var',
  'other',
  'Reclaim_Instance_Interval',
  'reclaim-instance-interval',
);
const value = oneOf(
  '',
  '0',
  '5',
  '120',
  '-1',
  '+7',
  '010',
  '1_000',
  '1__0',
  '99999999999999999999999',
  '3.5',
  '60s',
  '0x10',
  '"60"',
  "'60'",
  '"60',
  '"',
  '3600 # no comment',
  '$my_var',
  '${my_var}0',
  '$nosuch',
  '${grp.x}',
  '${DEFAULT.my_var}',
  '$$5',
  '\\$5',
  '$reclaim_instance_interval',
  'a = b: c',
  utf8('\u0663\u0664'),
  utf8('gr\u00fc\u00dfe'),
  '\u001b[31mred',
  'x\u0000y',
);
const ending = fc.oneof(
  {weight: 12, arbitrary: fc.constant('\n')},
  {weight: 3, arbitrary: fc.constant('\r\n')},
  {weight: 1, arbitrary: fc.constant('\r')},
);
const header = oneOf('DEFAULT', 'DEFAULT', 'DEFAULT', 'grp', 'GRP', 'default', ' DEFAULT ', 'api');
const comment = fc
  .tuple(
    oneOf('#', ';', '# '),
    fc.oneof(
      {weight: 6, arbitrary: oneOf('', ' plain words', 'From nova.conf', ' a = b', '[DEFAULT]')},
      {weight: 3, arbitrary: fc.tuple(key, oneOf('=', ' = ', ': '), value).map((parts) => parts.join(''))},
      {weight: 1, arbitrary: oneOf(utf8(' gr\u00fc\u00dfe'), ' tab\there', ' bell\u0007')},
    ),
  )
  .map((parts) => parts.join(''));
const assignment = fc
  .tuple(key, space, oneOf('=', '=', ':'), space, value, space)
  .map((parts) => parts.join(''));
const continuation = fc
  .tuple(oneOf(' ', '\t', '    '), fc.oneof(value, comment))
  .map((parts) => parts.join(''));
const blank = oneOf('', '', '', ' ', '\t ', '\u000c', utf8('\u0085'));
const section = fc.tuple(header, space).map(([name, after]) => `[${name}]${after}`);
const odd = oneOf(
  'junk',
  '= 5',
  '[',
  '[]',
  '[open',
  ' indented = 1',
  '# latin \u00e9',
  'my_var = \u00e9t\u00e9',
  '#\u00ff',
);

const line = fc.oneof(
  {weight: 10, arbitrary: assignment},
  {weight: 12, arbitrary: comment},
  {weight: 6, arbitrary: blank},
  {weight: 4, arbitrary: section},
  {weight: 2, arbitrary: continuation},
);

/** Lines of a file that begins with a section, most of which oslo.config takes. */
const lines = fc
  .array(fc.tuple(line, ending), {maxLength: 25})
  .chain((rest) =>
    fc
      .tuple(section, ending, oneOf('', '', '', '# no end', 'my_var = 1', '[DEFAULT]'))
      .map(([first, end, last]) => first + end + rest.map((parts) => parts.join('')).join('') + last),
  );

/** The same with one line that may break it, or make it no UTF-8. */
const oddLines = fc
  .tuple(oneOf('', '', '', utf8('\ufeff'), '# above\n'), lines, odd, ending, lines)
  .map(([before, first, broken, end, rest]) => `${before}${first}\n${broken}${end}${rest}`);

/** Bytes of configuration files: ordinary, nasty, and refused ones. */
export const configFile: fc.Arbitrary<Uint8Array> = fc
  .oneof({weight: 3, arbitrary: lines}, {weight: 1, arbitrary: oddLines})
  .map(fromLatin1);
