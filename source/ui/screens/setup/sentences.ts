import {currentCells, failedCells, progressOf} from '../../../app/setup/run-view.js';
import {meaningOf} from '../../../app/setup/interval.js';
import {countOf} from '../../../text/elapsed.js';
import {applyProblem, changesForm, nodeCounts, nodeItems, resultView, typedInterval} from './selectors.js';
import {STEPS, type SetupState, type Trouble} from './state.js';
import {baseName, clockWords, pointWords} from './words.js';

/** How many rows are read before the rest is only counted. */
const MOST = 20;

/** The step for a screen reader: a sentence per row, units in words, no signs. */
export function setupSentences(state: SetupState): readonly string[] {
  const at = STEPS.indexOf(state.step) + 1;
  return [`Step ${at} of ${STEPS.length}, ${state.step}.`, ...bodyOf(state)];
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
      const view = resultView(state);
      return view === undefined
        ? []
        : [
            view.verdict,
            ...limited(view.lines.map(({subject, text}) => `${subject}: ${text}.`)),
            ...view.reasons,
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
    case 'ready': {
      const {session, computes, apiHosts} = signedIn.value;
      return [
        ...limited(entries),
        `Signed in as ${session.user ?? 'unknown'}, project ${session.project ?? 'none'}, roles ${session.roles.join(', ')}.`,
        `${countOf(computes.total, 'compute')}, ${computes.up} up. ${countOf(apiHosts.length, 'API host')} known.`,
      ];
    }
  }
}

function nodeSentences(state: SetupState): readonly string[] {
  const {nodes} = state;
  if (nodes.kind === 'failed' && nodes.trouble !== undefined) return troubled(nodes.trouble);
  const counts = nodeCounts(state);
  if (nodes.kind === 'looking') return [`${counts.looked} of ${nodes.total} nodes were looked at.`];
  return [
    `${countOf(counts.computes, 'compute')}, ${countOf(counts.apis, 'API node')}. ${counts.usable} can be changed. ${counts.unreachable} unreachable. ${counts.leftOut} left out.`,
    ...limited(
      nodeItems(state).map((item) => {
        const chosen = item.id === nodes.list.cursor ? 'Selected: ' : '';
        if (item.kind === 'node') {
          return `${chosen}${item.row.host}, ${item.row.roles.join(' and ')}: ${item.isLeftOut ? 'left out' : item.row.state}.`;
        }
        const [first] = item.group.rows;
        return `${chosen}${item.group.rows.length} alike, ${first?.roles.join(' and ') ?? ''}: ${first?.state ?? ''}. ${item.leftOut} left out.`;
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

function changeSentences(state: SetupState): readonly string[] {
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
  const destroyed = changes.victims.length;
  const head =
    !changes.isKnown && changes.isRisky
      ? `Danger: what happens to waiting servers is not known: ${changes.problem ?? ''}.`
      : destroyed === 0
        ? 'No server is destroyed.'
        : `Danger: ${destroyed} of ${countOf(changes.waiting, 'waiting server')} are destroyed within 2 minutes of the restarts.`;
  const projects = changes.projects.slice(0, 5).map(({name, count}) => `${name} ${count}`);
  const problem = applyProblem(state);
  const buttons = changesForm(state);
  return [
    ...told,
    head,
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

function runSentences({run, now}: SetupState): readonly string[] {
  if (run === undefined) return [];
  const {done, total, share, failed} = progressOf(run.view, now);
  return [
    `${done} of ${countOf(total, 'node')} done, ${Math.floor(share * 100)} percent. ${failed} failed.${run.isPaused ? ' Paused.' : ''}`,
    ...(run.trouble === undefined ? [] : troubled(run.trouble)),
    ...limited(failedCells(run.view).map(({host, state, note}) => `${host}, ${state}: ${note}.`)),
    `${countOf(currentCells(run.view).length, 'node')} at work.`,
  ];
}

function troubled({message, remedy}: Trouble): readonly string[] {
  return [`Error: ${message}`, ...(remedy === undefined ? [] : [remedy])];
}

function limited(rows: readonly string[]): readonly string[] {
  return rows.length <= MOST ? rows : [...rows.slice(0, MOST), `${rows.length - MOST} more.`];
}
