import {countOf} from '../../../text/elapsed.js';
import type {SignMeaning} from '../../components/help.js';
import {signSpan} from '../../meaning.js';
import type {Frame, Size} from '../../screen.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {templatesCommand} from './command.js';
import {currentRow, isOutdated, originSentence, previewOf, sourcesOf} from './form.js';
import {pickRows} from './pick.js';
import type {TemplatesState} from './state.js';
import {OUTDATED_WORDS} from './view-form.js';
import {fileWords} from './words.js';

/** How long a word about an own action stands in the strip. */
const NOTICE_MS = 10_000;

/** Everything around the body. */
export function templatesFrame(state: TemplatesState, _size: Size, theme: Theme): Frame {
  const {form} = state;
  return {
    title: {
      screen: 'templates',
      ...(form === undefined ? {} : {object: form.template.name}),
      right: rightOf(state, theme),
    },
    context: {kind: 'line', line: contextOf(state, theme)},
    strip: stripOf(state, theme),
    ...positionOf(state),
  };
}

function rightOf({found, form, filter}: TemplatesState, theme: Theme): UiLine {
  if (found.kind === 'loading') return [`${theme.signs.soon} loading`];
  if (form !== undefined || found.kind !== 'ready') return [];
  const all = countOf(found.value.templates.length, 'template');
  return [filter.field.text === '' ? all : `${pickRows({found, filter}).length} of ${all}`];
}

/** Where values come from; of a value what it means. */
function contextOf(state: TemplatesState, theme: Theme): UiLine {
  const {form, run, cloud} = state;
  const muted = (text: string): UiLine => [{text, colour: 'muted'}];
  if (form === undefined) {
    if (run.kind === 'failed') {
      return [
        signSpan(theme, 'warning'),
        {text: ` no values of a run: ${run.trouble.message}`, colour: 'muted'},
      ];
    }
    const origins = sourcesOf(state).map(({origin}) => origin);
    return origins.length === 0 ? [] : muted(`values from ${origins.join(', ')}`);
  }
  const row = currentRow(state);
  switch (row?.kind) {
    case 'value': {
      const {tried} = row;
      const wantsCloud =
        tried.origin === undefined && tried.definition.from.some((path) => path.startsWith('cloud.'));
      const why =
        wantsCloud && cloud.kind === 'failed'
          ? `the cloud cannot be asked: ${cloud.trouble.message}`
          : wantsCloud && cloud.kind === 'loading'
            ? 'the cloud is being asked'
            : originSentence(tried, sourcesOf(state));
      return [tried.definition.help, {text: `; ${why}`, colour: 'muted'}];
    }
    case 'folder':
      return ['where the files are written', {text: '; ~/ is the home folder', colour: 'muted'}];
    case 'file':
      return [
        row.file.file.path,
        {text: `  ${isOutdated(state) ? OUTDATED_WORDS : fileWords(row.file)}`, colour: 'muted'},
      ];
    case 'button':
    case undefined:
      return muted(form.template.title);
  }
}

function stripOf(state: TemplatesState, theme: Theme): UiLine {
  const {notice, now, form} = state;
  if (notice !== undefined && now - notice.at < NOTICE_MS) {
    return notice.isBad ? [{text: theme.signs.warning, colour: 'overdue'}, ` ${notice.text}`] : [notice.text];
  }
  if (form?.stage.kind === 'looking' || form?.stage.kind === 'writing') {
    return [signSpan(theme, 'working'), {text: ' the files are being written', colour: 'muted'}];
  }
  return [{text: templatesCommand(state), colour: 'muted'}];
}

function positionOf(state: TemplatesState): Pick<Frame, 'position'> {
  const {form} = state;
  if (form === undefined) {
    const rows = pickRows(state);
    const at = rows.findIndex(({name}) => name === state.list.cursor);
    return at === -1 ? {} : {position: `${at + 1} of ${rows.length}`};
  }
  const row = currentRow(state);
  const files = previewOf(state)?.files ?? [];
  if (row?.kind !== 'file') return {};
  const at = files.findIndex(({file}) => file.path === row.file.file.path);
  return {position: `${at + 1} of ${files.length}`};
}

/** What the signs mean. */
export function templatesLegend(theme: Theme): readonly SignMeaning[] {
  return [
    {sign: [{text: '+', colour: 'ok'}], name: 'new'},
    {sign: [{text: '~', colour: 'overdue'}], name: 'exists, differs'},
    {sign: [signSpan(theme, 'ok')], name: 'as wanted, can be read'},
    {sign: [signSpan(theme, 'warning')], name: 'look at it'},
    {sign: [signSpan(theme, 'failed')], name: 'cannot be read, in the way'},
    {sign: [signSpan(theme, 'none')], name: 'not checked here'},
  ];
}

/** What goes on while the window is too small. */
export function templatesMeanwhile({form}: TemplatesState): string | undefined {
  return form?.stage.kind === 'writing' ? 'Files are being written.' : undefined;
}
