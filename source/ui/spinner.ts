import {useAnimation} from 'ink';
import type {Theme} from './theme.js';

/** Eight turns a second, and none for what comes at once. */
const TURN_MS = 125;
const AFTER_MS = 300;

const UNICODE_TURNS = Array.from('⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏');
const ASCII_TURNS = ['|', '/', '-', '\\'];

/**
 * The theme with the sign of what is being waited for as it turns now. It rests while nothing is, in the first 300 ms,
 * and where motion is off.
 */
export function useSpinner(theme: Theme, isWaiting: boolean): Theme {
  const isActive = isWaiting && theme.hasMotion;
  const {time} = useAnimation({interval: TURN_MS, isActive});
  return isActive ? withTurn(theme, time) : theme;
}

/** The sign after so many milliseconds of waiting. */
export function withTurn(theme: Theme, waitedMs: number): Theme {
  if (waitedMs < AFTER_MS) return theme;
  const turns = theme.isAscii ? ASCII_TURNS : UNICODE_TURNS;
  const working = turns[Math.floor(waitedMs / TURN_MS) % turns.length] ?? theme.signs.working;
  return {...theme, signs: {...theme.signs, working}};
}
