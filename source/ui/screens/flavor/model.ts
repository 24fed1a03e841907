import {
  changedSpecs,
  cloneOf,
  newDraft,
  withEdits,
  withPreset,
  withProjectNames,
  withSpecs,
} from '../../../app/flavor/draft.js';
import type {CloudFlavor} from '../../../app/flavor/flavor-ports.js';
import {countOf} from '../../../text/elapsed.js';
import {EMPTY_FIELD, fieldOf, type Field} from '../../components/field.js';
import {moveCursor} from '../../components/list.js';
import {withNews} from '../../news.js';
import type {Fact, FlavorAction, FlavorEffect} from './actions.js';
import {currentField, fieldsOf, hasNumaLists, nodeCount, type FormField, withNumaLists} from './fields.js';
import {cloneRows, curable, curesOf, findingsOf, judgementOf} from './judged.js';
import {formProblems} from './form-problems.js';
import {readyOf} from './known.js';
import {copiedGuest, rendered, withGuest} from './guest-half.js';
import {flavorNews} from './news.js';
import {filtered, listKept, opened, panelIds} from './panel-rows.js';
import {answered, NO_ROOM, withRoom} from './room.js';
import {isSavingAction, updateSaving} from './model-saving.js';
import {type FlavorOptions, type FlavorState, type KeptDraft, openFlavor, STEPS} from './state.js';
import {topologyPreset, type TopologyPreset} from './topology-presets.js';
import {keptAsTemplate} from './templates.js';
import {type Next, noted, stay} from './transitions.js';
import {leftWords, settledAs} from './unsaved.js';

const MOST_UNDO = 50;

/** The wizard as it starts; `kept` is what was left from the last time it was open. */
export function startFlavor(options: FlavorOptions, kept: KeptDraft | undefined, now: number): Next {
  const fresh = options.preset === undefined ? newDraft() : withPreset(newDraft(), options.preset);
  const state = typingAt(openFlavor(options, kept ?? {draft: fresh, settled: fresh}, now));
  return options.isOffline ? {state, effects: []} : look(state);
}

/** What comes without a key: a word about an own action stays for it. */
const OF_OTHERS: ReadonlySet<FlavorAction['type']> = new Set([
  'tick',
  'resize',
  'fact',
  'fact-failed',
  'access',
  'guest',
  'guest-failed',
  'room',
  'save-planned',
  'save-event',
  'save-ended',
]);

/** What an action makes of the wizard. Pure. */
export function updateFlavor(old: FlavorState, action: FlavorAction): Next {
  const isCalm = old.notice === undefined || OF_OTHERS.has(action.type);
  const before = isCalm ? old : {...old, notice: undefined};
  const next = isSavingAction(action) ? updateSaving(before, action) : update(before, action);
  const {state, effects} = withRoom(before, next, action.type === 'tick');
  if (action.type === 'tick') return {state, effects};
  const news = flavorNews(before, state);
  const isSame =
    state.draft === before.draft && state.settled === before.settled && state.facts === before.facts;
  const kept: readonly FlavorEffect[] = isSame
    ? []
    : [{type: 'keep', kept: {draft: state.draft, settled: state.settled}, words: leftWords(state)}];
  return {
    state: withNews(state, news),
    effects: [...effects, ...kept],
  };
}

