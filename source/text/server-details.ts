import type {DetailPart, Details, DetailValues} from '../app/watch/detail-types.js';
import type {ListedServer, Names} from '../app/watch/watch-types.js';
import {cellWidth} from './cells.js';
import {formatElapsed} from './elapsed.js';
import {type Line, type Span, spansOf} from './line.js';
import {paragraph, signed, withBreaks} from './paragraph.js';
import {clockOrDay, momentOf} from './point-in-time.js';
import {checkWords} from './restore.js';
import {
  actionsRow,
  actionsSection,
  portsRow,
  portsSection,
  volumesRow,
  volumesSection,
} from './server-detail-parts.js';
import {sanitize} from './sanitize.js';
import {ASCII_SIGNS, sign, type Signs} from './signs.js';
import {formatDisk, formatMemory} from './sizes.js';

/** How the details are laid out. */
export type DetailView = {
  readonly names: Names;
  /** Epoch milliseconds by the API's clock. */
  readonly now: number;
  /** Cells; nothing is wider. */
  readonly width: number;
  readonly signs: Signs;
  /** `rows`: volumes, ports and actions are a row each; `sections`: a list each, below the others. */
  readonly layout: 'rows' | 'sections';
};

/** Where values begin. */
const LABEL_CELLS = 11;

/**
 * What is known of a soft-deleted server, as lines: whose it is, who deleted it, its host, what it was and what
 * belongs to it. Dashes stand where a part is on its way, words where it cannot be had.
 */
export function serverDetailLines(listed: ListedServer, details: Details, view: DetailView): readonly Line[] {
  const {layout, width, signs} = view;
  const {fault} = details;
  const grid = [
    row('project', [projectWords(listed, view.names)], view),
    row('deleted', [deletedWords(listed, view)], view),
    row('by', byWords(details, view), view),
    row('host', hostWords(listed, details, view), view),
    row('flavor', flavorWords(listed, details, view), view),
    row('power', powerWords(details, view), view),
    row('locked', [lockWords(listed, details)], view),
    ...(fault !== undefined && 'value' in fault && fault.value !== undefined
      ? [row('fault', [sign(signs, 'failed'), ' ', fault.value], view)]
      : []),
  ].flat();
  if (layout === 'rows') {
    const rows = [
      row('volumes', partWords(details, 'volumes', 30, view, volumesRow), view),
      row('ports', partWords(details, 'ports', 20, view, portsRow), view),
      row(
        'actions',
        partWords(details, 'actions', 30, view, (value) => actionsRow(value, view, width - LABEL_CELLS)),
        view,
      ),
    ].flat();
    return [...grid, '', ...rows, '', ...closingLines(details, view)];
  }
  return [
    ...grid,
    '',
    ...section('VOLUMES', details, 'volumes', view, volumesSection),
    '',
    ...section('PORTS', details, 'ports', view, portsSection),
    '',
    ...section('ACTIONS', details, 'actions', view, actionsSection),
    '',
    ...closingLines(details, view),
  ];
}

/** A label and its value; a value that is too long goes on below its beginning. */
function row(label: string, value: readonly Span[], {width}: DetailView): Line[] {
  const head: Span = {text: label.padEnd(LABEL_CELLS), tone: 'muted'};
  const text = value.map((span) => (typeof span === 'string' ? span : span.text)).join('');
  const room = Math.max(1, width - LABEL_CELLS);
  if (cellWidth(withBreaks(text, room)) <= room) return [[head, ...value]];
  return paragraph(withBreaks(text, room), LABEL_CELLS, head, width);
}

/** Dashes as wide as what comes will be. */
function dashes(cells: number, {signs, width}: DetailView): Span {
  return {text: signs.dash.repeat(Math.max(1, Math.min(cells, width - LABEL_CELLS))), tone: 'muted'};
}

/** The words of a part that is there, else dashes, else why it is not. */
function partWords<Part extends DetailPart>(
  details: Details,
  part: Part,
  cells: number,
  view: DetailView,
  words: (value: DetailValues[Part], view: DetailView) => readonly Span[],
): readonly Span[] {
  const known: Details[Part] = details[part];
  if (known === undefined) return [dashes(cells, view)];
  return 'problem' in known ? [sign(view.signs, 'unknown'), ' ', known.problem] : words(known.value, view);
}

function section<Part extends DetailPart>(
  title: string,
  details: Details,
  part: Part,
  view: DetailView,
  lines: (
    value: DetailValues[Part],
    view: DetailView,
  ) => {readonly title: string; readonly lines: readonly Line[]},
): readonly Line[] {
  const known: Details[Part] = details[part];
  const heading = (more: string): Line => [
    {text: title, tone: 'muted'},
    ...(more === '' ? [] : [`  ${more}`]),
  ];
  if (known === undefined) return [heading(''), [' ', dashes(30, view)]];
  if ('problem' in known) {
    const room = view.width - 3;
    return [
      heading(''),
      ...signed(sign(view.signs, 'unknown'), withBreaks(known.problem, room), 1, view.width),
    ];
  }
  const {title: more, lines: rows} = lines(known.value, view);
  return [heading(more), ...rows.map((line): Line => [' ', ...spansOf(line)])];
}

