import {readDraft} from '../../../app/flavor/draft.js';
import {CpuSpecError, formatCpuSet, parseCpuSpec, union} from '../../../domain/flavor/cpu-set.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {fit} from '../../spans.js';
import {coloured, type Draft, EMPTY, muted, row} from '../../components/draft.js';
import {fieldsOf, type FormField, hasNumaLists, nodeCount} from './fields.js';
import {fieldRow, LABEL_CELLS, type Room, title, VALUE_CELLS} from './form-rows.js';
import {judgementOf, numaOf} from './judged.js';
import type {FlavorState} from './state.js';

const POLICY_WORDS: Readonly<Record<string, string>> = {
  dedicated: 'all pinned',
  mixed: 'some pinned, some shared',
  shared: 'all float',
};

/** Nodes, pages and policies. */
export function numaRows(state: FlavorState, room: Room): readonly Draft[] {
  const fields = fieldsOf(state);
  const at = fields.findIndex(({id}) => id === 'hw:cpu_policy');
  const shown = (field: FormField): Draft => fieldRow(state, field, room, numaNote);
  const numa = numaOf(judgementOf(state));
  const memory = new Set(numa?.cells.map(({memoryMib}) => memoryMib));
  const [each] = memory;
  const memoryNote =
    numa === undefined || !room.isWide
      ? ''
      : memory.size === 1
        ? `${formatCount(each ?? 0)} MiB each`
        : numa.cells
            .slice(0, 3)
            .map(({memoryMib}) => formatCount(memoryMib))
            .join(' | ');
  const lists = hasNumaLists(state.draft) ? 'by node' : 'even';
  return [
    title('NUMA'),
    ...fields.slice(0, 2).map(shown),
    row(
      ' ',
      ...fit([muted('memory')], LABEL_CELLS),
      ' ',
      muted(lists.padEnd(VALUE_CELLS)),
      '  ',
      muted(memoryNote),
    ),
    ...fields.slice(2, at).map(shown),
    EMPTY,
    title('POLICY'),
    ...fields.slice(at).map(shown),
    ...(room.isWide
      ? [
          EMPTY,
          title('WHAT THE WORDS DO'),
          row('  dedicated  ', muted('every vCPU has a host CPU to itself')),
          row('  mixed      ', muted('the mask says which')),
          row('  shared     ', muted('all float')),
        ]
      : []),
  ];
}

function numaNote(state: FlavorState, {id, value}: FormField): string {
  const judgement = judgementOf(state);
  const numa = numaOf(judgement);
  switch (id) {
    case 'numa lists':
      return (numa?.cells ?? [])
        .slice(0, 4)
        .map(({shared, pinned}) => formatCpuSet(union([shared, pinned])))
        .join(' | ');
    case 'hw:mem_page_size': {
      const size = numa?.pageSizeKib ?? 0;
      const memoryMib = judgement?.flavor.memoryMib ?? 0;
      return size > 0 && Number.isInteger((memoryMib * 1024) / size)
        ? countOf((memoryMib * 1024) / size, 'page')
        : '';
    }
    case 'hw:cpu_policy':
      return POLICY_WORDS[value] ?? '';
    case 'hw:cpu_dedicated_mask':
    case 'hw:cpu_realtime_mask':
      return maskWords(value);
    default:
      return '';
  }
}

/** `all but 0 and 8`. */
function maskWords(mask: string): string {
  if (!mask.startsWith('^')) return '';
  const set = parseCpuSpec(mask.replaceAll('^', ''));
  return set instanceof CpuSpecError ? '' : `all but ${formatCpuSet(set)}`;
}

/** The nodes one by one. */
export function nodeRows(state: FlavorState, room: Room): readonly Draft[] {
  const {size} = readDraft(state.draft);
  const memory = Object.entries(state.draft.extraSpecs)
    .filter(([name]) => name.startsWith('hw:numa_mem.'))
    .reduce((sum, [, value]) => sum + (Number(value) || 0), 0);
  const left = (size?.memoryMib ?? 0) - memory;
  return [
    title('NODE BY NODE', countOf(nodeCount(state.draft), 'node')),
    ...fieldsOf(state).map((field) => fieldRow(state, field, room)),
    EMPTY,
    row(
      ' ',
      left === 0
        ? muted('all of the memory is divided')
        : coloured(`${formatCount(Math.abs(left))} MiB ${left > 0 ? 'are left' : 'too many'}`, 'overdue'),
    ),
  ];
}
