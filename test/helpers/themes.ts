import {ASCII_SIGNS, UNICODE_SIGNS} from '../../source/text/signs.js';
import type {Theme} from '../../source/ui/theme.js';

/** A dark terminal with all colours. */
export const DARK: Theme = {
  name: 'dark',
  depth: 'truecolor',
  signs: UNICODE_SIGNS,
  isAscii: false,
  hasMotion: true,
};

/** A terminal without colours. */
export const MONO: Theme = {
  name: 'mono',
  depth: 'none',
  signs: UNICODE_SIGNS,
  isAscii: false,
  hasMotion: true,
};

/** A terminal without colours that knows ASCII only. */
export const ASCII: Theme = {name: 'mono', depth: 'none', signs: ASCII_SIGNS, isAscii: true, hasMotion: true};

/** Sentences only. */
export const READER: Theme = {
  name: 'reader',
  depth: 'none',
  signs: UNICODE_SIGNS,
  isAscii: false,
  hasMotion: false,
};
