import type {Cause} from '../doctor-types.js';
import {CLOUD_CAUSES} from './cloud-causes.js';
import {lockedNoProtection} from './locked-no-protection.js';
import {NODE_CAUSES} from './node-causes.js';
import {SERVER_CAUSES} from './server-causes.js';

/** Every known cause. Those about servers are in the order of the checklist: the first that hits explains a server. */
export const CAUSES: readonly Cause[] = [
  ...SERVER_CAUSES,
  ...NODE_CAUSES,
  ...CLOUD_CAUSES,
  // It holds nothing up.
  lockedNoProtection,
];
