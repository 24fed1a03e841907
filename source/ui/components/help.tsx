import type {ReactNode} from 'react';
import {cellWidth} from '../../text/cells.js';
import {shownKeys, type Binding, type BindingGroup} from '../keys.js';
import {fit, lineCells, plainText, type UiLine, wrap} from '../spans.js';
import type {Theme} from '../theme.js';
import {wrapText} from '../wrap.js';
import {Lines} from './row.js';

/** What a sign of a screen means, in two words or three. */
export type SignMeaning = {readonly sign: UiLine; readonly name: string; readonly means?: string};

export type HelpProps = {
  readonly theme: Theme;
  /** What works where help was opened. */
  readonly bindings: readonly Binding<unknown>[];
  /** What the screen is about: `SERVER`. */
  readonly thing: string;
  readonly signs: readonly SignMeaning[];
  /** Keys and words that hold this only. */
  readonly filter: string;
  readonly cells: number;
  readonly rows: number;
};

type Section = {readonly title: string; readonly lines: readonly UiLine[]};

const GROUPS: readonly BindingGroup[] = ['this', 'list', 'everywhere', 'many', 'move'];
const SECTIONS_ABREAST = 3;
const KEY_CELLS = 10;

/** All keys that work here, by what they are for, and what the signs mean. */
export function Help(props: HelpProps): ReactNode {
  return <Lines theme={props.theme} lines={helpLines(props).slice(0, props.rows)} />;
}

/** The lines of help: sections abreast, as many rows of them as are needed. */
export function helpLines(props: HelpProps): readonly UiLine[] {
  const cells = Math.floor((props.cells - 2) / SECTIONS_ABREAST);
  const sections = sectionsOf(props, cells - 2);
  if (sections.length === 0) {
    return [[], [` No key or word here holds "${props.filter}".`]];
  }
  const lines: UiLine[] = [];
  for (let start = 0; start < sections.length; start += SECTIONS_ABREAST) {
    const abreast = sections.slice(start, start + SECTIONS_ABREAST);
    const height = Math.max(...abreast.map((section) => section.lines.length));
    lines.push(
      [],
      rowOf(
        abreast.map(({title}) => [{text: title, colour: 'muted', isBold: true}]),
        cells,
      ),
    );
    for (let row = 0; row < height; row++) {
      lines.push(
        rowOf(
          abreast.map((section) => section.lines[row] ?? []),
          cells,
        ),
      );
    }
  }
  return lines.length <= props.rows ? lines : stackedLines(sections, cells);
}

/** Where rows do not suffice, each section stands below the shortest stack so far. */
function stackedLines(sections: readonly Section[], cells: number): readonly UiLine[] {
  const stacks = Array.from({length: SECTIONS_ABREAST}, (): UiLine[] => []);
  for (const {title, lines} of sections) {
    const [shortest] = stacks.toSorted((one, other) => one.length - other.length);
    shortest?.push([], [{text: title, colour: 'muted', isBold: true}], ...lines);
  }
  const height = Math.max(...stacks.map(({length}) => length));
  return Array.from({length: height}, (_, row) =>
    rowOf(
      stacks.map((stack) => stack[row] ?? []),
      cells,
    ),
  );
}

function sectionsOf({theme, bindings, thing, signs, filter}: HelpProps, cells: number): readonly Section[] {
  const titles: Readonly<Record<BindingGroup, string>> = {
    this: `THIS ${thing.toUpperCase()}`,
    list: 'THE LIST',
    everywhere: 'EVERYWHERE',
    many: 'MANY',
    move: 'MOVE',
  };
  const wanted = filter.toLowerCase();
  const holds = (line: UiLine): boolean => plainText(line).toLowerCase().includes(wanted);
  const ofKeys = GROUPS.map((group): Section => {
    const own = bindings.filter((binding) => binding.group === group && holds(bindingLine(binding)));
    return {title: titles[group], lines: own.flatMap((binding) => wrapped(binding, cells))};
  });
  const nameCells = Math.min(15, Math.max(8, ...signs.map(({name}) => cellWidth(name) + 1)));
  const signLine = ({sign, name, means = ''}: SignMeaning): UiLine => [
    ...sign,
    ' ',
    ...(means === '' ? [name] : fit([name], nameCells, 'left', theme.signs.cut)),
    {text: means, colour: 'muted'},
  ];
  const ofSigns = signs
    .map(signLine)
    .filter(holds)
    // A name alone has the whole column, and goes on below itself.
    .flatMap((line) => (lineCells(line) <= cells ? [line] : wrap(line, cells, 2)));
  return [...ofKeys, {title: 'SIGNS', lines: ofSigns}].filter(({lines}) => lines.length > 0);
}

function bindingLine(binding: Binding<unknown>): UiLine {
  const colour = binding.isDangerous === true ? 'danger' : 'accent';
  const key: UiLine = [{text: shownKeys(binding), colour, isBold: true}];
  const space = ' '.repeat(Math.max(1, KEY_CELLS - lineCells(key)));
  return [...key, space, binding.help];
}

/** A key with its word, which goes on below itself where it is long. */
function wrapped(binding: Binding<unknown>, cells: number): readonly UiLine[] {
  const whole = bindingLine(binding);
  if (lineCells(whole) <= cells) return [whole];
  const [, ...rest] = wrapText(binding.help, cells, KEY_CELLS);
  const [first = []] = wrapText(binding.help, cells - KEY_CELLS, 0);
  return [bindingLine({...binding, help: plainText(first).trim()}), ...rest];
}

function rowOf(parts: readonly UiLine[], cells: number): UiLine {
  return [' ', ...parts.flatMap((part) => fit([...fit(part, cells - 2), '  '], cells))];
}