function update(state: FlavorState, action: Exclude<FlavorAction, {type: `save${string}`}>): Next {
  switch (action.type) {
    case 'tick':
      return stay({...state, now: action.now});
    case 'resize':
      return stay({...state, bodyRows: action.rows});
    case 'move':
      return stay(moved(state, action.move));
    case 'next':
      return stay(stepped(state, 1));
    case 'back':
      return stay(stepped(state, -1));
    case 'enter':
      return entered(state);
    case 'mend':
      return mended(state);
    case 'change':
      return stay(changed(state, action.by));
    case 'type':
      return stay(typed(state, action.field));
    case 'end-typing':
      return stay(moved({...state, typing: undefined}, 'next'));
    case 'undo-typing':
      return stay(takenBack(state));
    case 'cure':
      return stay(cured(state));
    case 'undo':
      return stay(undone(state));
    case 'copy-guest':
      return copiedGuest(state);
    case 'keep-as-template':
      return keptAsTemplate(state);
    case 'by-node':
      return stay(byNode(state));
    case 'windows':
    case 'flat':
    case 'as-nova':
      return stay(withTopology(state, action.type));
    case 'panel':
      return action.panel === 'guest' ? withGuest(opened(state, 'guest')) : stay(opened(state, action.panel));
    case 'close-panel':
      return stay(typingAt({...state, panel: undefined}));
    case 'begin-filter':
      return stay({...state, filter: {...state.filter, isTyping: true}});
    case 'end-filter':
      return stay({...state, filter: {...state.filter, isTyping: false}});
    case 'clear-filter':
      return stay(filtered(state, EMPTY_FIELD, false));
    case 'filter':
      return stay(filtered(state, action.field, true));
    case 'look-again':
      return look({...state, room: {...NO_ROOM, asked: state.room.asked}});
    case 'fact':
      return known(state, action);
    case 'fact-failed': {
      // What was seen once stays.
      if (state.facts[action.name].kind === 'ready') return stay(state);
      const failed = {kind: 'failed', trouble: action.trouble, at: state.now} as const;
      return stay({...state, facts: {...state.facts, [action.name]: failed}});
    }
    case 'guest':
    case 'guest-failed':
      return stay(rendered(state, action));
    case 'access':
      return stay(withAccess(state, action.id, action.projects));
    case 'room':
      return stay(answered(state, action.answer));
    case 'noted':
      return stay(noted(state, action.text, action.isBad));
  }
}

function look(state: FlavorState): Next {
  if (state.options.isOffline) return stay(state);
  const loading = {kind: 'loading', since: state.now} as const;
  const {facts} = state;
  return {
    state: {
      ...state,
      facts: {
        label: facts.label.kind === 'ready' ? facts.label : loading,
        release: facts.release.kind === 'ready' ? facts.release : loading,
        flavors: facts.flavors.kind === 'ready' ? facts.flavors : loading,
        hosts: facts.hosts.kind === 'ready' ? facts.hosts : loading,
        images: facts.images.kind === 'ready' ? facts.images : loading,
        uses: facts.uses.kind === 'ready' ? facts.uses : loading,
        projects: facts.projects.kind === 'ready' ? facts.projects : loading,
      },
    },
    effects: [{type: 'look'}],
  };
}

/** What came of the cloud. The flavor that was to be cloned from the start is taken when it is known. */
function known(state: FlavorState, fact: Fact): Next {
  const next: FlavorState = {
    ...state,
    facts: {...state.facts, [fact.name]: {kind: 'ready', value: fact.value, at: state.now}},
  };
  if (fact.name === 'projects') {
    return stay(settledAs(state, {...next, draft: withProjectNames(next.draft, fact.value)}));
  }
  if (fact.name !== 'flavors') return stay(next);
  const {clone} = state.options;
  const isUntouched = state.draft.name === '' && state.draft.start.kind === 'preset';
  if (clone === undefined || !isUntouched) return stay(next);
  const found =
    fact.value.rows.find(({id}) => id === clone) ?? fact.value.rows.find(({name}) => name === clone);
  if (found === undefined) return stay(noted(next, `there is no flavor ${clone} to clone`, true));
  return cloned(next, found);
}

/** The step forward or back, and the cursor where it was there. */
function stepped(state: FlavorState, by: 1 | -1): FlavorState {
  const at = STEPS.indexOf(state.step) + by;
  const step = STEPS[at];
  if (state.panel !== undefined) return typingAt({...state, panel: undefined});
  if (state.isByNode && by === -1) return typingAt({...state, isByNode: false});
  if (step === undefined) return state;
  // Who goes away from the review does not wait for its question.
  const saving = state.saving.kind === 'planning' ? ({kind: 'none'} as const) : state.saving;
  return typingAt({...state, step, saving, isByNode: false, typing: undefined});
}

