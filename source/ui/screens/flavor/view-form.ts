import {readDraft, type FlavorDraft} from '../../../app/flavor/draft.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {formatDisk, formatMemory} from '../../../text/sizes.js';
import {fit, type UiSpan} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {coloured, type Draft, EMPTY, muted, row, wrapped} from '../../components/draft.js';
import {fieldsOf, type FormField} from './fields.js';
import {formProblems} from './form-problems.js';
import {fieldRow, isCurrent, type Room, title} from './form-rows.js';
import {judgementOf, replacingOf, usesOf} from './judged.js';
import {readyOf} from './known.js';
import type {FlavorState} from './state.js';
import {nodeRows, numaRows} from './view-numa.js';
import {watchdogRows} from './view-watchdog.js';

/** The left half: what was answered so far in the step that is open. */
export function formRows(
  state: FlavorState,
  theme: Theme,
  cells: number,
  hasFocus: boolean,
): readonly Draft[] {
  const room: Room = {theme, cells, isWide: cells >= 50, hasFocus};
  switch (state.step) {
    case 'size':
      return sizeRows(state, room);
    case 'watchdog':
      return watchdogRows(state, room);
    case 'topology':
      return topologyRows(state, room);
    case 'NUMA':
      return state.isByNode ? nodeRows(state, room) : numaRows(state, room);
    case 'access':
      return accessRows(state, room);
    case 'review':
      return reviewRows(state, room);
  }
}

function sizeRows(state: FlavorState, room: Room): readonly Draft[] {
  const fields = fieldsOf(state);
  const isStart = ({kind}: FormField): boolean => kind === 'start' || kind === 'start-clone';
  return [
    title('SIZE'),
    ...fields.filter((field) => !isStart(field)).map((field) => fieldRow(state, field, room, sizeNote)),
    EMPTY,
    title('START FROM'),
    ...fields.filter(isStart).map((field) => startRow(state, field)),
  ];
}

/** How a size is read where it was typed otherwise. */
function sizeNote({draft}: FlavorState, {id}: FormField): string {
  const {size} = readDraft(draft);
  if (size === undefined) return '';
  switch (id) {
    case 'memory':
      return `${formatCount(size.memoryMib)} MiB`;
    case 'swap':
      return size.swapMib === 0 ? '' : `${formatCount(size.swapMib)} MiB`;
    default:
      return '';
  }
}

function startRow(state: FlavorState, field: FormField): Draft {
  const isNow = field.value !== '';
  const uses = field.kind === 'start-clone' && isNow ? usesOf(state, field.value) : undefined;
  const note = uses === undefined ? [] : ['   ', muted(countOf(uses, 'server'))];
  const text: UiSpan = isNow ? {text: field.label, isBold: true} : field.label;
  return {line: [' ', text, ...note], isSelected: isCurrent(state, field)};
}

function topologyRows(state: FlavorState, room: Room): readonly Draft[] {
  const fields = fieldsOf(state);
  const {isWide, cells} = room;
  const key = (letter: string, what: string, result: string): Draft =>
    row(' ', {text: letter, colour: 'accent', isBold: true}, ` ${what.padEnd(9)} `, muted(result));
  const vcpus = judgementOf(state)?.flavor.vcpus;
  const replaced = replacingOf(state)?.topology ?? [];
  const image =
    replaced.length === 0
      ? 'image hw_cpu_* would replace all three wishes'
      : `${countOf(replaced.length, 'image')} ${replaced.length === 1 ? 'replaces' : 'replace'} the wishes: ${replaced.slice(0, 2).join(', ')}${replaced.length > 2 ? ' …' : ''}`;
  return [
    title('WISHES', isWide ? 'a wish is never an error' : ''),
    ...fields.slice(0, 3).map((field) => fieldRow(state, field, room)),
    EMPTY,
    title('LIMITS', isWide ? 'only limits force anything' : ''),
    ...fields.slice(3).map((field) => fieldRow(state, field, room)),
    EMPTY,
    title('PRESETS'),
    key('w', 'Windows', '2 sockets'),
    key('f', 'flat', '1 socket'),
    key('d', 'as Nova', vcpus === undefined ? '' : `${vcpus}:1:1`),
    EMPTY,
    ...wrapped(image, cells - 4).map((line) => row(' ', muted(line))),
  ];
}

function accessRows(state: FlavorState, room: Room): readonly Draft[] {
  const {draft, facts} = state;
  const {theme, cells} = room;
  const fields = fieldsOf(state);
  const marks = fields.filter(({kind}) => kind === 'mark');
  const text = (words: string): readonly Draft[] =>
    wrapped(words, cells - 4).map((line) => row(' ', muted(line)));
  const rest = draft.isPublic
    ? text('Every project may use it.')
    : facts.projects.kind === 'ready'
      ? marks.map((field): Draft => {
          const isMarked = field.kind === 'mark' && field.isMarked;
          const sign: UiSpan = isMarked ? {text: theme.signs.ok, colour: 'ok'} : ' ';
          return {line: [sign, ' ', field.label], isSelected: isCurrent(state, field)};
        })
      : text(projectsUnknown(state));
  return [
    title('ACCESS'),
    ...fields.filter(({kind}) => kind !== 'mark').map((field) => fieldRow(state, field, room)),
    EMPTY,
    ...(draft.isPublic
      ? []
      : [title('PROJECTS', marks.length === 0 ? '' : `${countOf(marks.length, 'project')}, space marks`)]),
    ...rest,
  ];
}

function projectsUnknown({facts, options}: FlavorState): string {
  if (options.isOffline || facts.label.kind === 'failed') return 'Ids of projects, with commas between them.';
  return facts.projects.kind === 'loading'
    ? 'Projects are being asked for.'
    : 'Keystone does not list the projects: type their ids, with commas between them.';
}

function reviewRows(state: FlavorState, room: Room): readonly Draft[] {
  const {draft} = state;
  const {cells} = room;
  const {size} = readDraft(draft);
  const specs = Object.entries(draft.extraSpecs);
  const name = Math.min(cells - 14, Math.max(18, ...specs.map(([key]) => key.length)));
  const projects = readyOf(state.facts.projects) === undefined ? '' : draft.projects;
  const access = draft.isPublic ? 'public' : projects === '' ? 'private' : `private: ${projects}`;
  return [
    row({text: draft.name === '' ? 'no name yet' : draft.name, isBold: true}),
    ...(size === undefined
      ? formProblems(draft).flatMap(({text}) =>
          wrapped(text, cells - 3).map((line) => row(coloured(line, 'danger'))),
        )
      : wrapped(sizeWords(draft, access), cells - 3).map((line) => row(line))),
    EMPTY,
    title('EXTRA SPECS', specs.length === 0 ? 'none' : ''),
    ...specs.map(([key, value]) => row(' ', ...fit([key], name), '  ', value)),
  ];
}

/** `16 vCPU  64 GiB  80 GiB  public`. */
export function sizeWords(draft: FlavorDraft, access: string): string {
  const {size} = readDraft(draft);
  if (size === undefined) return '';
  return [
    `${size.vcpus} vCPU`,
    formatMemory(size.memoryMib),
    formatDisk(size.diskGib),
    ...(size.ephemeralGib === 0 ? [] : [`ephemeral ${formatDisk(size.ephemeralGib)}`]),
    ...(size.swapMib === 0 ? [] : [`swap ${formatMemory(size.swapMib)}`]),
    access,
  ].join('  ');
}
