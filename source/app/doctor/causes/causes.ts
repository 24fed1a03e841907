import type {Cause} from '../doctor-types.js';
import {intervalUnreadable} from './interval-unreadable.js';

/** Every known cause. Those about servers are in the order of the checklist: the first that hits explains a server. */
export const CAUSES: readonly Cause[] = [intervalUnreadable];
