import {Box} from 'ink';
import type {ReactNode} from 'react';
import type {Theme} from '../theme.js';
import {Lines} from './row.js';

export type PanesProps = {
  readonly theme: Theme;
  readonly left: ReactNode;
  readonly right: ReactNode;
  /** How wide the left one is; the rule stands in the column after it. */
  readonly leftCells: number;
  readonly rightCells: number;
  readonly rows: number;
};

/** Two panes, parted by one faint vertical line. */
export function Panes({theme, left, right, leftCells, rightCells, rows}: PanesProps): ReactNode {
  const rule = {text: theme.signs.rule, colour: 'faint'} as const;
  return (
    <Box height={rows} width={leftCells + 1 + rightCells} overflowY="hidden">
      <Box width={leftCells} flexShrink={0} flexDirection="column">
        {left}
      </Box>
      <Box width={1} flexShrink={0}>
        <Lines theme={theme} lines={Array.from({length: rows}, () => [rule])} />
      </Box>
      <Box width={rightCells} flexShrink={0} flexDirection="column">
        {right}
      </Box>
    </Box>
  );
}
