import type {Cause} from '../doctor-types.js';
import {NODE_CAUSES} from './node-causes.js';

/** Every known cause. Those about servers are in the order of the checklist: the first that hits explains a server. */
export const CAUSES: readonly Cause[] = [...NODE_CAUSES];
