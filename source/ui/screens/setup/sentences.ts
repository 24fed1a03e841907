import type {Changes} from '../../../app/setup/changes.js';
import {type DeleteRate, meaningOf} from '../../../app/setup/interval.js';
import {
  type Batch,
  batchProgress,
  type Cell,
  type CellState,
  currentCells,
  failedCells,
  progressOf,
  type RunView,
} from '../../../app/setup/run-view.js';
import type {SignedIn} from '../../../app/setup/sign-in.js';
import {countOf, formatElapsed, speakUnits} from '../../../text/elapsed.js';
import type {Key} from '../../keys.js';
import {
  applyProblem,
  changesForm,
  keyIn,
  nodeCounts,
  nodeItems,
  resultView,
  typedInterval,
} from './selectors.js';
import {endedProof, shownProof} from './proof/model.js';
import {proofSentences} from './proof/sentences.js';
import {STEPS, type SetupState} from './state.js';
import {amountWords, baseName, clockWords, intervalWords, pointWords} from './words.js';
import {sentenceOf, troubled} from '../../trouble.js';

/** How many rows are read before the rest is only counted. */
const MOST = 20;

/** The step for a screen reader: a sentence per row, units in words, no signs. */
export function setupSentences(state: SetupState): readonly string[] {
  const at = STEPS.indexOf(state.step) + 1;
  return [`Step ${at} of ${STEPS.length}, ${state.step}.`, ...bodyOf(state)].map(speakUnits);
}

function bodyOf(state: SetupState): readonly string[] {
  switch (state.step) {
    case 'cloud':
      return cloudSentences(state);
    case 'nodes':
      return nodeSentences(state);
    case 'interval':
      return intervalSentences(state);
    case 'changes':
      return changeSentences(state);
    case 'run':
      return runSentences(state);
    case 'result': {
      const proof = shownProof(state);
      if (proof !== undefined) return proofSentences(state, proof);
      const view = resultView(state);
      const verdict = endedProof(state)?.end.verdict;
      return view === undefined
        ? []
        : [
            view.verdict,
            ...(verdict === undefined ? [] : [verdict]),
            ...limited(view.lines.map(({subject, text}) => `${subject}: ${text}.`)),
            ...view.reasons,
            ...(state.run?.trouble === undefined ? [] : troubled(state.run.trouble)),
          ];
    }
  }
}

function cloudSentences({clouds, cloudList, signedIn}: SetupState): readonly string[] {
  if (clouds.kind === 'failed') return troubled(clouds.trouble);
  if (clouds.kind !== 'ready') return ['Clouds are being listed.'];
  const entries = clouds.value.entries.map(
    ({name, login, problem}) =>
      `${name === cloudList.cursor ? 'Selected: ' : ''}${name}, ${problem === undefined ? login : `cannot be used: ${problem}`}.`,
  );
  switch (signedIn.kind) {
    case 'none':
      return limited(entries);
    case 'loading':
      return [...limited(entries), 'Signing in.'];
    case 'failed':
      return [...limited(entries), ...troubled(signedIn.trouble)];
    case 'ready':
      return [...limited(entries), signedInSentence(signedIn.value)];
  }
}

/** Who is signed in, and what Nova and the inventory tell. */
export function signedInSentence({session, computes, apiHosts}: SignedIn): string {
  const roles = session.roles.length === 0 ? 'no role' : `roles ${session.roles.join(', ')}`;
  return [
    `Signed in as ${session.user ?? 'unknown'}, project ${session.project ?? 'none'}, ${roles}.`,
    `${countOf(computes.total, 'compute')}, ${computes.up} up. ${countOf(apiHosts.length, 'API host')} known.`,
  ].join(' ');
}

