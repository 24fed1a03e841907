import {setupLines} from '../../source/ui/screens/setup/view.js';
import type {Theme} from '../../source/ui/theme.js';
import {bodyText} from './body-text.js';
import {FakeFleet, type FleetShape} from './fake-fleet.js';
import {SetupDriver} from './setup-driver.js';
import {DARK} from './themes.js';

/** A fleet whose nodes have 24 h. */
export const DAY: FleetShape = {computes: 60, apis: 3, compute: '86400', api: '86400'};

/** Windows that every step has to fit. */
export const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

/** A fleet with everything that the wizard has words for. */
export function troubledFleet(shape: FleetShape = DAY): FakeFleet {
  const fleet = new FakeFleet(shape);
  fleet.node('compute-9').isReachable = false;
  fleet.node('compute-7').skewMs = 14_000;
  for (let index = 0; index < 80; index += 1) {
    fleet.delete(`server-${index}`, `compute-${(index % 50) + 1}`, 300 + index * 1000);
  }
  return fleet;
}

/** The body as text, in a window of this size. */
export function bodyOf(
  {state}: SetupDriver,
  columns: number,
  rows: number,
  theme: Theme = DARK,
): readonly string[] {
  const size = {columns, rows: rows - 4};
  return bodyText(setupLines(state, size, theme), size, theme);
}

/** The first row that begins with this, after the cursor's column and the sign. */
export const rowWith = (rows: readonly string[], text: string) =>
  rows.find((line) => line.includes(text)) ?? '';
