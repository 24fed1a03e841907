import {countOf} from '../../../text/elapsed.js';
import {signSpan} from '../../meaning.js';
import {fit, type UiSpan} from '../../spans.js';
import {type Draft, EMPTY, muted, row, wrapped} from '../../components/draft.js';
import {fieldsOf, WATCHDOG_ACTIONS} from './fields.js';
import {isCurrent, type Room, title} from './form-rows.js';
import {replacingOf} from './judged.js';
import type {FlavorState} from './state.js';

/** The actions of a watchdog, those that only libvirt has, and the images that win. */
export function watchdogRows(state: FlavorState, room: Room): readonly Draft[] {
  const {theme, isWide, cells} = room;
  const actions = fieldsOf(state).map((field): Draft => {
    const about = WATCHDOG_ACTIONS.find(({action}) => action === field.id);
    const isNow = field.value !== '';
    const sign: UiSpan = isNow ? {text: theme.signs.due, colour: 'accent'} : muted(theme.signs.waiting);
    const words = about === undefined ? 'Nova refuses it' : isWide ? about.words : about.short;
    return {
      line: [sign, ' ', ...fit([field.label], 10), muted(words)],
      isSelected: isCurrent(state, field),
    };
  });
  const text = (words: string): readonly Draft[] =>
    wrapped(words, cells - 5).map((line) => row('  ', muted(line)));
  return [
    title('WHEN THE GUEST HANGS'),
    ...actions,
    EMPTY,
    ...text(isWide ? 'libvirt has three more, Nova lacks them:' : 'libvirt only, Nova refuses:'),
    row('  ', 'shutdown  dump  inject-nmi'),
    ...(isWide ? text(WHY_NOT) : []),
    EMPTY,
    ...replacedRows(state, room),
  ];
}

/** Why Nova has no words for them. */
export const WHY_NOT =
  'shutdown asks a guest that hangs, which does not hear; dump writes all of its memory to the disk of the host; ' +
  'inject-nmi leaves it to the guest. None of them brings it back by itself, and Nova takes none.';

function replacedRows(state: FlavorState, {theme, isWide, cells}: Room): readonly Draft[] {
  const images = replacingOf(state);
  const rule = isWide
    ? [row('  an image with hw_watchdog_action'), row('  replaces it, whatever it says')]
    : [row('  image property replaces it')];
  if (images === undefined) {
    const {kind} = state.facts.images;
    const words = kind === 'loading' ? 'images are being asked for' : 'which images do is not known';
    return [title('WHO WINS'), ...rule, row('  ', muted(words))];
  }
  const {watchdog, total} = images;
  const most = isWide ? 8 : 4;
  const name = Math.min(cells - 16, Math.max(15, ...watchdog.slice(0, most).map((one) => one.name.length)));
  const rows = watchdog
    .slice(0, most)
    .map((one) => row(signSpan(theme, 'warning'), ' ', ...fit([one.name], name), ' ', one.action));
  const more = watchdog.length - rows.length;
  const rest =
    watchdog.length === 0
      ? `none of ${countOf(total, 'image')} does`
      : `${more > 0 ? `${more} more do; ` : ''}${countOf(total - watchdog.length, 'other image')} ${total - watchdog.length === 1 ? 'leaves' : 'leave'} it alone`;
  return [
    title('WHO WINS'),
    ...rule,
    ...rows,
    ...wrapped(rest, cells - 5).map((line) => row('  ', muted(line))),
  ];
}
