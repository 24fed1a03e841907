import {anotherDeleteSentence, rescueSentence} from '../../../text/again.js';
import {countOf, formatIntervalShort} from '../../../text/elapsed.js';
import {checkWords, restoreSentence} from '../../../text/restore.js';
import {lossLines, lossSummary} from '../../../text/volume-words.js';
import type {Dialog} from '../../components/dialog.js';
import type {Checked, PurgeLook, WatchDialog} from './acting.js';
import {
  crowdSaid,
  MOST_NAMED,
  placeWords,
  said,
  silenceSaid,
  strangersSaid,
  untilLook,
  whereWords,
  type Said,
} from './dialog-words.js';
import {isAllClear, restorable, wordFor} from './model-acting.js';
import type {WatchAction, WatchRow, WatchState} from './state.js';
import {exportDialog} from './dialog-export.js';

const cancel = {type: 'close-dialog'} as const;

/** The dialog that is open. */
export function watchDialog(state: WatchState): Dialog<WatchAction> | undefined {
  const {dialog} = state;
  switch (dialog?.kind) {
    case undefined:
      return exportDialog(state);
    case 'restore':
      return restoreDialog(state, dialog);
    case 'purge':
      return purgeDialog(state, dialog);
    case 'again':
      return againDialog(state, dialog);
    case 'failed':
      return failedDialog(state, dialog);
    case 'gone':
      return {
        id: `gone:${dialog.row.id}`,
        title: dialog.row.listed.server.name,
        isDangerous: false,
        ...said([{meaning: 'warning', text: `${dialog.words}.`}, {text: 'Nothing was done.'}]),
        buttons: [{label: 'Close', action: cancel}],
        focused: 0,
        cancel,
      };
  }
}

function restoreDialog(
  state: WatchState,
  dialog: Extract<WatchDialog, {kind: 'restore'}>,
): Dialog<WatchAction> {
  const {rows, checked, stop} = dialog;
  const [only, ...more] = rows;
  const isDone = checked.size === rows.length;
  const able = restorable(dialog);
  const isClear = isDone && isAllClear(dialog);
  const lines =
    only !== undefined && more.length === 0 ? oneChecked(only, checked.get(only.id)) : manyChecked(dialog);
  const press = (stops: boolean) => ({type: 'press-restore', stop: stops}) as const;
  const count = able.length === 1 || !isDone ? '' : ` ${able.length}`;
  const buttons = [
    ...(isDone && able.length === 0
      ? []
      : [
          {label: `Restore${count}`, action: press(false)},
          {label: 'Restore and stop', action: press(true)},
        ]),
    {label: 'Cancel', action: cancel},
  ];
  return {
    id: `restore:${only?.id ?? ''}:${rows.length}:${isDone ? (isClear ? 'clear' : 'speaks') : 'checking'}`,
    title:
      only !== undefined && more.length === 0
        ? `Restore ${only.listed.server.name}`
        : `Restore ${rows.length} servers`,
    isDangerous: false,
    ...said([
      ...(only !== undefined && more.length === 0
        ? [{text: placeWords(state, only)}]
        : crowdSaid(state, rows)),
      ...lines,
      ...(isDone ? [] : silenceSaid(state, rows)),
      {text: STOP_WORDS},
      ...(dialog.isEager && !isDone ? [{text: 'It is restored as soon as all checks pass.'}] : []),
    ]),
    buttons,
    focused: isDone && !isClear ? buttons.length - 1 : stop ? 1 : 0,
    cancel,
  };
}

const STOP_WORDS =
  'Nova always starts the guest; with stop it runs until the stop took effect, usually one to two minutes.';

function oneChecked({listed}: WatchRow, checked: Checked | undefined): readonly Said[] {
  if (checked === undefined) return [{text: 'It is being checked: state, lock, host, quota, time.'}];
  if (checked.kind === 'ended') return [endedWords(checked)];
  return checked.checks.map((check) => ({
    meaning: MEANINGS[check.verdict],
    text: checkWords(check, SOURCES[listed.intervalSource]),
  }));
}

const SOURCES = {host: 'host', assumed: 'given', none: 'nobody'} as const;

const MEANINGS = {ok: 'ok', warning: 'warning', refused: 'failed'} as const;