function nodeSentences(state: SetupState): readonly string[] {
  const {nodes} = state;
  if (nodes.kind === 'failed' && nodes.trouble !== undefined) return troubled(nodes.trouble);
  const counts = nodeCounts(state);
  if (nodes.kind === 'looking') {
    return [
      nodes.total === 0
        ? 'Nodes are being listed.'
        : `${counts.looked} of ${nodes.total} nodes were looked at.`,
    ];
  }
  return [
    `${countOf(counts.computes, 'compute')}, ${countOf(counts.apis, 'API node')}. ${counts.usable} can be changed. ${counts.unreachable} unreachable. ${counts.leftOut} left out.${counts.notChosen === 0 ? '' : ` ${counts.notChosen} not chosen by --hosts.`}`,
    ...limited(
      nodeItems(state).map((item) => {
        const chosen = item.id === nodes.list.cursor ? 'Selected: ' : '';
        if (item.kind === 'node') {
          return `${chosen}${item.row.host}, ${item.row.roles.join(' and ')}: ${!item.isChosen ? 'not chosen' : item.isLeftOut ? 'left out' : item.row.state}.`;
        }
        const [first] = item.group.rows;
        const alike = `${chosen}${item.group.rows.length} alike, ${first?.roles.join(' and ') ?? ''}`;
        return item.isChosen
          ? `${alike}: ${first?.state ?? ''}. ${item.leftOut} left out.`
          : `${alike}: not chosen.`;
      }),
    ),
  ];
}

function intervalSentences(state: SetupState): readonly string[] {
  const typed = typedInterval(state);
  const field = `Interval, text field, ${state.interval.field.text === '' ? 'empty' : state.interval.field.text}.`;
  if (typed === undefined) return [field];
  if (typed.kind === 'refused') return [field, `Error: ${typed.reason}.`];
  if (typed.seconds === 0) return [field, 'A deleted server is gone at once.'];
  const now = state.now + state.nodes.apiOffsetMs;
  const {restorableUntil, destroyedBy} = meaningOf(typed.seconds, now);
  return [
    field,
    `A server deleted now, ${clockWords(now)}, can be restored until ${pointWords(restorableUntil, now)}, and is destroyed by ${pointWords(destroyedBy, now)} UTC.`,
  ];
}

/** What would change, and the buttons. */
export function changeSentences(state: SetupState): readonly string[] {
  const {proposed, notice, form, panel} = state.changes;
  const told = notice === undefined ? [] : [`Warning: ${notice}`];
  if (proposed.kind === 'failed') return [...told, ...troubled(proposed.trouble)];
  if (proposed.kind !== 'ready') return [...told, 'What it does to servers is being counted.'];
  const {changes} = proposed.value;
  if (panel === 'victims') {
    return [
      `${countOf(changes.victims.length, 'server')} would be destroyed.`,
      ...limited(
        changes.victims.map(({name, project, host}) => `${name}, project ${project}, host ${host}.`),
      ),
    ];
  }
  const projects = changes.projects.slice(0, 5).map(({name, count}) => `${name} ${count}`);
  const problem = applyProblem(state);
  const buttons = changesForm(state);
  return [
    ...told,
    ...headSentences(changes, keyIn(state, 'set-up.harmless')),
    ...(projects.length === 0 ? [] : [`Projects: ${projects.join(', ')}.`]),
    ...changes.groups.map(
      ({hosts, role, file, line}) =>
        `Changes: ${countOf(hosts.length, role === 'api' ? 'API node' : 'compute')}, ${baseName(file ?? 'restart only')}${line === undefined ? '' : ` line ${line}`}.`,
    ),
    ...changes.also.map(({text, more}) => `${text}${more === '' ? '' : `: ${more}`}.`),
    ...(problem === undefined ? [] : [`It cannot be applied: ${problem}.`]),
    ...(buttons.word === undefined
      ? []
      : [`${buttons.word.label} text field, ${form.word.text === '' ? 'empty' : form.word.text}.`]),
    ...buttons.buttons.map(
      ({label}, index) =>
        `${label}, button${index === form.focus ? ', focused' : ''}. ${index + 1} of ${buttons.buttons.length}.`,
    ),
  ];
}

