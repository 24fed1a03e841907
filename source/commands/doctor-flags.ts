import {CAUSES} from '../app/doctor/causes/causes.js';
import {nearestNames} from '../domain/nearest-names.js';
import {option, parseList} from './flag.js';

/** Why such a flag is none of a profile's. */
export const ONE_LOOK = {notInProfile: 'it is about one look'};

const CODES = CAUSES.map(({code}) => code);

/** Codes of causes. Throws `RangeError` with the nearest one. */
function parseCodes(text: string): ReadonlySet<string> {
  return new Set(
    parseList(text).map((word) => {
      const found = CODES.find((code) => code.toLowerCase() === word.toLowerCase());
      if (found !== undefined) return found;
      const [nearest] = nearestNames(word, CODES, 1);
      throw new RangeError(
        `"${word}" is the code of no cause; ${nearest === undefined ? 'docs/doctor.md has them all' : `did you mean ${nearest}?`}`,
      );
    }),
  );
}

/** Which causes are looked for, and which are told. */
export const codeFlags = {
  only: option('--only <codes>', 'look for these causes only, with commas', parseCodes, {
    ...ONE_LOOK,
    completes: CODES,
  }),
  ignore: option('--ignore <codes>', 'do not tell of these causes, with commas', parseCodes, {
    completes: CODES,
  }),
};
