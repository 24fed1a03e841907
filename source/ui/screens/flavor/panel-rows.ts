import type {Judgement} from '../../../domain/flavor/judge.js';
import {guestXml} from '../../../text/guest-xml-lines.js';
import {EMPTY_FIELD, type Field} from '../../components/field.js';
import {keepCursor, openList} from '../../components/list.js';
import {remembered} from '../../remembered.js';
import {guestIds} from './guest-half.js';
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
      return guestIds(state);
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

/** Opens what stands in the place of the form, with the cursor on its first row or on what was taken from it. */
export function opened(state: FlavorState, panel: FlavorState['panel']): FlavorState {
  const filter = {field: EMPTY_FIELD, isTyping: false};
  const next = {...state, panel, typing: undefined, filter};
  const {start} = state.draft;
  const ids = panelIds(next);
  const wanted = panel === 'clone' && start.kind === 'clone' ? start.of.id : undefined;
  return {...next, list: keepCursor({cursor: wanted ?? ids[0], index: 0}, ids)};
}

/** The filter of the panel, as it was typed. */
export function filtered(state: FlavorState, field: Field, isTyping: boolean): FlavorState {
  return listKept({...state, filter: {field, isTyping}});
}

/** The cursor of the panel where it was, as far as its row is still there. */
export function listKept(state: FlavorState): FlavorState {
  if (state.panel === undefined) return state;
  const ids = panelIds(state);
  return {...state, list: ids.length === 0 ? openList([]) : keepCursor(state.list, ids)};
}
