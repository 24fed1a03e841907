import {UserError} from '../../../app/errors.js';
import type {Diagnosis, DiagnosisSink} from '../../../app/doctor/diagnosis.js';
import type {Clock} from '../../../app/ports.js';
import {userErrorLine} from '../../../text/errors.js';
import type {Shell} from '../../screen.js';
import type {Dispatch} from '../../store.js';
import {attempt} from '../../trouble.js';
import type {DoctorAction, DoctorEffect} from './state.js';

/** What the screen needs from outside. */
export type DoctorScreenPorts = {
  readonly clock: Pick<Clock, 'now'>;
  /**
   * Looks at everything and tells what is known so far. Rejects with `UserError` where Nova cannot be asked at all.
   *
   * @param seeCloud told what the cloud calls itself
   */
  diagnose(seeCloud: (name: string) => void, tell: DiagnosisSink, signal: AbortSignal): Promise<Diagnosis>;
  /** A diagnosis as Markdown. */
  report(diagnosis: Diagnosis): Promise<string>;
  /** Writes a file that was not there before, for this user only; gives its whole path. Rejects with `UserError`. */
  writeNew(file: string, text: string): Promise<string>;
};

/** Does the work that the screen asks for. */
export async function runDoctor(
  ports: DoctorScreenPorts,
  shell: Pick<Shell, 'open' | 'copy'>,
  effect: DoctorEffect,
  send: Dispatch<DoctorAction>,
  signal: AbortSignal,
): Promise<void> {
  switch (effect.kind) {
    case 'look':
      return look(ports, send, signal);
    case 'open':
      return shell.open(effect.name, effect.object);
    case 'copy':
      return shell.copy(effect.text);
    case 'report':
      try {
        send({
          type: 'written',
          file: await ports.writeNew(effect.file, await ports.report(effect.diagnosis)),
        });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        send({type: 'unwritten', problem: userErrorLine(error)});
      }
  }
}

async function look(
  {clock, diagnose}: DoctorScreenPorts,
  send: Dispatch<DoctorAction>,
  signal: AbortSignal,
): Promise<void> {
  const began = clock.now();
  await attempt(
    async () => {
      const diagnosis = await diagnose(
        (cloud) => send({type: 'signed-in', cloud}),
        // Of hundreds of nodes each tells its part: those are painted with the next tick.
        (soFar) => send({type: 'told', diagnosis: soFar}, 'quiet'),
        signal,
      );
      const at = clock.now();
      send({type: 'looked', diagnosis, at, tookMs: at - began});
    },
    (trouble) => send({type: 'look-failed', trouble, at: clock.now()}),
  );
}