/** Numbers and masks are typed as soon as the cursor is on them. */
function typingAt(state: FlavorState): FlavorState {
  const field = currentField(state);
  if (field?.kind !== 'number') return {...state, typing: undefined};
  if (state.typing?.id === field.id) return state;
  const typing = {
    id: field.id,
    field: fieldOf(field.value),
    isFresh: true,
    isOpen: false,
    before: field.value,
  };
  return {...state, typing};
}

function moved(state: FlavorState, move: Extract<FlavorAction, {type: 'move'}>['move']): FlavorState {
  if (state.panel !== undefined) {
    const ids = panelIds(state);
    return {...state, list: moveCursor(state.list, ids, move, state.bodyRows)};
  }
  const fields = fieldsOf(state);
  const ids = fields.map(({id}) => id);
  const list = {cursor: currentField(state)?.id, index: 0};
  const {cursor = ''} = moveCursor(list, ids, move, state.bodyRows);
  const next = {...state, cursors: {...state.cursors, [state.step]: cursor}};
  const field = fields.find(({id}) => id === cursor);
  // Of a group where the cursor goes is what is chosen.
  const draft = field?.kind === 'radio' && field.value === '' ? field.set(state.draft) : state.draft;
  return typingAt({...next, draft, typing: undefined});
}

/** Enter: letters are typed in a text, something to begin with is taken, else it is the next step. */
function entered(state: FlavorState): Next {
  if (state.panel === 'clone') {
    const chosen = cloneRows(state).find(({id}) => id === state.list.cursor);
    return chosen === undefined ? stay(state) : cloned({...state, panel: undefined}, chosen);
  }
  const field = currentField(state);
  switch (field?.kind) {
    case 'text':
      return stay({
        ...state,
        typing: {
          id: field.id,
          field: fieldOf(field.value),
          isFresh: false,
          isOpen: true,
          before: field.value,
        },
      });
    case 'start':
      return stay(taken(state, field));
    case 'start-clone':
      return stay(opened(state, 'clone'));
    case 'mark':
      return stay({...state, draft: field.set(state.draft)});
    default:
      return stay(stepped(state, 1));
  }
}

/** To the first field that is wrong; a name is typed at once. */
function mended(state: FlavorState): Next {
  const [first] = formProblems(state.draft);
  if (first === undefined) return stay(state);
  const cursors = {...state.cursors, size: first.field};
  const next: FlavorState = {...state, step: 'size', cursors, typing: undefined};
  return first.field === 'name' ? entered(next) : stay(typingAt(next));
}

/** What somebody begins with takes the place of what was there, and can be taken back. */
function taken(state: FlavorState, field: Extract<FormField, {kind: 'start'}>): FlavorState {
  const next = settledAs(state, {...state, draft: field.set(state.draft)});
  return noted(remembering(next, state, field.label), `begun with: ${field.label}`);
}

function cloned(state: FlavorState, flavor: CloudFlavor): Next {
  const names = new Set(readyOf(state.facts.flavors)?.rows.map(({name}) => name) ?? []);
  const copy = cloneOf(flavor, names);
  // A name that was typed is wanted; that of another copy is not.
  const {name, start} = state.draft;
  const isTyped = name !== '' && !(start.kind === 'clone' && cloneOf(start.of, names).name === name);
  const draft = isTyped ? {...copy, name} : copy;
  const text =
    flavor.extraSpecs === undefined
      ? `${flavor.name}: Nova does not show its extra specs, the copy has none`
      : `a copy of ${flavor.name}: change what is to be another`;
  const next = noted(
    remembering(settledAs(state, {...state, draft, step: 'size'}), state, flavor.name),
    text,
    flavor.extraSpecs === undefined,
  );
  return {
    state: typingAt({...next, typing: undefined}),
    effects: flavor.isPublic ? [] : [{type: 'read-access', id: flavor.id}],
  };
}

/** The projects of the flavor that was cloned, as long as nobody typed any. */
function withAccess(state: FlavorState, id: string, projects: readonly string[]): FlavorState {
  const {start, projects: typedOnes} = state.draft;
  if (start.kind !== 'clone' || start.of.id !== id || typedOnes !== '') return state;
  const draft = {...state.draft, projects: projects.join(', ')};
  const names = readyOf(state.facts.projects);
  return settledAs(state, {...state, draft: names === undefined ? draft : withProjectNames(draft, names)});
}

