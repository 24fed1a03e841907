import {writeValue} from '../../../domain/template/read-value.js';
import type {Template} from '../../../app/template/template-types.js';
import {countOf} from '../../../text/elapsed.js';
import {fieldOf, type Field} from '../../components/field.js';
import {moveCursor, type ListMove} from '../../components/list.js';
import type {TemplatesAction} from './actions.js';
import {currentRow, formRows, isOutdated, wantedOf, writtenText, type FormRow} from './form.js';
import {printedText} from './printed.js';
import type {Form, TemplatesState} from './state.js';
import {type Next, noted, stay} from './transitions.js';

/** A template as it is opened: as it was filled in before, else with the folder of the last time. */
export function openForm(state: TemplatesState, template: Template): TemplatesState {
  const kept = state.kept.get(template.name);
  const folder = kept?.folder ?? state.uses.get(template.name)?.folder ?? `./${template.name}`;
  const form: Form = {
    template,
    written: kept?.written ?? {},
    folder,
    cursor: '',
    file: undefined,
    typing: undefined,
    request: 0,
    shown: 0,
    preview: {kind: 'none'},
    top: 0,
    stage: {kind: 'fill'},
  };
  return typingAt({...state, form});
}

/** What an action makes of the template that is open. */
export function updateForm(state: TemplatesState, form: Form, action: TemplatesAction): Next {
  const {stage} = form;
  switch (action.type) {
    case 'previewed':
      if (action.request !== form.request) return stay(state);
      return stay(
        withForm(state, {
          preview: {kind: 'ready', value: action.preview, at: state.now},
          shown: action.request,
        }),
      );
    case 'preview-failed':
      if (action.request !== form.request) return stay(state);
      return stay(
        withForm(state, {
          preview: {kind: 'failed', trouble: action.trouble, at: state.now},
          shown: action.request,
        }),
      );
    case 'write-planned':
      if (stage.kind !== 'looking') return stay(state);
      if (action.plan.placed.every((file) => file.state === 'none')) {
        return stay(noted(withForm(state, {stage: {kind: 'fill'}}), nothingWords(action.plan.placed), true));
      }
      if (action.plan.replaced.length > 0) {
        return stay(withForm(state, {stage: {kind: 'asking', plan: action.plan}}));
      }
      return writing(state, form, action.plan);
    case 'agree':
      return stage.kind === 'asking' ? writing(state, form, stage.plan) : stay(state);
    case 'cancel':
      return stay(withForm(state, {stage: {kind: 'fill'}}));
    case 'written':
      return stay({
        ...withForm(state, {stage: {kind: 'written', written: action.written}}),
        uses: action.uses,
      });
    case 'write-failed':
      return stay(noted(withForm(state, {stage: {kind: 'fill'}}), action.trouble.message, true));
    case 'copy':
    case 'leave-printed':
      return printing(state, action.type);
    case 'back':
      return stay(gone(state, form));
    default:
      return stage.kind === 'print' ? reading(state, form, action) : filling(state, form, action);
  }
}

/** The page of everything that is printed: it moves by lines. */
function reading(state: TemplatesState, form: Form, action: TemplatesAction): Next {
  if (action.type !== 'move') return stay(state);
  const last = Math.max(0, printedText(state).split('\n').length - state.bodyRows + 3);
  return stay(
    withForm(state, {top: Math.min(last, Math.max(0, topAfter(form.top, action.move, state.bodyRows)))}),
  );
}

function filling(state: TemplatesState, form: Form, action: TemplatesAction): Next {
  if (form.stage.kind === 'written') return action.type === 'enter' ? stay(gone(state, form)) : stay(state);
  if (form.stage.kind !== 'fill') return stay(state);
  switch (action.type) {
    case 'move':
      return stay(moved(state, action.move));
    case 'scroll':
      return stay(
        withForm(state, {
          top: Math.max(0, form.top + action.by * Math.max(1, Math.floor(state.bodyRows / 2))),
        }),
      );
    case 'enter':
      return entered(state, form);
    case 'print':
      return wantedOf(state) === undefined
        ? stay(noted(state, 'fill in what is needed first', true))
        : stay(withForm(state, {stage: {kind: 'print', file: undefined}, typing: undefined, top: 0}));
    case 'write':
      return write(state);
    case 'change':
      return stay(changed(state, action.by));
    case 'type':
      return stay(typed(state, form, action.field));
    case 'end-typing':
      return stay(moved(withForm(state, {typing: undefined}), 'next'));
    case 'undo-typing':
      return stay(takenBack(state, form));
    case 'as-known':
      return stay(asKnown(state, form));
    default:
      return stay(state);
  }
}

