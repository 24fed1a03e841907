import {guestXml} from '../../../text/guest-xml-lines.js';
import {GUEST_HALF} from '../../../text/guest-half.js';
import {cloneRows, judgementOf} from './judged.js';
import type {FlavorState} from './state.js';

/** What the rows of the open panel are called: those that the cursor goes over. */
export function panelIds(state: FlavorState): readonly string[] {
  switch (state.panel) {
    case undefined:
      return [];
    case 'clone':
      return cloneRows(state).map(({id}) => id);
    case 'findings':
      return (judgementOf(state)?.findings ?? []).map((_, index) => String(index));
    case 'xml':
      return allXml(state).map((_, index) => String(index));
    case 'guest':
      return GUEST_HALF.map((_, index) => String(index));
  }
}

/** Every line of XML that comes of the draft. */
export function allXml(state: FlavorState): readonly string[] {
  const judgement = judgementOf(state);
  return judgement === undefined ? [] : guestXml(judgement, Infinity).flatMap(({lines}) => lines);
}
