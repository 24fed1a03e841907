import {ROLES} from './fields.js';
import type {RawValue} from './raw-value.js';
import {countMembers, JsonProblem, readJson, repeatedName} from './read-json.js';
import {splitJson} from './split-json.js';
import {decodeUtf8} from './text-form.js';
import {isObject} from './value-words.js';

/** In damage larger than this nobody looks for what is whole. */
const MAX_DAMAGE = 4 * 1024 * 1024;

/**
 * The flavors of a JSON text: a list, one object, one object a line, Nova's `{"flavors": […]}`, or several of them.
 * What is damaged is told, and the rest is read.
 */
export function* jsonValues(bytes: Uint8Array): Generator<RawValue> {
  for (const piece of splitJson(bytes)) {
    const {line} = piece;
    switch (piece.kind) {
      case 'flaw':
        yield {kind: 'problem', line, detail: piece.detail, isFlavor: false};
        break;
      case 'broken':
        yield {kind: 'problem', line, detail: piece.detail, isFlavor: true};
        if (piece.end - piece.start <= MAX_DAMAGE) {
          yield* wholeLines(bytes.subarray(piece.start, piece.end), line);
        }
        break;
      case 'value': {
        const part = bytes.subarray(piece.start, piece.end);
        const text = decodeUtf8(part);
        if (text === undefined) {
          yield {kind: 'problem', line, detail: 'it is not UTF-8', isFlavor: true};
          break;
        }
        const value = readJson(text);
        if (value instanceof JsonProblem) {
          yield {
            kind: 'problem',
            line: line + value.line,
            detail: `it is no JSON: ${value.detail}`,
            isFlavor: true,
          };
          yield* wholeLines(part, line);
          break;
        }
        const repeated = countMembers(value) < piece.members ? repeatedName(text) : undefined;
        yield {kind: 'value', line, value, repeated};
        break;
      }
      case 'rest': {
        const text = decodeUtf8(bytes.subarray(piece.start, piece.end));
        const value = text === undefined ? undefined : readJson(`{"flavors":[]${text}`);
        if (isObject(value) && !(value instanceof JsonProblem)) {
          yield {kind: 'beside', line, names: Object.keys(value).filter((name) => name !== 'flavors')};
        } else {
          yield {
            kind: 'problem',
            line,
            detail: 'what stands behind the list of flavors is no JSON',
            isFlavor: false,
          };
        }
        break;
      }
      default:
        return piece;
    }
  }
}

/** Flavors that stand whole on a line of their own in what is damaged; its first line is not one of them. */
function* wholeLines(bytes: Uint8Array, firstLine: number): Generator<RawValue> {
  if (!bytes.includes(0x0a)) return;
  const lines = new TextDecoder().decode(bytes).split('\n');
  for (const [index, text] of lines.entries()) {
    const object = text.trim().replace(/,$/, '');
    if (index === 0 || !object.startsWith('{') || !object.endsWith('}')) continue;
    const value = readJson(object);
    if (isObject(value) && Object.keys(value).some((key) => ROLES.get(key) === 'name')) {
      yield {kind: 'value', line: firstLine + index, value, repeated: undefined};
    }
  }
}