/** Enter: letters are typed in a text, a file is shown whole, a button is pressed; else it goes on to the next row. */
function entered(state: TemplatesState, form: Form): Next {
  const row = currentRow(state);
  switch (row?.kind) {
    case 'value':
    case 'folder': {
      if (row.way.kind !== 'opened') return stay(moved(state, 'next'));
      const text = rowText(form, row);
      const before = row.kind === 'folder' ? form.folder : form.written[row.tried.definition.name];
      return stay(
        withForm(state, {typing: {id: row.id, field: fieldOf(text), isFresh: false, isOpen: true, before}}),
      );
    }
    case 'file':
      if (isOutdated(state)) return stay(noted(state, 'what is wrong has to be mended first', true));
      return stay(
        withForm(state, {stage: {kind: 'print', file: row.file.file.path}, typing: undefined, top: 0}),
      );
    case 'button':
      return filling(state, form, {type: row.id});
    case undefined:
      return stay(state);
  }
}

/** Looks at the folder once more, and then writes or asks. */
function write(state: TemplatesState): Next {
  const wanted = wantedOf(state);
  if (wanted === undefined) return stay(noted(state, 'fill in what is needed first', true));
  const {form} = state;
  const button = formRows(state).find(({id}) => id === 'write');
  // As long as the newest rendering is not there the folder itself tells.
  const isKnown = form?.shown === form?.request;
  if (isKnown && button?.kind === 'button' && !button.isOn)
    return stay(noted(state, notWritten(state), true));
  return {
    state: withForm(state, {stage: {kind: 'looking'}, typing: undefined}),
    effects: [{type: 'plan-write', wanted}],
  };
}

function notWritten({form}: TemplatesState): string {
  if (form?.preview.kind === 'failed') return form.preview.trouble.message;
  if (form?.preview.kind !== 'ready') return 'the files are not rendered yet';
  const {files} = form.preview.value;
  const refused = files.find(({state}) => state === 'refused');
  if (refused?.standing.kind === 'refused') {
    return `${refused.file.path} cannot be written: ${refused.standing.reason}`;
  }
  return nothingWords(files);
}

function nothingWords(files: readonly unknown[]): string {
  return `nothing to write: ${countOf(files.length, 'file')} as wanted already`;
}

function writing(state: TemplatesState, form: Form, plan: Parameters<typeof writeEffect>[1]): Next {
  return {state: withForm(state, {stage: {kind: 'writing'}}), effects: [writeEffect(form, plan)]};
}

function writeEffect(form: Form, plan: Extract<Form['stage'], {kind: 'asking'}>['plan']) {
  return {type: 'write', plan, template: form.template.name, shown: form.folder.trim()} as const;
}

function printing(state: TemplatesState, type: 'copy' | 'leave-printed'): Next {
  const text = printedText(state);
  if (text === '') return stay(state);
  return type === 'copy'
    ? {state, effects: [{type: 'copy', text}]}
    : {
        state: noted(state, 'printed on this terminal when reprieve ends'),
        effects: [{type: 'print-later', text}],
      };
}

/** Back: from a page to the form, from the form to the list; what was typed is there again. */
function gone(state: TemplatesState, form: Form): TemplatesState {
  if (form.stage.kind === 'print') return typingAt(withForm(state, {stage: {kind: 'fill'}, top: 0}));
  const {written, folder} = form;
  const kept = new Map(state.kept).set(form.template.name, {written, folder});
  return {...state, kept, form: undefined};
}

