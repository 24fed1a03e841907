import {isSilence} from '../../../app/errors.js';
import {formatCount, formatElapsed} from '../../../text/elapsed.js';
import {failedCells, progressOf} from '../../../app/setup/run-view.js';
import type {Frame, LogEntry, Size, Step} from '../../screen.js';
import {signSpan} from '../../meaning.js';
import {bodySize} from '../../shell.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {planCommand} from './command.js';
import {isConducting} from './model-run.js';
import {endedProof, runningProof} from './proof/model.js';
import {currentNode, intervalAnswer, keyIn, nodeItems} from './selectors.js';
import {STEPS, type SetupState} from './state.js';
import type {Trouble} from '../../trouble.js';
import {victimRoom} from './view-groups.js';
import {nodeRoom} from './view-nodes.js';
import {eventSign, isLogShown} from './view-run.js';
import {clockWords} from './words.js';

/** How long a word about an own action stands in the strip. */
const NOTICE_MS = 10_000;

/** Everything around the body. */
export function setupFrame(state: SetupState, size: Size, theme: Theme): Frame {
  const {run, cloud} = state;
  const inRun = state.step === 'run' || state.step === 'result';
  // A run's id has no room beside a cloud's name.
  const isRunOnly = inRun && size.columns < 100;
  const place = [
    ...(cloud === undefined || isRunOnly ? [] : [cloud]),
    ...(inRun && run !== undefined && run.view.run !== '' ? [`run ${run.view.run}`] : []),
    ...(inRun && run?.kind === 'follow' ? ['watched'] : []),
    ...(inRun && run?.kind === 'rollback' ? ['put back'] : []),
  ];
  return {
    title: {
      screen: 'set-up',
      ...(place.length === 0 ? {} : {middle: [place.join(' · ')]}),
      right: rightOf(state, theme),
    },
    context: {kind: 'steps', steps: stepsOf(state, theme)},
    strip: stripOf(state, size, theme),
    ...positionOf(state, bodySize(size)),
  };
}

/** The place in a list that has more rows than the body has for it: else nobody would know that there are more. */
function positionOf(state: SetupState, body: Size): Pick<Frame, 'position'> {
  const {step, nodes, changes} = state;
  if (step === 'nodes') {
    const ids = nodeItems(state).map(({id}) => id);
    return placeIn(ids, nodes.list.cursor, nodeRoom(state, body));
  }
  if (step === 'changes' && changes.panel === 'victims' && changes.proposed.kind === 'ready') {
    const ids = changes.proposed.value.changes.victims.map(({id}) => id);
    return placeIn(ids, changes.victims.cursor, victimRoom(body));
  }
  return {};
}

function placeIn(ids: readonly string[], cursor: string | undefined, rows: number): Pick<Frame, 'position'> {
  const at = cursor === undefined ? -1 : ids.indexOf(cursor);
  return at < 0 || ids.length <= rows
    ? {}
    : {position: `${formatCount(at + 1)} of ${formatCount(ids.length)}`};
}

function rightOf(state: SetupState, theme: Theme): UiLine {
  const clock = `${clockWords(state.now)} UTC`;
  const {run, signedIn} = state;
  if ((state.step === 'run' || state.step === 'result') && run?.view.started !== undefined) {
    const {elapsedSeconds} = progressOf(run.view, state.now);
    return [clock, '  ', {text: formatElapsed(elapsedSeconds), isBold: true}];
  }
  switch (signedIn.kind) {
    case 'ready':
      return [clock, '  ', {text: theme.signs.due, colour: 'ok'}, ' live'];
    case 'failed':
      return [
        clock,
        '  ',
        {text: `${theme.signs.failed} ${refusalWords(signedIn.trouble)}`, colour: 'danger'},
      ];
    case 'loading':
      return [clock, '  ', {text: theme.signs.soon, colour: 'soon'}, ' loading'];
    case 'none':
      return [clock];
  }
}

/** Why the wizard is not signed in, as the title has room for it. */
function refusalWords({reason}: Trouble): string {
  if (reason === undefined) return 'not signed in';
  if (isSilence(reason)) return 'no answer';
  return reason === 'forbidden'
    ? 'rights missing'
    : reason === 'authentication'
      ? 'not let in'
      : 'not signed in';
}