function endedWords({end}: Extract<Checked, {kind: 'ended'}>): Said {
  const {message} = restoreSentence(end, {word: '', server: undefined}, undefined);
  return {meaning: 'failed', text: message};
}

function manyChecked({rows, checked}: Extract<WatchDialog, {kind: 'restore'}>): readonly Said[] {
  const waits = rows.length - checked.size;
  const problems = rows.flatMap(({id, listed}): readonly Said[] => {
    const one = checked.get(id);
    if (one === undefined) return [];
    const {name} = listed.server;
    if (one.kind === 'ended') return [{meaning: 'failed', text: `${name}: ${endedWords(one).text}`}];
    const worst =
      one.checks.find(({verdict}) => verdict === 'refused') ??
      one.checks.find(({verdict}) => verdict === 'warning');
    return worst === undefined
      ? []
      : [
          {
            meaning: MEANINGS[worst.verdict],
            text: `${name}: ${checkWords(worst, SOURCES[listed.intervalSource])}`,
          },
        ];
  });
  const well = checked.size - problems.length;
  return [
    ...(waits > 0 ? [{text: `${countOf(waits, 'server')} being checked.`}] : []),
    ...(well > 0
      ? [{meaning: 'ok' as const, text: `${countOf(well, 'server')}: nothing speaks against it`}]
      : []),
    ...problems.slice(0, MOST_NAMED),
    ...(problems.length > MOST_NAMED
      ? [{text: `and ${countOf(problems.length - MOST_NAMED, 'more server')} with something to know`}]
      : []),
  ];
}

function purgeDialog(state: WatchState, dialog: Extract<WatchDialog, {kind: 'purge'}>): Dialog<WatchAction> {
  const {rows, look, problem} = dialog;
  const [only, ...more] = rows;
  const isOne = only !== undefined && more.length === 0;
  const count = look?.plan.servers.length ?? 0;
  const isReady = look !== undefined && count > 0;
  return {
    id: `purge:${only?.id ?? ''}:${rows.length}:${look === undefined ? 'looking' : 'looked'}`,
    title: 'Destroy now',
    isDangerous: true,
    ...said(
      [
        ...(isOne
          ? [{name: only.listed.server.name, text: placeWords(state, only)}]
          : [...crowdSaid(state, rows), ...strangersSaid(state, rows)]),
        ...(look === undefined
          ? [
              problem === undefined
                ? {text: isOne ? 'It is read again.' : 'They are read again.'}
                : {meaning: 'failed' as const, text: problem},
            ]
          : lookWords(look)),
        ...(look === undefined ? silenceSaid(state, rows) : []),
      ],
      look === undefined
        ? undefined
        : (cells, {signs}) =>
            isOne ? lossLines(look.losses, cells, signs) : lossSummary(look.losses, cells, signs),
    ),
    ...(isReady
      ? {
          word: {
            label: isOne ? 'Type the name' : 'Type the count',
            expected: wordFor(dialog),
            missing: isOne ? 'needs the whole name' : 'needs the count',
          },
        }
      : {}),
    buttons: [
      {label: 'Cancel', action: cancel},
      ...(isReady
        ? [
            {
              label: isOne ? 'Destroy now' : `Destroy ${count}`,
              action: {type: 'press-destroy'} as const,
              needsWord: true,
            },
          ]
        : []),
    ],
    focused: 0,
    cancel,
  };
}

const LAST_WORDS = 'Read again just now: SOFT_DELETED. There is no undo.';
const LAST_WORDS_OF_MANY =
  'Each is read again just before; one that was restored meanwhile is left. There is no undo.';

/** Whether it has no volume at all, as far as is known. */
function hasNone({deleted, kept, unclear}: PurgeLook['losses']): boolean {
  return deleted.length + kept.length + unclear.length === 0;
}