function projectWords({server: {projectId}}: ListedServer, {projects}: Names): string {
  return projectId === undefined ? 'Nova does not say' : (projects.get(projectId) ?? projectId);
}

function deletedWords({deleted}: ListedServer, {now, signs}: DetailView): string {
  switch (deleted.kind) {
    case 'action':
      return `${momentOf(deleted.time, now)} UTC ${signs === ASCII_SIGNS ? '+-' : '±'}2 s`;
    case 'estimate':
      return `~${momentOf(deleted.time, now)} UTC, or before`;
    case 'cleared':
      return 'no time: a restore emptied it';
    case 'unknown':
      return 'Nova does not say when';
  }
}

function byWords(details: Details, view: DetailView): readonly Span[] {
  return partWords(details, 'actions', 12, view, ({deletedBy, users}) => [
    deletedBy === undefined
      ? 'Nova does not say'
      : (users.get(deletedBy) ?? view.names.users.get(deletedBy) ?? deletedBy),
  ]);
}

function hostWords({server}: ListedServer, details: Details, view: DetailView): readonly Span[] {
  const {signs, now} = view;
  if (server.host === undefined) {
    return server.isHostShown ? [sign(signs, 'stuck'), ' none'] : ['not shown to this account'];
  }
  const state = partWords(details, 'service', 16, view, ({service, heardOfAt}): readonly Span[] => {
    const ago =
      heardOfAt === undefined ? '' : `, seen ${formatElapsed(Math.max(0, now - heardOfAt) / 1000)} ago`;
    switch (service.kind) {
      case 'unseen':
        return ['state not shown to this account'];
      case 'missing':
        return [sign(signs, 'stuck'), ' no nova-compute there'];
      case 'listed':
        if (service.isForcedDown) return [sign(signs, 'warning'), ` forced down${ago}`];
        if (service.state === 'up') return [sign(signs, 'ok'), ` up${ago}`];
        return service.state === 'down'
          ? [sign(signs, 'warning'), ` down${ago}`]
          : [sign(signs, 'unknown'), ' state unknown'];
    }
  });
  return [server.host, ' ', ...state];
}

function flavorWords({server}: ListedServer, details: Details, view: DetailView): readonly Span[] {
  const known = server.flavor === undefined ? [] : [server.flavor, ' '];
  if (details.flavor === undefined) return [...known, dashes(14, view)];
  if ('problem' in details.flavor)
    return server.flavor === undefined ? [details.flavor.problem] : [server.flavor];
  const {name = server.flavor, vcpus, memoryMib, diskGib} = details.flavor.value;
  const sizes = [
    ...(vcpus === undefined ? [] : [`${vcpus} vCPU`]),
    ...(memoryMib === undefined ? [] : [formatMemory(memoryMib)]),
  ];
  const words = [name ?? 'Nova does not say', sizes.join(', ')].join(' ').trim();
  // Flavors for volumes have no disk, and where there is no room nobody misses it.
  const withDisk = diskGib === undefined || diskGib === 0 ? words : `${words}, disk ${formatDisk(diskGib)}`;
  return [cellWidth(sanitize(withDisk)) <= view.width - LABEL_CELLS ? withDisk : words];
}

const OFF_WORDS: Readonly<Record<string, string>> = {
  stop: 'stopped',
  suspend: 'suspended',
  pause: 'paused',
  shelve: 'shelved',
};

/** A soft delete takes every guest off. */
function powerWords(details: Details, view: DetailView): readonly Span[] {
  const before = details.power;
  if (before === undefined) return ['off ', dashes(20, view)];
  if ('problem' in before || before.value.kind === 'unknown') return ['off; before the delete unknown'];
  if (before.value.kind === 'running') return ['off, ran until its delete'];
  const {action, since} = before.value;
  const when = since === undefined ? ' before the delete' : ` ${clockOrDay(since, view.now)}`;
  return [`off, ${OFF_WORDS[action] ?? action}${when}`];
}

function lockWords({server}: ListedServer, {lock}: Details): string {
  const value = lock !== undefined && 'value' in lock ? lock.value : undefined;
  const isLocked = value === undefined ? server.isLocked : value.isLocked;
  if (isLocked === undefined) return 'Nova does not say';
  if (!isLocked) return 'no';
  return value?.reason === undefined ? 'yes' : `yes: ${value.reason}`;
}

const ALWAYS = 'A restore always powers the guest on.';

/** What a restore does and takes. */
function closingLines({quota}: Details, {width, signs}: DetailView): readonly Line[] {
  if (quota === undefined) return paragraph(ALWAYS, 0, '', width);
  if ('problem' in quota) {
    const words = `Whether its project has quota for it is unknown: ${quota.problem}`;
    return [
      ...paragraph(ALWAYS, 0, '', width),
      ...signed(sign(signs, 'unknown'), withBreaks(words, width - 2), 0, width),
    ];
  }
  const {check} = quota.value;
  const words = capitalised(checkWords(check));
  if (check.verdict === 'ok') return paragraph(`${ALWAYS} ${words}.`, 0, '', width);
  return [...paragraph(ALWAYS, 0, '', width), ...signed(sign(signs, 'failed'), words, 0, width)];
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
