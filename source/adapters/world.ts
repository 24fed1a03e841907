import {hostname, userInfo} from 'node:os';
import type {World} from '../app/ports.js';
import {systemClock} from './clock/clock.js';

/** The real one. */
export const realWorld: World = {
  clock: systemClock,
  random: () => Math.random(),
  // Not of node:crypto, which takes a short command a tenth of its time to load.
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  get user() {
    return userInfo().username;
  },
  get machine() {
    return hostname();
  },
};
