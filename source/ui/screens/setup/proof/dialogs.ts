import {type Choice, placesOf} from '../../../../app/proof/choice.js';
import type {ProofOffer} from '../../../../app/proof/prepare-proof.js';
import {countOf, formatElapsed} from '../../../../text/elapsed.js';
import {bound} from '../../../actions.js';
import type {Dialog} from '../../../components/dialog.js';
import {columns, type UiLine} from '../../../spans.js';
import type {SetupAction} from '../actions.js';
import {muted, wrapped} from '../../../components/draft.js';
import type {SetupState} from '../state.js';
import {keyIn} from '../selectors.js';
import {clockWords, memoryWords} from '../words.js';
import type {ProofDialog} from './state.js';

const cancel = {type: 'close-dialog'} as const;

/** The dialog of a proof that is open; undefined where what it is about is gone. */
export function proofDialogOf(state: SetupState, dialog: ProofDialog): Dialog<SetupAction> | undefined {
  const {proof} = state;
  switch (dialog.kind) {
    case 'proof':
      return proof?.kind === 'offered' ? offerDialog(state, proof.offer, proof.choice) : undefined;
    case 'earlier-proof':
      return proof?.kind === 'offered' ? earlierDialog(proof.offer, state.now) : undefined;
    case 'stop-proof':
      return stopDialog(dialog.leaves, proof?.kind === 'running' ? proof.wish.name : '');
  }
}

/** What is made, of what, where, and how it goes away again: all of it before anything is made. */
function offerDialog(state: SetupState, offer: ProofOffer, choice: Choice): Dialog<SetupAction> {
  const {flavor, image} = choice;
  const places = placesOf(offer.choices, choice);
  const more = (place: number, count: number, key: string): string =>
    count < 2 ? '' : `${key} another, ${place} of ${count}`;
  const facts: readonly (readonly [label: string, text: string, hint: string])[] = [
    ['server', offer.name, `project ${offer.project}`],
    [
      'flavor',
      `${flavor.name}: ${flavor.vcpus} vCPU, ${megabytes(flavor.memoryMib)}, disk ${flavor.diskGib} GiB`,
      more(places.flavor, places.flavors, keyIn(state, 'set-up.other-flavor')),
    ],
    [
      'image',
      `${image.name}: ${sizeWords(image.bytes)}`,
      more(places.image, places.images, keyIn(state, 'set-up.other-image')),
    ],
    ['network', 'none: no port, nobody can reach it', ''],
    ['host', `the scheduler takes one of ${countOf(offer.hosts, 'compute')}`, ''],
    ['removed', 'by its id: at the end, and when you stop it', ''],
  ];
  const head = 'Makes one server, deletes it, sees it wait, restores it, and removes it.';
  const rest = 'Takes about 3 min. No other server is touched.';
  return {
    id: `proof ${offer.name}`,
    title: 'Prove it with a test server',
    isDangerous: false,
    lines: (cells) => [
      [head],
      [muted(rest)],
      [],
      ...facts.map(([label, text, hint]): UiLine =>
        columns(
          [
            {cells: 8, line: [muted(label)]},
            {cells: Math.max(20, cells - 8 - 21), line: [text]},
            {cells: 19, line: [muted(hint)], align: 'right'},
          ],
          1,
        ),
      ),
    ],
    sentences: [
      head,
      rest,
      ...facts.map(([label, text, hint]) => `${label}: ${text}${hint === '' ? '' : `. ${hint}`}.`),
    ],
    buttons: [
      {label: 'Cancel', action: cancel},
      {label: 'Create it', action: {type: 'prove'}},
    ],
    focused: 0,
    cancel,
    bindings: [
      {
        ...bound('set-up.other-flavor'),
        hint: 'flavor',
        help: 'another flavor',
        group: 'this',
        action: {type: 'other-flavor'},
      },
      {
        ...bound('set-up.other-image'),
        hint: 'image',
        help: 'another image',
        group: 'this',
        action: {type: 'other-image'},
      },
    ],
  };
}

/** Test servers that an earlier proof left, one after the other. */
function earlierDialog({earlier, project}: ProofOffer, now: number): Dialog<SetupAction> {
  const [first] = earlier;
  if (first === undefined) throw new Error('no server of an earlier proof');
  const {name, status, host, createdAt, by, id} = first;
  const age =
    createdAt === undefined
      ? 'Nova does not say when it was made'
      : `made ${clockWords(createdAt)} UTC, ${formatElapsed(Math.max(0, now - createdAt) / 1000)} ago`;
  const more = earlier.length - 1;
  const sentences = [
    `${name} is ${status}${host === undefined ? '' : ` on ${host}`}, project ${project}.`,
    `It was ${age.replace(/^Nova/, 'made: Nova')}${by === undefined ? '' : `, by ${by}`}.`,
    'It is a test server: it has no network and no volume. Somebody may just be proving with it.',
    ...(more === 0
      ? []
      : [`${countOf(more, 'more test server')} of the kind ${more === 1 ? 'is' : 'are'} there.`]),
  ];
  return {
    id: `earlier-proof ${id}`,
    title: 'A test server of an earlier proof is still there',
    isDangerous: true,
    lines: linesOf(sentences),
    sentences,
    buttons: [
      {label: 'Cancel', action: cancel},
      {label: 'Leave it, prove', action: {type: 'keep-earlier'}},
      {label: 'Destroy it', action: {type: 'remove-earlier'}},
    ],
    focused: 0,
    cancel,
  };
}

/** Sentences, each on a line of its own, or on as many as it needs. */
function linesOf(sentences: readonly string[]): Dialog<SetupAction>['lines'] {
  return (cells) => sentences.flatMap((text) => wrapped(text, cells)).map((text): UiLine => [text]);
}

function stopDialog(leaves: boolean, name: string): Dialog<SetupAction> {
  const sentences = [
    `${name} is removed first; that takes some seconds.`,
    'What was seen so far stays in sight, and nothing is proved by it.',
  ];
  return {
    id: `stop-proof ${leaves}`,
    title: leaves ? 'Stop the proof and leave' : 'Stop the proof',
    isDangerous: false,
    sentences,
    lines: linesOf(sentences),
    buttons: [
      {label: 'Go on', action: cancel},
      {label: leaves ? 'Remove it and leave' : 'Remove it and stop', action: {type: 'stop-proof', leaves}},
    ],
    focused: 0,
    cancel,
  };
}

function megabytes(mebibytes: number): string {
  return mebibytes < 1024 ? `${mebibytes} MiB` : memoryWords(mebibytes);
}

/** An image's size; a small one is never none. */
function sizeWords(bytes: number): string {
  return megabytes(Math.max(1, Math.round(bytes / 1024 ** 2)));
}
