import {MARK, type Place} from '../format.js';

/** What stands before and after a mark in its line; other marks of the line are still in it. */
export type Line = {readonly before: string; readonly after: string};

/** Places of marks in a language whose values do not go over lines. */
export function linePlaces(text: string, placeIn: (line: Line) => Place): Place[] {
  return text.split('\n').flatMap((line) => marksOf(line).map(placeIn));
}

/** The marks of a line, each with what is around it. */
function marksOf(line: string): Line[] {
  return offsetsOf(line).map((at) => ({before: line.slice(0, at), after: line.slice(at + MARK.length)}));
}

/** The marks of a text, by what was found out about them; where nothing was, nothing can be quoted. */
export function placesOf(text: string, found: ReadonlyMap<number, Place>): Place[] {
  return offsetsOf(text).map((offset) => found.get(offset) ?? 'closed');
}

/** The line around an offset. */
export function lineAround(text: string, offset: number): Line {
  const end = text.indexOf('\n', offset);
  return {
    before: text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset),
    after: text.slice(offset + MARK.length, end === -1 ? text.length : end),
  };
}

/** Where marks are. */
export function offsetsOf(text: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + 1)) found.push(at);
  return found;
}

/** Whether a text ends between quotes that it has opened; a backslash hides the next character in double ones. */
export function endsInQuotes(text: string): boolean {
  let open = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (open === '') {
      if (character === '"' || character === "'") open = character;
    } else if (character === '\\' && open === '"') index++;
    else if (character === open) open = '';
  }
  return open !== '';
}
