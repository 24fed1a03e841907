import type {Cause} from '../doctor-types.js';
import {clockRestarted} from './clock-restarted.js';
import {noHost} from './no-host.js';
import {notDueYet} from './not-due-yet.js';
import {notSoftDeleted} from './not-soft-deleted.js';
import {reclaimFailsForIt} from './reclaim-fails-for-it.js';
import {restoreFailed} from './restore-failed.js';
import {taskHangs} from './task-hangs.js';

/** Causes about one server, in the order of the checklist: the first that hits explains it. */
export const SERVER_CAUSES: readonly Cause[] = [
  restoreFailed,
  notDueYet,
  clockRestarted,
  taskHangs,
  noHost,
  reclaimFailsForIt,
  notSoftDeleted,
];