function changed(state: FlavorState, by: 1 | -1): FlavorState {
  const field = currentField(state);
  if (field?.kind === 'mark') return {...state, draft: field.set(state.draft)};
  if (field?.kind === 'start') return taken(state, field);
  if (field?.kind === 'start-clone') return opened(state, 'clone');
  if (field?.kind !== 'word') return state;
  const {words, value} = field;
  const word = words[(words.indexOf(value) + by + words.length) % words.length] ?? '';
  const next = {...state, draft: field.set(state.draft, word)};
  if (changedSpecs(state.draft, next.draft) < 2) return next;
  // What was typed in other fields went with it.
  const what = `${field.spoken ?? field.label}: ${word}`;
  return remembering(noted(next, what), state, what);
}

/** What is typed first takes the place of what is there; after a move of the cursor it is added to that. */
function typed(state: FlavorState, next: Field): FlavorState {
  const {typing} = state;
  const field = currentField(state);
  if (typing === undefined || (field?.kind !== 'number' && field?.kind !== 'text')) return state;
  const old = typing.field.text;
  const isAdded = typing.isFresh && next.text.length > old.length && next.text.startsWith(old);
  const text = isAdded ? fieldOf(next.text.slice(old.length)) : next;
  return {
    ...state,
    typing: {...typing, field: text, isFresh: false},
    draft: text.text === old ? state.draft : field.set(state.draft, text.text),
  };
}

function takenBack(state: FlavorState): FlavorState {
  const {typing} = state;
  const field = currentField(state);
  if (typing === undefined || field?.kind !== 'text') return state;
  return {...state, typing: undefined, draft: field.set(state.draft, typing.before)};
}

/** Makes the edits of the finding that has the cursor, else of the first that has some. */
function cured(state: FlavorState): FlavorState {
  const chosen =
    state.panel === 'findings'
      ? judgementOf(state)?.findings[Number(state.list.cursor)]
      : curable(findingsOf(state));
  const edits = chosen === undefined ? [] : curesOf(chosen);
  if (chosen === undefined || edits.length === 0) return state;
  const draft = withEdits(state.draft, edits);
  const isByNode = state.isByNode && hasNumaLists(draft);
  const next = remembering({...state, isByNode, draft}, state, chosen.property);
  return listKept(noted(next, chosen.suggestion));
}

function undone(state: FlavorState): FlavorState {
  const last = state.undo.at(-1);
  if (last === undefined) return state;
  const isByNode = state.isByNode && hasNumaLists(last.draft);
  const next = {...state, isByNode, draft: last.draft, undo: state.undo.slice(0, -1), typing: undefined};
  return listKept(typingAt(noted(next, `taken back: ${last.what}`)));
}

/** The draft of before is kept for undo. A field that is typed in begins anew with what it has now. */
function remembering(next: FlavorState, before: FlavorState, what: string): FlavorState {
  if (next.draft === before.draft) return next;
  const undo = [...before.undo, {draft: before.draft, what}].slice(-MOST_UNDO);
  return typingAt({...next, undo, typing: undefined});
}

function byNode(state: FlavorState): FlavorState {
  const isByNode = !state.isByNode;
  const draft = isByNode && !hasNumaLists(state.draft) ? withNumaLists(state.draft) : state.draft;
  const cursors = {...state.cursors, NUMA: isByNode ? 'hw:numa_cpus.0' : 'hw:numa_nodes'};
  const next = typingAt({...state, isByNode, draft, cursors, typing: undefined});
  if (draft === state.draft) return next;
  const what = `an even division into ${countOf(nodeCount(draft), 'node')}`;
  return remembering(noted(next, `${what}, to be changed`), state, what);
}

/** A topology by one key. */
function withTopology(state: FlavorState, which: TopologyPreset): FlavorState {
  const vcpus = judgementOf(state)?.flavor.vcpus;
  if (vcpus === undefined) return state;
  const {specs, words} = topologyPreset(which, vcpus);
  const draft = withSpecs(state.draft, specs);
  return remembering(noted({...state, draft}, words), state, words);
}
