import type {Template} from '../../../app/template/template-types.js';
import {EMPTY_FIELD, type Field} from '../../components/field.js';
import {keepCursor, moveCursor, openList, putCursor} from '../../components/list.js';
import {withNews} from '../../news.js';
import type {TemplatesAction, TemplatesEffect} from './actions.js';
import {sourcesOf, wantedOf} from './form.js';
import {openForm, updateForm} from './model-form.js';
import {templatesNews} from './news.js';
import {pickedTemplate, pickGroups, pickRows} from './pick.js';
import {openTemplatesScreen, type TemplatesOptions, type TemplatesState} from './state.js';
import {type Next, noted, stay} from './transitions.js';

/** The screen as it starts: templates are read, and the run that values come from. */
export function startTemplates(options: TemplatesOptions, now: number): Next {
  const isPlanned = options.known.some(({word}) => word === 'plan');
  const state = openTemplatesScreen(options, now);
  return {
    state: isPlanned ? {...state, run: {kind: 'ready', value: undefined, at: now}} : state,
    effects: [{type: 'find'}, ...(isPlanned ? [] : [{type: 'read-run', run: options.run} as const])],
  };
}

/** What comes without a key: a word about an own action stays for it. */
const OF_OTHERS: ReadonlySet<TemplatesAction['type']> = new Set([
  'tick',
  'resize',
  'found',
  'not-found',
  'run',
  'run-failed',
  'cloud',
  'cloud-failed',
  'previewed',
  'preview-failed',
]);

/** What an action makes of the screen. Pure. */
export function updateTemplates(old: TemplatesState, action: TemplatesAction): Next {
  const isCalm = old.notice === undefined || OF_OTHERS.has(action.type);
  const before = isCalm ? old : {...old, notice: undefined};
  const {state, effects} = withQuestions(before, update(before, action));
  if (action.type === 'tick') return {state, effects};
  const news = templatesNews(before, state);
  return {state: withNews(state, news), effects};
}

function update(state: TemplatesState, action: TemplatesAction): Next {
  switch (action.type) {
    case 'tick':
      return stay({...state, now: action.now});
    case 'resize':
      return stay({...state, bodyRows: action.rows, bodyColumns: action.columns});
    case 'found':
      return stay(withFound({...state, uses: action.uses}, action.found));
    case 'not-found':
      return stay({...state, found: {kind: 'failed', trouble: action.trouble, at: state.now}});
    case 'run':
      return stay({...state, run: {kind: 'ready', value: action.source, at: state.now}});
    case 'run-failed':
      return stay({...state, run: {kind: 'failed', trouble: action.trouble, at: state.now}});
    case 'cloud':
      return stay({...state, cloud: {kind: 'ready', value: action.source, at: state.now}});
    case 'cloud-failed':
      return stay({...state, cloud: {kind: 'failed', trouble: action.trouble, at: state.now}});
    case 'look-again':
      return {
        state: {...state, cloud: state.cloud.kind === 'ready' ? state.cloud : {kind: 'none'}},
        effects: [
          {type: 'find'},
          ...(state.options.known.some(({word}) => word === 'plan')
            ? []
            : [{type: 'read-run', run: state.options.run} as const]),
        ],
      };
    case 'begin-filter':
      return stay({...state, filter: {...state.filter, isTyping: true}});
    case 'end-filter':
      return stay({...state, filter: {...state.filter, isTyping: false}});
    case 'clear-filter':
      return stay(filtered(state, EMPTY_FIELD, false));
    case 'filter':
      return stay(filtered(state, action.field, true));
    default:
      return state.form === undefined ? picking(state, action) : updateForm(state, state.form, action);
  }
}

function picking(state: TemplatesState, action: TemplatesAction): Next {
  switch (action.type) {
    case 'move': {
      const ids = pickRows(state).map(({name}) => name);
      return stay({...state, list: moveCursor(state.list, ids, action.move, state.bodyRows)});
    }
    case 'enter':
    case 'print': {
      const picked = pickedTemplate(state);
      if (picked === undefined) return stay(state);
      const opened = openForm(state, picked);
      if (action.type === 'enter' || opened.form === undefined) return stay(opened);
      // What is missing has to be filled in before there is anything to print.
      return wantedOf(opened) === undefined
        ? stay(noted(opened, 'fill in what is needed first', true))
        : stay({...opened, form: {...opened.form, stage: {kind: 'print', file: undefined}}});
    }
    default:
      return stay(state);
  }
}

/** The cursor stays on its template; at first it goes to what was asked for. */
function withFound(
  state: TemplatesState,
  found: Extract<TemplatesState['found'], {kind: 'ready'}>['value'],
): TemplatesState {
  const isFirst = state.found.kind !== 'ready';
  const next: TemplatesState = {...state, found: {kind: 'ready', value: found, at: state.now}};
  const ids = pickRows(next).map(({name}) => name);
  if (!isFirst) return {...next, list: keepCursor(state.list, ids), form: renewed(next, found.templates)};
  const {template, group} = state.options;
  const ofGroup = pickGroups(next).find(({name}) => name === group)?.templates[0]?.name;
  const list = putCursor(openList(ids), ids, template ?? ofGroup ?? '');
  if (template === undefined) return {...next, list};
  const wanted = found.templates.find(({name}) => name === template);
  return wanted === undefined
    ? noted({...next, list}, `there is no template ${template}`, true)
    : openForm({...next, list}, wanted);
}

/** A template that was changed on disk is taken as it is now. */
function renewed({form}: TemplatesState, templates: readonly Template[]): TemplatesState['form'] {
  const template = templates.find(({name}) => name === form?.template.name);
  return form === undefined || template === undefined ? form : {...form, template};
}

function filtered(state: TemplatesState, field: Field, isTyping: boolean): TemplatesState {
  const next = {...state, filter: {field, isTyping}};
  return {
    ...next,
    list: keepCursor(
      state.list,
      pickRows(next).map(({name}) => name),
    ),
  };
}

/** Files are looked at anew whenever something is filled in or known otherwise; the cloud is asked when it is wanted. */
function withQuestions(before: TemplatesState, {state, effects}: Next): Next {
  const {form} = state;
  if (form === undefined) return {state, effects};
  const more: TemplatesEffect[] = [...effects];
  let next = state;
  const wantsCloud = form.template.values.some(({from}) => from.some((path) => path.startsWith('cloud.')));
  const isKnown = state.options.known.some(({word}) => word === 'cloud');
  if (wantsCloud && !isKnown && state.cloud.kind === 'none') {
    next = {...next, cloud: {kind: 'loading', since: state.now}};
    more.push({type: 'ask-cloud'});
  }
  const isSame =
    before.form?.template === form.template &&
    before.form.written === form.written &&
    before.form.folder === form.folder &&
    // What was written stands on disk now.
    (form.stage.kind !== 'written' || before.form.stage.kind === 'written') &&
    sourcesOf(before) === sourcesOf(state);
  const wanted = wantedOf(next);
  if (isSame || wanted === undefined) return {state: next, effects: more};
  const request = form.request + 1;
  const preview =
    form.preview.kind === 'ready' ? form.preview : ({kind: 'loading', since: state.now} as const);
  more.push({type: 'preview', request, wanted});
  return {state: {...next, form: {...form, request, preview}}, effects: more};
}
