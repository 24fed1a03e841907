import type {Judgement} from '../../../domain/flavor/judge.js';
import {guestXml} from '../../../text/guest-xml-lines.js';
import {GUEST_HALF} from '../../../text/guest-half.js';
import {remembered} from '../../remembered.js';
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

/** vCPUs whose pins are told one by one: more than any guest has today, and few enough to be drawn at each key. */
const MOST_PINS = 1024;

const linesOf = remembered((judgement: Judgement): readonly string[] =>
  guestXml(judgement, MOST_PINS).flatMap(({lines}) => lines),
);

/** Every line of XML that comes of the draft. */
export function allXml(state: FlavorState): readonly string[] {
  const judgement = judgementOf(state);
  return judgement === undefined ? [] : linesOf(judgement);
}