function moved(state: TemplatesState, move: ListMove): TemplatesState {
  const {form} = state;
  const rows = formRows(state).filter((row) => row.kind !== 'button' || row.isOn);
  const ids = rows.map(({id}) => id);
  const {cursor = ''} = moveCursor({cursor: currentRow(state)?.id, index: 0}, ids, move, state.bodyRows);
  const row = rows.find(({id}) => id === cursor);
  const file = row?.kind === 'file' ? row.file.file.path : form?.file;
  const top = file === form?.file ? (form?.top ?? 0) : 0;
  return typingAt(withForm(state, {cursor, typing: undefined, file, top}));
}

/** Numbers and intervals are typed as soon as the cursor is on them. */
function typingAt(state: TemplatesState): TemplatesState {
  const {form} = state;
  const row = currentRow(state);
  if (form === undefined) return state;
  if (row?.kind !== 'value' || row.way.kind !== 'typed') return withForm(state, {typing: undefined});
  const field = fieldOf(rowText(form, row));
  const before = form.written[row.tried.definition.name];
  return withForm(state, {typing: {id: row.id, field, isFresh: true, isOpen: false, before}});
}

/** What stands in a field. */
function rowText(form: Form, row: Extract<FormRow, {kind: 'value' | 'folder'}>): string {
  return row.kind === 'folder' ? row.text : writtenText(row.tried, form.written[row.tried.definition.name]);
}

/** What is typed first takes the place of what is there; after a move of the cursor it is added to that. */
function typed(state: TemplatesState, form: Form, next: Field): TemplatesState {
  const {typing} = form;
  const row = currentRow(state);
  if (typing === undefined || (row?.kind !== 'value' && row?.kind !== 'folder')) return state;
  const old = typing.field.text;
  const isAdded = typing.isFresh && next.text.length > old.length && next.text.startsWith(old);
  const field = isAdded ? fieldOf(next.text.slice(old.length)) : next;
  const after = withForm(state, {typing: {...typing, field, isFresh: false}});
  return field.text === old ? after : withText(after, row, field.text);
}

function withText(
  state: TemplatesState,
  row: Extract<FormRow, {kind: 'value' | 'folder'}>,
  text: string | undefined,
): TemplatesState {
  const {form} = state;
  if (form === undefined) return state;
  if (row.kind === 'folder') return withForm(state, {folder: text ?? form.folder});
  const {name} = row.tried.definition;
  const {[name]: _old, ...others} = form.written;
  return withForm(state, {written: text === undefined ? others : {...others, [name]: text}});
}

/** Esc: the field has again what it had. */
function takenBack(state: TemplatesState, {typing}: Form): TemplatesState {
  const row = currentRow(state);
  if (typing === undefined || (row?.kind !== 'value' && row?.kind !== 'folder')) return state;
  return withText(withForm(state, {typing: undefined}), row, typing.before);
}

/** What was typed is taken back: the value comes from where it came from. */
function asKnown(state: TemplatesState, form: Form): TemplatesState {
  const row = currentRow(state);
  if (row?.kind !== 'value' || form.written[row.tried.definition.name] === undefined) return state;
  return typingAt(withText(withForm(state, {typing: undefined}), row, undefined));
}

function changed(state: TemplatesState, by: 1 | -1): TemplatesState {
  const row = currentRow(state);
  if (row?.kind !== 'value' || row.way.kind !== 'words') return state;
  const {words} = row.way;
  const {value, definition} = row.tried;
  const now = value === undefined ? -1 : words.indexOf(writeValue(value, definition.type));
  const at = now === -1 ? (by === 1 ? 0 : words.length - 1) : (now + by + words.length) % words.length;
  return withText(state, row, words[at] ?? '');
}

function topAfter(top: number, move: ListMove, rows: number): number {
  const half = Math.max(1, Math.floor(rows / 2));
  switch (move) {
    case 'next':
      return top + 1;
    case 'previous':
      return top - 1;
    case 'first':
      return 0;
    case 'last':
      return Number.MAX_SAFE_INTEGER;
    case 'half-page-down':
      return top + half;
    case 'half-page-up':
      return top - half;
  }
}

function withForm(state: TemplatesState, changes: Partial<Form>): TemplatesState {
  return state.form === undefined ? state : {...state, form: {...state.form, ...changes}};
}
