import type {Cause} from '../doctor-types.js';
import {cinderCredentialsMissing} from './cinder-credentials-missing.js';
import {clockFree} from './clock-free.js';
import {clockAhead, clockBehind} from './clock-off.js';
import {configRefused} from './config-refused.js';
import {databaseUnreachable} from './database-unreachable.js';
import {deploymentOverwrites} from './deployment-overwrites.js';
import {fileRights} from './file-rights.js';
import {ghostRows} from './ghost-rows.js';
import {intervalNegative} from './interval-negative.js';
import {intervalUnreadable} from './interval-unreadable.js';
import {loopStuck} from './loop-stuck.js';
import {messageBusUnreachable} from './message-bus-unreachable.js';
import {notInNova} from './not-in-nova.js';
import {optionMisplaced} from './option-misplaced.js';
import {optionOverridden} from './option-overridden.js';
import {periodicTasksOff} from './periodic-tasks-off.js';
import {reclaimFails} from './reclaim-fails.js';
import {restartsOften} from './restarts-often.js';
import {serviceOlderThanFile} from './service-older-than-file.js';
import {serviceStopped} from './service-stopped.js';
import {serviceUserMissing} from './service-user-missing.js';
import {stopLimitShort} from './stop-limit-short.js';
import {unitMissing} from './unit-missing.js';

/** Causes that a node shows by itself: those that stop the reclaim first. */
export const NODE_CAUSES: readonly Cause[] = [
  serviceStopped,
  unitMissing,
  configRefused,
  intervalUnreadable,
  intervalNegative,
  serviceOlderThanFile,
  optionMisplaced,
  optionOverridden,
  periodicTasksOff,
  loopStuck,
  restartsOften,
  messageBusUnreachable,
  databaseUnreachable,
  reclaimFails,
  notInNova,
  clockAhead,
  clockBehind,
  clockFree,
  fileRights,
  cinderCredentialsMissing,
  serviceUserMissing,
  deploymentOverwrites,
  stopLimitShort,
  ghostRows,
];
