import test from 'ava';
import {selectLines, type Option, type SelectProps} from '../../../source/ui/components/select.js';
import {openList, putCursor} from '../../../source/ui/components/list.js';
import {lineCells, paint, plainText} from '../../../source/ui/spans.js';
import {ASCII, DARK, MONO} from '../../helpers/themes.js';

const OPTIONS: readonly Option[] = [
  {id: 'fra1', label: 'fra1', note: 'admin@Default'},
  {id: 'ams2', label: 'ams2', note: 'admin@Default'},
  {id: 'old', label: 'a-name-that-is-long', sign: {text: '✗', colour: 'danger'}},
];

const props = (changes: Partial<SelectProps> = {}): SelectProps => ({
  theme: DARK,
  options: OPTIONS,
  list: openList(OPTIONS.map(({id}) => id)),
  chosen: 'ams2',
  labelCells: 10,
  cells: 34,
  rows: 10,
  ...changes,
});
const textOf = (changes?: Partial<SelectProps>) =>
  selectLines(props(changes)).map((line) => plainText(line).trimEnd());

test('a row for each option: the cursor, the sign of what was taken, what it is and what is said of it', (t) => {
  t.deepEqual(textOf(), ['▌  fra1        admin@Default', ' ✓ ams2        admin@Default', ' ✗ a-name-th…']);
  t.deepEqual(textOf({theme: ASCII}).slice(0, 2), [
    '>  fra1        admin@Default',
    ' + ams2        admin@Default',
  ]);
});

test('its rows are as wide as its pane, whatever is in them', (t) => {
  for (const cells of [20, 34, 80]) {
    for (const line of selectLines(props({cells}))) t.is(lineCells(line), cells);
  }
  const foreign = [{id: 'x', label: 'd\u001B[31mb\n', note: '数据库'.repeat(20)}];
  const [line = []] = selectLines(props({options: foreign}));
  t.is(lineCells(line), 34);
  t.false(plainText(line).includes('\u001B'));
});

test('the row with the cursor has the background, or the bar only where the focus is elsewhere', (t) => {
  const [first = []] = selectLines(props());
  t.regex(paint(DARK, first), /48;2;34;59;80/);
  const [unfocused = []] = selectLines(props({hasFocus: false}));
  t.notRegex(paint(DARK, unfocused), /48;2/);
  t.true(plainText(unfocused).startsWith('▌'));
  const [inverse = []] = selectLines(props({theme: MONO}));
  t.regex(paint(MONO, inverse), /\u001B\[(?:1;)?7m/);
});

test('of many options those around the cursor are in sight', (t) => {
  const options = Array.from({length: 100}, (_, index) => ({id: `c${index}`, label: `cloud-${index}`}));
  const ids = options.map(({id}) => id);
  for (const index of [0, 3, 50, 99]) {
    const rows = textOf({options, list: putCursor(openList(ids), ids, `c${index}`), rows: 7});
    t.is(rows.length, 7);
    t.is(rows.filter((row) => row.startsWith('▌')).join(), `▌  cloud-${index}`);
  }
});

test('without options there are no rows', (t) => {
  t.deepEqual(textOf({options: [], list: openList([])}), []);
});
