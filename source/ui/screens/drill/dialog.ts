import {drillWord} from '../../../text/drill-word.js';
import type {Dialog} from '../../components/dialog.js';
import {wrap} from '../../spans.js';
import type {DrillAction, DrillState} from './model.js';

const cancel = {type: 'cancel'} as const;

/** The dialog that is open: the name is typed, because the guest goes down. */
export function drillDialog({stage}: DrillState): Dialog<DrillAction> | undefined {
  if (stage.kind !== 'prepare' || !stage.isAsking) return undefined;
  const {server, node, action} = stage.subject;
  const sentences = [
    `${server.name} on ${node.name}, watchdog action ${action}.`,
    'You will crash this guest by hand. Whoever uses it loses it, and what is not on its disk is lost.',
    'reprieve only watches.',
  ];
  return {
    id: `drill ${server.id}`,
    title: 'Hold the drill',
    isDangerous: true,
    lines: (cells) => sentences.flatMap((text) => wrap([text], cells, 2)),
    sentences,
    word: {label: 'Type the name', expected: drillWord(server), missing: 'needs the whole name'},
    buttons: [
      {label: 'Cancel', action: cancel},
      {label: 'Watch it', action: {type: 'agree'}, needsWord: true},
    ],
    focused: 0,
    cancel,
  };
}
