import {type GuestWish, isAsAsked, type Verified} from '../app/guest/guest-ports.js';
import {withRemedy} from '../app/errors.js';
import type {TraitComparison} from '../domain/guest/compare-guest.js';
import {countOf} from './elapsed.js';
import {TRAIT_TITLES, traitWords} from './guest-words.js';
import type {Line} from './line.js';
import {paragraph, signed} from './paragraph.js';
import {type Meaning, sign, type Signs} from './signs.js';
import {explain} from './verify-causes.js';

/** Cells that the names of parts take. */
const TITLES = 16;

/**
 * One server: a line where all is well, both sides of what is not.
 *
 * @param told what was explained before, of other servers: it is not said again, and what is new is added; undefined
 * where the server is the only one, and every part of it is shown
 */
export function verifiedLines(verified: Verified, signs: Signs, told?: Set<string>): Line[] {
  const {server} = verified;
  if (verified.kind === 'unseen') {
    const {problem, remedy} = verified;
    return signed(sign(signs, 'unknown'), `${server.name}: not looked at: ${withRemedy(problem, remedy)}`, 0);
  }
  const {host, wish, traits, state} = verified;
  const flavor = wish.copy === undefined ? 'a flavor that Nova does not tell' : `flavor ${wish.copy.name}`;
  const meaning: Meaning = isAsAsked(verified)
    ? 'ok'
    : traits.some(({verdict}) => verdict === 'differs')
      ? 'failed'
      : 'warning';
  const head = `${server.name} (${server.id}) on ${host}: ${flavor}, ${imageWords(wish)}, domain ${state}`;
  const isWhole = told === undefined;
  const shown = isWhole ? traits : traits.filter(({verdict}) => verdict !== 'same');
  return [
    ...signed(sign(signs, meaning), head, 0),
    ...shown.flatMap((one) => traitLines(verified, one, signs, told)),
    ...(isWhole && isAsAsked(verified) ? paragraph(asAskedWords(verified), 2) : []),
  ];
}

function asAskedWords({wish, today}: Verified & {kind: 'compared'}): string {
  const words = 'The guest is what its flavor and image ask for.';
  return today === undefined
    ? `${words} That is the copy that it carries: ${TODAY[wish.flavorState]}.`
    : words;
}

const MEANINGS = {same: 'ok', 'old-copy': 'warning', differs: 'failed', unknown: 'unknown'} as const;

function traitLines(
  {domain, asked, today, server, wish}: Verified & {kind: 'compared'},
  one: TraitComparison,
  signs: Signs,
  told: Set<string> | undefined,
): Line[] {
  const {trait, verdict} = one;
  const seen = traitWords(domain.traits, trait);
  const head: Line = ['  ', sign(signs, MEANINGS[verdict]), ` ${TRAIT_TITLES[trait].padEnd(TITLES)}`, seen];
  const side = (name: string, text: string): Line[] =>
    paragraph(text, TITLES + 4, ['    ', {text: name.padEnd(TITLES), tone: 'muted'}]);
  const sides =
    verdict === 'same'
      ? []
      : [
          ...side('asked for', traitWords(asked, trait)),
          ...side('flavor today', today === undefined ? TODAY[wish.flavorState] : traitWords(today, trait)),
        ];
  const {cause, remedy} = explain(one, server, wish);
  const words = [cause, remedy].flatMap((text) =>
    text === undefined || told?.has(text) === true ? [] : [text],
  );
  for (const text of words) told?.add(text);
  return [head, ...sides, ...words.flatMap((text) => paragraph(text, TITLES + 4))];
}

const TODAY: Readonly<Record<GuestWish['flavorState'], string>> = {
  there: 'what the flavor says today is not known',
  gone: 'no flavor has that name any more',
  replaced: 'a flavor of another size has that name now',
  untold: 'Nova does not tell what the flavor says today to this account',
};

function imageWords({image}: GuestWish): string {
  switch (image.from) {
    case 'server':
      return `image ${image.name ?? 'that is gone'}`;
    case 'image':
      return `image ${image.name ?? ''} as it is today`;
    case 'volume':
      return image.name === undefined ? 'started from a volume' : `image ${image.name} on a volume`;
    case 'gone':
      return 'its image is gone';
    case 'untold':
      return 'its image is not told';
  }
}

/** How it went, for the last line. `shelved`: servers that have no guest. */
export function verifySummary(all: readonly Verified[], shelved: number, signs: Signs): Line[] {
  const seen = all.flatMap((one) => (one.kind === 'compared' ? [one] : []));
  const good = seen.filter(isAsAsked).length;
  const old = seen.filter((one) => !isAsAsked(one) && isWithOldCopy(one)).length;
  const other = seen.length - good - old;
  const unseen = all.length - seen.length;
  const parts = [
    all.length === 0 ? 'No server runs there' : `${countOf(good, 'guest')} as asked for`,
    ...(old > 0 ? [`${old} with an old copy of the flavor`] : []),
    ...(other > 0 ? [`${other} otherwise`] : []),
    ...(unseen > 0 ? [`${unseen} not looked at`] : []),
    ...(shelved > 0 ? [`${shelved} shelved, without a guest`] : []),
  ];
  if (all.length === 0) return signed(sign(signs, 'none'), `${parts.join(', ')}.`, 0);
  const meaning = other > 0 ? 'failed' : unseen > 0 ? 'unknown' : old > 0 ? 'warning' : 'ok';
  return signed(sign(signs, meaning), `${parts.join(', ')}.`, 0);
}

/** Whether nothing else is to be said of it: the guest is what that copy asks for. */
function isWithOldCopy({traits}: Verified & {kind: 'compared'}): boolean {
  return traits.every(({verdict}) => verdict === 'same' || verdict === 'old-copy');
}
