import {UserError} from '../../../app/errors.js';
import type {WatchView} from '../../../app/watch/watch-view.js';
import {userErrorLine} from '../../../text/errors.js';
import {exportRows} from '../../../text/watch-export.js';
import type {Dispatch} from '../../store.js';
import type {FileEffect, WatchAction} from './state.js';

/** Files of this machine that the list writes. Both throw `UserError` where that cannot be done. */
export type WatchFiles = {
  /** Writes a file that was not there before, for this user only, whole or not at all; gives its whole path. */
  writeNew(file: string, text: string): Promise<string>;
  /** Keeps in the profile how the list is had; gives the name of its file. */
  keepView(view: WatchView): Promise<string>;
};

/** Writes a file, and tells which one or why not. */
export async function writeFiles(
  files: WatchFiles,
  effect: FileEffect,
  dispatch: Dispatch<WatchAction>,
): Promise<void> {
  try {
    switch (effect.kind) {
      case 'keep-view': {
        const {view} = effect;
        dispatch({type: 'kept', file: await files.keepView(view), view});
        return;
      }
      case 'export': {
        const {rows, format} = effect;
        const file = await files.writeNew(effect.file, exportRows(rows, format));
        dispatch({type: 'exported', file, count: rows.length});
        return;
      }
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const type = effect.kind === 'export' ? 'unexported' : 'unkept';
    dispatch({type, problem: userErrorLine(error)});
  }
}
