import {layoutOf} from '../../../domain/flavor/guest-layout.js';
import {withRemedy} from '../../../app/errors.js';
import {guestXml} from '../../../text/guest-xml-lines.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {stepWords} from '../../../text/flavor-save.js';
import {placementWords} from '../../../text/placement-words.js';
import {guestSentences, outcomeSentence} from '../../../text/flavor-sentences.js';
import {keyOf} from '../../own-keys.js';
import {plainText} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {UNICODE_SIGNS} from '../../../text/signs.js';
import {currentField, fieldsOf, type FormField, WATCHDOG_ACTIONS} from './fields.js';
import {
  cloneRows,
  curable,
  existingOf,
  findingsOf,
  findingsTitle,
  fittingOf,
  isReleaseKnown,
  judgementOf,
  releaseOf,
  replacingOf,
  usesOf,
} from './judged.js';
import {formProblems} from './form-problems.js';
import {guestLines} from './guest-half.js';
import {saveProblem} from './judged-save.js';
import {readyOf} from './known.js';
import {nameLines} from './parts.js';
import {roomOf, roomVerdict} from './room.js';
import {endWords} from './save-words.js';
import {STEPS, type FlavorState, type StepName} from './state.js';
import {sizeWords} from './view-form.js';
import {WHY_NOT} from './view-watchdog.js';

const TITLES: Readonly<Record<StepName, string>> = {
  size: 'size',
  watchdog: 'watchdog: what happens when the guest hangs',
  topology: 'topology: sockets, cores and threads',
  NUMA: 'NUMA and policies',
  access: 'access: who may use it',
  review: 'review',
};

/** The wizard for a screen reader: the step, its fields, then what Nova makes of the answers. */
export function flavorSentences(state: FlavorState): readonly string[] {
  const {saving, panel, step, draft} = state;
  const name = draft.name === '' ? ' without a name' : ` ${draft.name}`;
  // While it is typed it is told by its field, and not twice with every letter.
  const title = existingOf(state) === undefined ? 'New flavor' : 'Flavor that exists';
  const heading = `${title}${step === 'size' ? '' : name}`;
  if (saving.kind === 'running' || saving.kind === 'ended') return savingSentences(state);
  if (panel !== undefined) return panelSentences(state);
  const at = STEPS.indexOf(step) + 1;
  return [
    `${heading}. Step ${at} of ${STEPS.length}, ${TITLES[step]}.${cloudWords(state)}`,
    ...(step === 'review' ? reviewSentences(state) : fieldSentences(state)),
    ...(step === 'watchdog' ? watchdogSentences(state) : []),
    ...resultSentences(state),
  ];
}

function cloudWords({facts, options}: FlavorState): string {
  if (options.isOffline) return ' Offline: no cloud is asked.';
  switch (facts.label.kind) {
    case 'ready':
      return ` Cloud ${facts.label.value}.`;
    case 'failed':
      return ` No cloud: ${withRemedy(facts.label.trouble.message, facts.label.trouble.remedy)}.`;
    case 'loading':
    case 'none':
      return '';
  }
}

/** The field with the cursor in full, the others by their values; of long lists those beside the cursor. */
function fieldSentences(state: FlavorState): readonly string[] {
  const fields = fieldsOf(state);
  const current = currentField(state);
  const at = fields.findIndex(({id}) => id === current?.id);
  const first = Math.max(0, Math.min(at - 5, fields.length - 10));
  return fields.slice(first, first + 10).map((field, index) => {
    const text = fieldSentence(state, field);
    return field.id === current?.id ? `Selected: ${text} ${first + index + 1} of ${fields.length}.` : text;
  });
}

function fieldSentence(state: FlavorState, field: FormField): string {
  const value = field.value === '' ? 'empty' : field.value;
  const label = field.spoken ?? field.label;
  switch (field.kind) {
    case 'number':
      return `${label}, text field, ${value}.`;
    case 'text':
      return state.typing?.id === field.id && state.typing.isOpen
        ? `${label}, text field, open, ${value}.`
        : `${label}, text field, ${value}.`;
    case 'word':
      return `${label}, ${field.value === '' ? 'not said' : field.value}, one of ${field.words.map((word) => (word === '' ? 'not said' : word)).join(', ')}.`;
    case 'radio': {
      const about = WATCHDOG_ACTIONS.find(({action}) => action === field.id);
      return `${field.label}${field.value === '' ? '' : ', chosen'}: ${about?.words ?? 'Nova refuses it'}.`;
    }
    case 'mark':
      return `Project ${field.label}, ${field.isMarked ? 'may use it' : 'not marked'}.`;
    case 'start':
    case 'start-clone':
      return `Start from ${field.label}${field.value === '' ? '' : ', taken'}.`;
  }
}

function watchdogSentences(state: FlavorState): readonly string[] {
  const images = replacingOf(state);
  return [
    `libvirt only, Nova refuses: shutdown, dump, inject-nmi. ${WHY_NOT}`,
    ...(images === undefined
      ? []
      : images.watchdog.length === 0
        ? [`None of ${countOf(images.total, 'image')} replaces it.`]
        : [
            `Warning: ${countOf(images.watchdog.length, 'image')} ${images.watchdog.length === 1 ? 'replaces' : 'replace'} it: ${images.watchdog
              .slice(0, 4)
              .map(({name, action}) => `${name} ${action}`)
              .join(', ')}.`,
          ]),
  ];
}

