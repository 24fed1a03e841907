import type {Profile} from './profile.js';

/** What holds where there is no profile. */
export const NO_PROFILE: Profile = {
  file: undefined,
  flags: new Map(),
  inventory: undefined,
  nodes: [],
  colors: new Map(),
  keys: new Map(),
  watch: new Map(),
  doctor: new Map(),
  notices: [],
};
