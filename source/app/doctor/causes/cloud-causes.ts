import type {Cause} from '../doctor-types.js';
import {apiHostsDiffer} from './api-hosts-differ.js';
import {apiUnseen} from './api-unseen.js';
import {capacityHeld} from './capacity-held.js';
import {computesDiffer} from './computes-differ.js';
import {hostDown} from './host-down.js';
import {hostForcedDown} from './host-forced-down.js';
import {hostRenamed} from './host-renamed.js';
import {incoherent} from './incoherent.js';
import {intervalLarger} from './interval-larger.js';
import {intervalOffThere} from './interval-off-there.js';
import {loopLate} from './loop-late.js';
import {quotaBlocksRestore} from './quota-blocks-restore.js';
import {replicaRead} from './replica-read.js';
import {servicesDown} from './services-down.js';
import {vanished} from './vanished.js';
import {volumesStillInUse} from './volumes-still-in-use.js';

/** Causes that show where nodes, services and servers are held against each other. */
export const CLOUD_CAUSES: readonly Cause[] = [
  intervalOffThere,
  incoherent,
  intervalLarger,
  hostDown,
  hostForcedDown,
  hostRenamed,
  loopLate,
  apiHostsDiffer,
  computesDiffer,
  apiUnseen,
  servicesDown,
  replicaRead,
  vanished,
  volumesStillInUse,
  quotaBlocksRestore,
  capacityHeld,
];