function resultSentences(state: FlavorState): readonly string[] {
  const judgement = judgementOf(state);
  // A name that is missing is no news in between.
  const isAsked = state.step === 'size' || state.step === 'review';
  const wrong = formProblems(state.draft)
    .filter(({field}) => isAsked || field !== 'name')
    .map(({text}) => `Problem: ${text}.`);
  if (judgement === undefined) return wrong;
  const layout = layoutOf(judgement);
  const fitting = fittingOf(state);
  const findings = findingsOf(state);
  const cured = curable(findings);
  const key = keyOf('flavor.cure', state.options.ownKeys);
  const isDrawn = state.step === 'topology' || state.step === 'NUMA' || state.step === 'review';
  return [
    ...wrong,
    ...(layout === undefined ? [] : guestSentences(layout).slice(0, isDrawn ? 12 : 1)),
    ...findings.slice(0, 6).map((finding) => {
      const cure = finding === cured ? ` Press ${key}: ${finding.suggestion}` : '';
      return `${SPOKEN[finding.severity]}${finding.message}${cure}`;
    }),
    ...(findings.length > 6 ? [`${findings.length - 6} more findings.`] : []),
    outcomeSentence(judgement),
    ...(state.step === 'size' || state.step === 'review' ? nameSentences(state) : []),
    ...roomSentences(state),
    ...(fitting === undefined || roomVerdict(state) !== undefined
      ? []
      : [
          `${formatCount(fitting.free)} of ${countOf(fitting.total, 'host')} have room for one now, without overcommitment.`,
        ]),
  ];
}

/** What Placement says of it, or why it says nothing. */
function roomSentences(state: FlavorState): readonly string[] {
  const outcome = roomOf(state);
  if (outcome === undefined) return [];
  if (outcome.kind === 'failed')
    return [`Who could take it now is not known: ${outcome.trouble.message.replace(/\.$/, '')}.`];
  const words = outcome.verdict === undefined ? undefined : placementWords(outcome.verdict)?.words;
  return words === undefined ? [] : [`${words}.`];
}

const SPOKEN = {error: 'Error: ', warning: 'Warning: ', info: ''} as const;
const READER: Theme = {
  name: 'reader',
  depth: 'none',
  signs: UNICODE_SIGNS,
  isAscii: false,
  hasMotion: false,
};

/** The words about the name, without their sign. */
function nameSentences(state: FlavorState): readonly string[] {
  const lines = nameLines(state, {theme: READER, cells: 2000});
  return lines.map((line) => {
    const text = plainText(line).slice(2).trim();
    return text.endsWith('.') ? text : `${text}.`;
  });
}

function reviewSentences(state: FlavorState): readonly string[] {
  const {draft} = state;
  const specs = Object.entries(draft.extraSpecs);
  const problem = saveProblem(state);
  return [
    `${sizeWords(draft, draft.isPublic ? 'public' : 'private').replaceAll('  ', ', ')}. Judged as Nova ${releaseOf(state).name}${isReleaseKnown(state) ? '' : ', which is assumed'}.`,
    `${countOf(specs.length, 'extra spec')}${specs.length === 0 ? '' : `: ${specs.map(([name, value]) => `${name} ${value}`).join(', ')}`}.`,
    problem === undefined ? 'It can be saved: press enter.' : `It cannot be saved: ${problem}.`,
  ];
}

function panelSentences(state: FlavorState): readonly string[] {
  const {panel, list, filter} = state;
  const mark = (id: string, text: string): string => (id === list.cursor ? `Selected: ${text}` : text);
  switch (panel) {
    case undefined:
      return [];
    case 'findings': {
      const findings = judgementOf(state)?.findings ?? [];
      return [
        `Findings: ${findingsTitle(state)}.`,
        ...findings.map(({severity, message, suggestion}, index) =>
          mark(
            String(index),
            `${SPOKEN[severity]}${message}${suggestion === '' ? '' : ` What to do: ${suggestion}`}`,
          ),
        ),
      ];
    }
    case 'xml': {
      const judgement = judgementOf(state);
      const parts = judgement === undefined ? [] : guestXml(judgement);
      return [
        'XML. What these specs add to the guest.',
        ...parts.map(({lines}) => lines.map((line) => line.trim()).join('')),
      ];
    }
    case 'guest':
      return [
        'Guest half. User data for cloud-init.',
        ...guestLines(state),
        ...(state.guest.kind === 'failed' ? [`Not to be had: ${state.guest.trouble.message}`] : []),
      ];
    case 'clone': {
      const rows = cloneRows(state);
      const at = rows.findIndex(({id}) => id === list.cursor);
      const first = Math.max(0, Math.min(at - 5, rows.length - 12));
      const typed = filter.isTyping
        ? ` Filter, text field, ${filter.field.text === '' ? 'empty' : filter.field.text}.`
        : '';
      return [
        `Begin with a copy of a flavor. ${countOf(rows.length, 'flavor')}.${typed}`,
        ...rows.slice(first, first + 12).map((flavor, index) => {
          const uses = usesOf(state, flavor.name);
          const servers = uses === undefined ? '' : `, ${countOf(uses, 'server')}`;
          const text = `${flavor.name}, ${flavor.vcpus} vCPU, ${formatCount(flavor.memoryMib)} mebibytes${servers}.`;
          return flavor.id === list.cursor
            ? `Selected: ${text} ${first + index + 1} of ${rows.length}.`
            : text;
        }),
      ];
    }
  }
}

function savingSentences({saving, options, facts}: FlavorState): readonly string[] {
  if (saving.kind !== 'running' && saving.kind !== 'ended') return [];
  const words = {waiting: 'not begun', working: 'being done', done: 'done', failed: 'failed'} as const;
  return [
    `Saving ${saving.plan.after.name}.`,
    ...saving.steps.map(({step, state: how}) => `${stepWords(step)}: ${words[how]}.`),
    ...(saving.kind === 'ended'
      ? endWords(saving.plan, saving.end, options.cloud ?? readyOf(facts.label))
      : []),
  ];
}
