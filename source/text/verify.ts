import type {GuestWish, Verified} from '../app/guest/guest-ports.js';
import {isAsAsked} from '../app/guest/guest-ports.js';
import {withRemedy} from '../app/errors.js';
import type {TraitComparison} from '../domain/guest/compare-guest.js';
import {countOf} from './elapsed.js';
import {TRAIT_TITLES, traitWords} from './guest-words.js';
import type {Line} from './line.js';
import {paragraph, signed} from './paragraph.js';
import {type Meaning, sign, type Signs} from './signs.js';

/** Cells that the names of parts take. */
const TITLES = 16;

/** One server: a line where all is well, both sides of what is not. `isWhole`: every part, with all sides. */
export function verifiedLines(verified: Verified, signs: Signs, isWhole: boolean): Line[] {
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
  const shown = isWhole ? traits : traits.filter(({verdict}) => verdict !== 'same');
  return [
    ...signed(sign(signs, meaning), head, 0),
    ...shown.flatMap((one) => traitLines(verified, one, signs)),
    ...(isWhole && isAsAsked(verified)
      ? paragraph('The guest is what its flavor and image ask for.', 2)
      : []),
  ];
}

const MEANINGS = {same: 'ok', 'old-copy': 'warning', differs: 'failed', unknown: 'unknown'} as const;

function traitLines(
  {domain, asked, today, server, wish}: Verified & {kind: 'compared'},
  one: TraitComparison,
  signs: Signs,
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
  const {cause, remedy} = explain(one, server.id, wish);
  return [
    head,
    ...sides,
    ...(cause === undefined ? [] : paragraph(cause, TITLES + 4)),
    ...(remedy === undefined ? [] : paragraph(remedy, TITLES + 4)),
  ];
}

const TODAY: Readonly<Record<GuestWish['flavorState'], string>> = {
  there: 'not known',
  gone: 'no flavor has that name any more',
  replaced: 'a flavor of another size has that name now',
  untold: 'Nova does not tell its extra specs to this account',
};

function imageWords({image}: GuestWish): string {
  switch (image.from) {
    case 'server':
      return `image ${image.name ?? 'that is gone'}`;
    case 'image':
      return `image ${image.name ?? ''} as it is today`;
    case 'volume':
      return 'started from a volume';
    case 'gone':
      return 'its image is gone';
    case 'untold':
      return 'its image is not told';
  }
}

/** Why a part is as it is, and what to do; both undefined where there is nothing to say. */
export function explain(
  {verdict, isByImage, mayBeImage, trait}: TraitComparison,
  serverId: string,
  wish: GuestWish,
): {readonly cause: string | undefined; readonly remedy: string | undefined} {
  const byImage = isByImage
    ? `The image asks for it: its properties count before the flavor's${trait === 'watchdog' ? ' (hw_watchdog_action)' : ''}.`
    : undefined;
  switch (verdict) {
    case 'same':
      return {cause: byImage, remedy: undefined};
    case 'old-copy':
      return {
        cause:
          'The server carries the flavor as it was when it was made or last resized; the flavor was changed since. A reboot or a rebuild keeps the old copy.',
        remedy:
          'Resize it to a flavor with the new specs; Nova refuses a resize to the flavor that it has, so that takes one with another id.',
      };
    case 'unknown':
      return {
        cause: unknownCause(wish),
        remedy: undefined,
      };
    case 'differs':
      return {
        cause: mayBeImage
          ? `${imageGone(wish)}, so a property of it may have asked for this when the server was made; else the domain was changed on the host, or libvirt took it otherwise.`
          : `${byImage === undefined ? '' : `${byImage} `}The domain is another than Nova makes: it was changed on the host, or libvirt took it otherwise, or Nova made it before its configuration was changed.`,
        remedy: `Nova makes the domain anew at a hard reboot, which cuts the guest off: openstack server reboot --hard ${serverId}`,
      };
  }
}

function unknownCause({asked, copy}: GuestWish): string {
  if (copy === undefined) return 'Nova does not tell the copy of the flavor (that takes 2.47).';
  if (asked === undefined) return "Nova does not tell the flavor's extra specs to this account.";
  return 'Nova would refuse a server of this flavor and image today, so nothing is asked for.';
}

function imageGone({image}: GuestWish): string {
  if (image.from === 'volume') return 'The properties of a volume are not told';
  if (image.from === 'image') {
    return 'The image is read as it is today (Nova tells what the server keeps of it from 2.98 on)';
  }
  return 'The properties of its image are not known';
}

/** How it went, for the last line. */
export function verifySummary(all: readonly Verified[], signs: Signs): Line[] {
  const seen = all.filter(({kind}) => kind === 'compared');
  const good = seen.filter(isAsAsked).length;
  const other = seen.length - good;
  const unseen = all.length - seen.length;
  const parts = [
    `${countOf(good, 'guest')} as asked for`,
    ...(other > 0 ? [`${other} otherwise`] : []),
    ...(unseen > 0 ? [`${unseen} not looked at`] : []),
  ];
  return signed(sign(signs, other > 0 ? 'failed' : unseen > 0 ? 'unknown' : 'ok'), `${parts.join(', ')}.`, 0);
}

/** A server for scripts. */
export function verifiedToJson(verified: Verified): object {
  const {server, host} = verified;
  const {id, name, status, projectId} = server;
  const base = {id, name, project_id: projectId ?? null, status, host: host ?? null};
  if (verified.kind === 'unseen') {
    const {problem, remedy} = verified;
    return {...base, verdict: 'unknown', problem, remedy: remedy ?? null};
  }
  const {domain, wish, asked, today, traits, state} = verified;
  return {
    ...base,
    verdict: isAsAsked(verified) ? 'same' : 'different',
    domain: {name: domain.name, state, machine: domain.machine, arch: domain.arch},
    flavor: wish.copy?.name ?? null,
    flavor_today: wish.flavorState,
    image: {name: wish.image.name ?? null, properties_from: wish.image.from},
    parts: traits.map((one) => {
      const {cause, remedy} = explain(one, id, wish);
      return {
        part: one.trait,
        verdict: one.verdict,
        domain: traitWords(domain.traits, one.trait),
        asked: asked === undefined ? null : traitWords(asked, one.trait),
        flavor_today: today === undefined ? null : traitWords(today, one.trait),
        by_image: one.isByImage,
        cause: cause ?? null,
        remedy: remedy ?? null,
      };
    }),
  };
}
