import {countOf} from '../../../text/elapsed.js';
import type {Dialog} from '../../components/dialog.js';
import {signSpan} from '../../meaning.js';
import {columns, wrap, type UiLine} from '../../spans.js';
import type {TemplatesAction} from './actions.js';
import type {TemplatesState} from './state.js';
import {fileSign, replacedWords} from './words.js';

const cancel = {type: 'cancel'} as const;

/** The dialog that is open: which files would be replaced. */
export function templatesDialog({form}: TemplatesState): Dialog<TemplatesAction> | undefined {
  if (form?.stage.kind !== 'asking') return undefined;
  const {plan} = form.stage;
  const {replaced, placed, folder} = plan;
  const fresh = placed.filter((file) => fileSign(file) === '+').length;
  const checked = form.preview.kind === 'ready' ? form.preview.value.files : [];
  const warnings = new Map(
    checked.map(({file, checks}) => [file.path, checks.find(({verdict}) => verdict === 'warning')?.text]),
  );
  const rows = replaced.map((file) => ({
    path: file.file.path,
    words: replacedWords(file),
    warning: warnings.get(file.file.path),
  }));
  const also = fresh === 0 ? [] : [`${countOf(fresh, 'file')} besides ${fresh === 1 ? 'is' : 'are'} new.`];
  const head = `What stands in ${folder} now is lost:`;
  return {
    id: `replace ${form.template.name} ${form.request}`,
    title: `Replace ${countOf(replaced.length, 'file')}`,
    isDangerous: false,
    lines: (cells, theme): readonly UiLine[] => {
      const name = Math.min(Math.floor(cells / 2), Math.max(...rows.map(({path}) => path.length)));
      return [
        ...wrap([head], cells, 2),
        ...rows.flatMap(({path, words, warning}): readonly UiLine[] => [
          [
            '  ',
            ...columns([
              {cells: name, line: [{text: path, isBold: true}]},
              {cells: Math.max(0, cells - name - 4), line: [{text: words, colour: 'muted'}]},
            ]),
          ],
          ...(warning === undefined
            ? []
            : wrap(['    ', signSpan(theme, 'warning'), ` ${warning}`], cells, 6)),
        ]),
        ...also.flatMap((text) => wrap([text], cells, 2)),
      ];
    },
    sentences: [
      head,
      ...rows.flatMap(({path, words, warning}) => [
        `${path}: ${words}.`,
        ...(warning === undefined ? [] : [`Warning: ${warning}.`]),
      ]),
      ...also,
    ],
    buttons: [
      {label: 'Cancel', action: cancel},
      {label: replaced.length === 1 ? 'Replace it' : 'Replace them', action: {type: 'agree'}},
    ],
    focused: 0,
    cancel,
  };
}