/** What becomes of waiting servers, the danger first, and the value that spares them. */
function headSentences(changes: Changes, harmlessKey: Key): readonly string[] {
  const {victims, waiting, harmlessSeconds, isKnown, isRisky, problem, promisedSeconds} = changes;
  if (!isKnown && isRisky) {
    return [sentenceOf(`Danger: what happens to waiting servers is not known: ${problem ?? ''}`)];
  }
  if (victims.length === 0) return ['No server is destroyed.'];
  const are = victims.length === 1 ? 'is' : 'are';
  const promised = promisedSeconds === undefined ? '' : ` Promised was ${intervalWords(promisedSeconds)}.`;
  const oldest = victims[0]?.ageSeconds;
  const age = oldest === undefined ? '' : ` The oldest was deleted ${formatElapsed(oldest)} ago.`;
  return [
    `Danger: ${victims.length} of ${countOf(waiting, 'waiting server')} ${are} destroyed within 2 min of the restarts.${promised}`,
    `${waiting - victims.length} stay.${age}`,
    harmlessSeconds === undefined
      ? 'No value below the present one spares all of them.'
      : `An interval of ${intervalWords(harmlessSeconds)} destroys none. Press ${harmlessKey} to use it.`,
  ];
}

/** What is deleted in this cloud. */
export function rateSentence({perDay, problem}: DeleteRate): string {
  if (perDay === undefined) return sentenceOf(`What an interval holds is not known: ${problem ?? ''}`);
  return `Deletes a day, in the last 7 days: ${amountWords(perDay)}.`;
}

function runSentences({run, now}: SetupState): readonly string[] {
  if (run === undefined) return [];
  const {view} = run;
  const {done, total, share, failed, leftSeconds} = progressOf(view, now);
  const left = leftSeconds === undefined ? '' : `, about ${formatElapsed(leftSeconds)} left`;
  return [
    `${done} of ${countOf(total, 'node')} done, ${Math.floor(share * 100)} percent${left}. ${failed} failed.${run.isPaused ? ' Paused.' : ''}`,
    ...(run.trouble === undefined ? [] : troubled(run.trouble)),
    ...limited(failedCells(view).map(cellSentence)),
    ...currentBatch(view),
    `${countOf(currentCells(view).length, 'node')} at work.`,
  ];
}

/** `Batch 7 of 10 is running: 12 done, 35 at work, 3 waiting.` */
function currentBatch(view: RunView): readonly string[] {
  const batch = view.batches.find((one) => batchProgress(view, one).isRunning);
  if (batch === undefined) return [];
  const {counts} = batchProgress(view, batch);
  const own = new Set(batch.ids);
  const working = currentCells(view).filter(({id}) => own.has(id)).length;
  const ended = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const waiting = batch.ids.length - ended - working;
  return [
    `${batchName(view, batch)} is running: ${counts.done} done, ${working} at work, ${waiting} waiting.`,
  ];
}

/** `fra1-cmp-062, put back: active, but no heartbeat for 120 s.` */
export function cellSentence({host, state, note}: Pick<Cell, 'host' | 'state' | 'note'>): string {
  return sentenceOf(`${host}, ${stateWords(state)}: ${note}`);
}

/** `Batch 7 of 10`, `The canary`, `API, 3 nodes,`. */
export function batchName({batches}: RunView, {kind, number, ids}: Batch): string {
  if (kind === 'canary') return 'The canary';
  if (kind === 'api') return `API, ${countOf(ids.length, 'node')},`;
  return `Batch ${number} of ${batches.filter((one) => one.kind === 'batch').length}`;
}

/** A cell's state as it is read aloud. */
export function stateWords(state: CellState): string {
  return state === 'waits' ? 'waiting' : state.replace('-', ' ');
}

function limited(rows: readonly string[]): readonly string[] {
  return rows.length <= MOST ? rows : [...rows.slice(0, MOST), `${rows.length - MOST} more.`];
}
