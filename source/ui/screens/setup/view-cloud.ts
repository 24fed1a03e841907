import {cellWidth} from '../../../text/cells.js';
import {formatElapsed} from '../../../text/elapsed.js';
import {selectLines} from '../../components/select.js';
import type {UiLine, UiSpan} from '../../spans.js';
import {signSpan} from '../../meaning.js';
import type {Size} from '../../screen.js';
import type {Theme} from '../../theme.js';
import {
  beside,
  coloured,
  type Draft,
  drawn,
  EMPTY,
  heading,
  muted,
  row,
  strong,
  troubleRows,
  wrapped,
} from '../../components/draft.js';
import type {SetupState} from './state.js';
import {baseName, clockWords} from './words.js';

/** The clouds, and beside them what signing in told. */
export function cloudLines(
  state: SetupState,
  size: Size,
  theme: Theme,
  hasFocus: boolean,
): readonly UiLine[] {
  const left = size.columns >= 110 ? 49 : size.columns >= 100 ? 44 : 31;
  const right = size.columns - left - 1;
  return beside(
    theme,
    listLines(state, theme, {columns: left, rows: size.rows}, hasFocus),
    drawn(theme, signedInRows(state, theme, right), right, hasFocus),
    [left, right],
    size.rows,
  );
}

/** Rows of the list's pane that are not options: above them the heading, below them the variables. */
const ROWS_AROUND = 4;

function listLines(
  state: SetupState,
  theme: Theme,
  {columns: cells, rows}: Size,
  hasFocus: boolean,
): readonly UiLine[] {
  const {clouds, cloudList, cloud} = state;
  const all = (drafts: readonly Draft[]) => drawn(theme, drafts, cells, hasFocus);
  if (clouds.kind === 'failed')
    return all([EMPTY, row(heading('CLOUDS')), ...troubleRows(theme, clouds.trouble, cells)]);
  if (clouds.kind !== 'ready')
    return all([EMPTY, row(heading('CLOUDS')), row('  ', muted(theme.signs.dash.repeat(18)))]);
  const {entries, file, hasEnvironment} = clouds.value;
  const from =
    file === undefined ? 'no clouds.yaml' : file.length < cells - 16 ? `from ${file}` : baseName(file);
  const title = row(heading('CLOUDS'), '  ', muted(from));
  if (entries.length === 0) {
    const words =
      'There is no cloud yet. Put a clouds.yaml into ~/.config/openstack, or set the OS_* variables, and start again.';
    return all([EMPTY, title, ...wrapped(words, cells - 4).map((text) => row(text))]);
  }
  return [
    ...all([EMPTY, title]),
    ...selectLines({
      theme,
      options: entries.map(({name, login, problem}) => ({
        id: name,
        label: name,
        note: problem === undefined ? login : 'cannot be used',
        sign: signOf(state, name, problem !== undefined, theme),
      })),
      list: cloudList,
      chosen: cloud,
      labelCells: Math.min(16, Math.max(10, ...entries.map(({name}) => cellWidth(name)))),
      gap: 1,
      cells,
      rows: rows - ROWS_AROUND,
      hasFocus,
    }),
    ...all([EMPTY, row('  ', muted(`OS_* variables: ${hasEnvironment ? 'set' : 'not set'}`))]),
  ];
}

function signOf({cloud, signedIn}: SetupState, name: string, isUnusable: boolean, theme: Theme): UiSpan {
  const isChosen = name === cloud;
  if (isUnusable || (isChosen && signedIn.kind === 'failed')) return signSpan(theme, 'failed');
  return signSpan(theme, isChosen && signedIn.kind === 'ready' ? 'ok' : 'not-begun');
}

function signedInRows(state: SetupState, theme: Theme, cells: number): readonly Draft[] {
  const {signedIn, clouds, cloudList, now} = state;
  const name = cloudList.cursor;
  if (clouds.kind !== 'ready' || name === undefined) return [];
  const entry = clouds.value.entries.find((one) => one.name === name);
  if (entry?.problem !== undefined) {
    return [
      EMPTY,
      row(strong(name)),
      EMPTY,
      ...troubleRows(theme, {message: entry.problem, remedy: undefined}, cells),
    ];
  }
  const since = (at: number) => muted(`as of ${formatElapsed((now - at) / 1000)} ago`);
  switch (signedIn.kind) {
    case 'none':
      return [EMPTY, row(strong(name))];
    case 'loading':
      return [
        EMPTY,
        row(
          strong(name),
          '   ',
          signSpan(theme, 'working'),
          muted(` signing in  ${formatElapsed((now - signedIn.since) / 1000)}`),
        ),
        EMPTY,
        ...['signed in', 'token', 'Nova', 'computes', 'API hosts'].map((label) =>
          row(muted(label.padEnd(13)), muted(theme.signs.dash.repeat(18))),
        ),
      ];
    case 'failed':
      return [
        EMPTY,
        row(strong(name), '   ', since(signedIn.at)),
        EMPTY,
        ...troubleRows(theme, signedIn.trouble, cells),
        row('  ', muted('r signs in again')),
      ];
    case 'ready': {
      const {session, release, computes, apiHosts, inventory} = signedIn.value;
      const version = `2.${session.lowest} to 2.${session.highest}${release === undefined ? '' : ` (${release})`}, uses 2.${session.used}`;
      const fact = (label: string, ...line: UiLine) => row(muted(label.padEnd(13)), ...line);
      const where = session.project === undefined ? `scope ${session.scope}` : `project ${session.project}`;
      const roles = session.roles.length === 0 ? 'no role' : `role ${session.roles.join(', ')}`;
      const down = computes.down.length;
      const ends = session.tokenEndsAt;
      return [
        EMPTY,
        row(strong(name), '   ', since(signedIn.at)),
        EMPTY,
        ...wrapped(`${session.user ?? '?'}, ${where}, ${roles}`, cells - 15).map((text, index) =>
          fact(index === 0 ? 'signed in' : '', text),
        ),
        fact(
          'token',
          ends === undefined ? 'end unknown' : `until ${clockWords(ends).slice(0, 5)} UTC`,
          session.isRenewed ? ', renews itself' : ', given to us: it ends then',
        ),
        fact('Nova', version),
        fact(
          'computes',
          `${computes.total}, ${computes.up} up`,
          ...(down === 0 ? [] : [', ', coloured(`${down} not up`, 'overdue')]),
        ),
        fact(
          'API hosts',
          ...(apiHosts.length === 0
            ? [coloured('none known', 'overdue')]
            : [`${apiHosts.length}, ${inventory === undefined ? 'by --api-hosts' : 'from the inventory'}`]),
        ),
        EMPTY,
        ...wrapped(
          'Nova lists the computes. API hosts it does not know: inventory or --api-hosts.',
          cells - 3,
        ).map((text) => row(muted(text))),
        ...(state.remembered === undefined
          ? []
          : [EMPTY, row(muted(`answers of ${clockWords(state.remembered)} UTC are kept`))]),
      ];
    }
  }
}
