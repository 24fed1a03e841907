import {countOf, speakUnits} from '../../../text/elapsed.js';
import {LEFT_WORDS, UNSEEN_WORDS} from '../../../text/template-files.js';
import {troubled} from '../../trouble.js';
import {
  currentRow,
  formRows,
  isOutdated,
  originSentence,
  shownFile,
  sourcesOf,
  triedValues,
  wantedOf,
  writtenText,
  type FormRow,
} from './form.js';
import {pickedTemplate, pickRows, templateCount} from './pick.js';
import {printedText} from './printed.js';
import type {Form, TemplatesState} from './state.js';
import {OUTDATED_WORDS, valueWords} from './view-form.js';
import {writtenFrom} from './view-pick.js';
import {differenceOf, fileWords, writtenHeadline} from './words.js';

/** How many rows are read around the one with the cursor. */
const MOST_ROWS = 10;
/** Lines of a file that are read. */
const MOST_LINES = 40;

/** The screen for a screen reader: a sentence per row, no signs. */
export function templatesSentences(state: TemplatesState): readonly string[] {
  return (state.form === undefined ? pickSentences(state) : formSentences(state, state.form)).map(speakUnits);
}

function pickSentences(state: TemplatesState): readonly string[] {
  const {found, filter} = state;
  if (found.kind === 'failed') return ['Templates.', ...troubled(found.trouble)];
  if (found.kind !== 'ready') return ['Templates are being read.'];
  const rows = pickRows(state);
  const picked = pickedTemplate(state);
  const at = rows.findIndex((one) => one === picked);
  const first = Math.max(0, Math.min(at - MOST_ROWS / 2, rows.length - MOST_ROWS));
  const typed = filter.isTyping
    ? ` Filter, text field, ${filter.field.text === '' ? 'empty' : filter.field.text}.`
    : '';
  const from = picked === undefined ? '' : writtenFrom(state, picked);
  return [
    `Templates. ${countOf(templateCount(state), 'template')}.${typed}`,
    ...rows.slice(first, first + MOST_ROWS).map((one, index) => {
      const text = `${one.name}, ${one.group}: ${one.title}${one.origin.isShipped ? '' : ', yours'}.`;
      return one === picked ? `Selected: ${text} ${first + index + 1} of ${rows.length}.` : text;
    }),
    ...(from === '' ? [] : [`Its values come from ${from}.`]),
    ...found.value.problems.flatMap(troubled),
  ];
}

function formSentences(state: TemplatesState, form: Form): readonly string[] {
  const {stage, template} = form;
  if (stage.kind === 'print') {
    const lines = printedText(state).trimEnd().split('\n');
    const more = lines.length - form.top - MOST_LINES;
    return [
      `What ${template.name} makes, as it is printed.`,
      ...lines.slice(form.top, form.top + MOST_LINES),
      ...(more > 0 ? [`${countOf(more, 'more line')}.`] : []),
    ];
  }
  if (stage.kind === 'written') {
    const {usage, left, folder} = stage.written;
    return [
      `${writtenHeadline(stage.written)}.`,
      ...left.paths.map((path) => `Warning: ${path} ${LEFT_WORDS}.`),
      ...(left.isWhole ? [] : [`Warning: ${folder} ${UNSEEN_WORDS}.`]),
      ...(usage.length === 0 ? [] : ['Next:', ...usage]),
    ];
  }
  const rows = formRows(state);
  const current = currentRow(state);
  return [
    `Template ${template.name}: ${template.title}.`,
    ...rows.map((row) => {
      const text = rowSentence(state, row);
      return row.id === current?.id ? `Selected: ${text}` : text;
    }),
    ...(wantedOf(state) === undefined ? ['Nothing can be written yet.'] : previewSentences(state, form)),
  ];
}

function rowSentence(state: TemplatesState, row: FormRow): string {
  switch (row.kind) {
    case 'value': {
      const {tried, way} = row;
      const text = writtenText(tried, state.form?.written[tried.definition.name]);
      const kind = way.kind === 'words' ? `one of ${way.words.join(', ')}` : 'text field';
      const wrong = tried.problem?.kind === 'refused' ? ` Error: ${tried.problem.reason}.` : '';
      const name = tried.definition.name.replaceAll('_', ' ');
      return `${name}, ${kind}, ${valueWords(tried, text)}, ${originSentence(tried, sourcesOf(state))}.${wrong}`;
    }
    case 'folder':
      return `folder, text field, ${row.text === '' ? 'empty' : row.text}.`;
    case 'file':
      return isOutdated(state)
        ? `File ${row.file.file.path}, ${OUTDATED_WORDS}.`
        : `File ${row.file.file.path}: ${fileWords(row.file)}.`;
    case 'button':
      return `${row.label}, button${row.isOn ? '' : ', off'}.`;
  }
}

function previewSentences(state: TemplatesState, {preview}: Form): readonly string[] {
  if (preview.kind === 'failed') return troubled(preview.trouble);
  const file = shownFile(state);
  if (file === undefined || triedValues(state).some(({problem}) => problem !== undefined)) return [];
  const changed = differenceOf(file).filter(({kind}) => kind !== 'same');
  return [
    ...file.checks.map(
      ({verdict, text}) =>
        `${verdict === 'failed' ? 'Error: ' : verdict === 'warning' ? 'Warning: ' : ''}${text}.`,
    ),
    ...changed.slice(0, MOST_LINES).map(({kind, text}) => `${kind}: ${text.trim()}`),
  ];
}