function lookWords({plan, left, losses, problem}: PurgeLook): readonly Said[] {
  const {servers, downHosts} = plan;
  const locked = servers.filter(({isLocked}) => isLocked === true);
  return [
    ...left
      .slice(0, MOST_NAMED)
      .map(({name, why}): Said => ({meaning: 'warning', text: `${name} is left alone: ${why}`})),
    ...(servers.length === 0 ? [{text: 'There is nothing to destroy.'}] : []),
    ...(problem === undefined
      ? []
      : [{meaning: 'unknown' as const, text: `not all is known of volumes: ${problem}`}]),
    ...locked.slice(0, MOST_NAMED).map(({name, lockedReason}): Said => {
      const reason = lockedReason === undefined ? '' : ` ("${lockedReason}")`;
      return {meaning: 'warning', text: `${name} is locked${reason}; Nova does not stop an admin`};
    }),
    ...[...downHosts].slice(0, MOST_NAMED).map((host): Said => {
      return {
        meaning: 'warning',
        text: `nova-compute of ${host} is down: guest and disk go when it runs again`,
      };
    }),
    ...(servers.length === 1 && problem === undefined && hasNone(losses)
      ? [{text: 'It has no volumes. Its disk on the host is lost.'}]
      : []),
    ...(servers.length === 0 ? [] : [{text: servers.length === 1 ? LAST_WORDS : LAST_WORDS_OF_MANY}]),
  ];
}

function againDialog(
  state: WatchState,
  {row, verdict, problem}: Extract<WatchDialog, {kind: 'again'}>,
): Dialog<WatchAction> {
  const isSoft = verdict?.kind === 'soft';
  return {
    id: `again:${row.id}:${verdict?.kind ?? 'looking'}`,
    title: `Give ${row.listed.server.name} another interval`,
    isDangerous: false,
    ...said([
      {text: placeWords(state, row)},
      {
        text: 'A DELETE of a soft-deleted server starts its delay anew, where every nova-api holds deletes back.',
      },
      ...(verdict === undefined
        ? [
            problem === undefined
              ? {text: 'Every API host is looked at.'}
              : {meaning: 'failed' as const, text: problem},
          ]
        : [{meaning: isSoft ? ('ok' as const) : ('failed' as const), text: anotherDeleteSentence(verdict)}]),
      ...(verdict === undefined ? silenceSaid(state, [row]) : []),
    ]),
    buttons: [
      ...(isSoft ? [{label: 'Delete again', action: {type: 'press-again'} as const}] : []),
      {label: 'Cancel', action: cancel},
    ],
    focused: 0,
    cancel,
  };
}

function failedDialog(
  state: WatchState,
  {row, at, rescue, fault, problem, isAwaited}: Extract<WatchDialog, {kind: 'failed'}>,
): Dialog<WatchAction> {
  const {name, host} = row.listed.server;
  // While nova-api was not seen only ERROR is sure to keep it.
  const isOffered =
    !state.isReadOnly &&
    (rescue === undefined ||
      rescue.kind === 'delete-again' ||
      (rescue.kind === 'set-error' && rescue.isAdmin !== false));
  const label =
    rescue?.kind === 'delete-again'
      ? rescue.seconds === undefined || !Number.isFinite(rescue.seconds)
        ? 'Delete it again'
        : `Give it ${formatIntervalShort(rescue.seconds)} again`
      : 'Set it to ERROR';
  return {
    id: `failed:${row.id}:${rescue?.kind ?? 'looking'}`,
    title: `The restore of ${name} failed`,
    isDangerous: true,
    ...said([
      {text: whereWords(state, row)},
      ...(rescue?.kind === 'not-needed'
        ? []
        : [
            {
              meaning: 'failed' as const,
              text: `Nova destroys it at its next look, ${untilLook(state.now - at)}, whatever the interval: its delete time is empty, and the guest did not start.`,
            },
          ]),
      ...(fault === undefined ? [] : [{text: fault}]),
      ...(rescue === undefined
        ? [
            problem === undefined
              ? {text: 'Every API host is looked at: whether another DELETE is soft is not known yet.'}
              : {meaning: 'failed' as const, text: problem},
            {
              text: 'ERROR keeps it in any case: Nova never reclaims such a server, and it has to be repaired.',
            },
          ]
        : [{text: rescueSentence(rescue, host)}]),
      ...(state.isReadOnly && rescue?.kind !== 'not-needed'
        ? [{text: 'Nothing is changed with --read-only; the command that keeps it stands in the line below.'}]
        : []),
    ]),
    buttons: [
      ...(isOffered ? [{label, action: {type: 'press-rescue'} as const}] : []),
      {label: 'Leave it', action: cancel},
    ],
    // It opens by itself: enter may be meant for what was there before.
    focused: isAwaited || !isOffered ? 0 : 1,
    cancel,
  };
}