function stepsOf(state: SetupState, theme: Theme): readonly Step[] {
  const at = STEPS.indexOf(state.step);
  const answer = at < 3 ? undefined : intervalAnswer(state, theme.signs.arrow);
  return STEPS.map((name, index) => ({
    name,
    state: index < at ? 'done' : index === at ? 'now' : 'to-come',
    ...(name === 'interval' && answer !== undefined ? {answer} : {}),
  }));
}

function stripOf(state: SetupState, size: Size, theme: Theme): UiLine {
  const {notice, now} = state;
  if (notice !== undefined && now - notice.at < NOTICE_MS) {
    return notice.isBad
      ? [{text: theme.signs.warning, colour: 'overdue'}, ` ${notice.text}`]
      : [{text: notice.text}];
  }
  if (state.preparing !== undefined) return [{text: 'counting what putting back does', colour: 'muted'}];
  const muted = (text: string): UiLine => [{text, colour: 'muted'}];
  switch (state.step) {
    case 'cloud': {
      const bad =
        state.clouds.kind === 'ready'
          ? state.clouds.value.entries.find(({problem}) => problem !== undefined)
          : undefined;
      return bad === undefined ? [] : muted(`${bad.name}: ${bad.problem ?? ''} The others are not affected.`);
    }
    case 'nodes': {
      const item = currentNode(state);
      const detail = item?.kind === 'node' ? item.row.details[0] : undefined;
      return detail === undefined || item?.kind !== 'node'
        ? []
        : [signSpan(theme, item.row.sign), ` ${detail}`];
    }
    case 'interval':
      return muted('Held servers keep disk, ports and host capacity; project quota is free.');
    case 'changes': {
      // A command that is cut is none.
      const words = `Nothing was written yet. ${planCommand(state)} -o plan.json`;
      return muted(
        words.length < size.columns - 1
          ? words
          : `Nothing was written yet. ${keyIn(state, 'command')} shows the command that does the same.`,
      );
    }
    case 'run': {
      const newest = state.run?.view.log[0];
      if (newest === undefined) return muted('Nothing was written yet.');
      // Where the body has the log, its first line stands there.
      if (state.run !== undefined && isLogShown(state.run, bodySize(size))) return [];
      return [
        {text: `${clockWords(newest.time)}  `, colour: 'muted'},
        eventSign(newest, theme),
        ` ${newest.host === '' ? 'run' : newest.host} `,
        {text: newest.message, colour: 'muted'},
      ];
    }
    case 'result':
      if (state.proof?.kind === 'preparing') return muted('looks for a flavor and an image');
      if (state.proof?.kind === 'removing') return muted(`destroys ${state.proof.server.name}`);
      return muted(`journal kept: reprieve runs ${state.run?.view.run ?? ''}`);
  }
}

/** The log of the run, newest first. */
export function setupLog(state: SetupState): readonly LogEntry[] {
  const {run} = state;
  const proof = (runningProof(state) ?? endedProof(state))?.events ?? [];
  const proofLog = proof.toReversed().map(({time, step, state: how, message}) => ({
    at: time,
    line: ['proof', {text: `  ${step} ${how}  ${message}`, colour: 'muted'}] as const,
  }));
  const runLog = (run?.view.log ?? []).map(({time, host, step, state: how, message}) => ({
    at: time,
    line: [host === '' ? 'run' : host, {text: `  ${step} ${how}  ${message}`, colour: 'muted'}] as const,
  }));
  return [...proofLog, ...runLog];
}

/** What goes on while the window is too small. */
export function setupMeanwhile(state: SetupState): string | undefined {
  const proof = runningProof(state);
  if (proof !== undefined) return `A proof goes on with ${proof.wish.name}.`;
  if (!isConducting(state) || state.run === undefined) return undefined;
  const {done, total} = progressOf(state.run.view, state.now);
  return `A run goes on: ${done} of ${total} nodes, ${failedCells(state.run.view).length} failed.`;
}
