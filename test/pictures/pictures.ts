/** Every picture of the documents, as data. */
import type {DemoOptions} from '../../source/demo/demo.js';
import type {SchemeName} from './colours.js';
import type {Step} from './session.js';

export type Picture = {
  /** Of the file in docs/pictures, before `-dark.svg` and `-light.svg`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly schemes: readonly SchemeName[];
  readonly columns: number;
  /** `fit`: as many as are printed. */
  readonly rows: number | 'fit';
  /** The embedded cloud that it is drawn in; what is left out is as in reprieve demo. */
  readonly cloud: Partial<Pick<DemoOptions, 'nodes' | 'servers' | 'seed' | 'start' | 'failures'>>;
  /** Words after `reprieve`. */
  readonly args: readonly string[];
  /** Whether the command is shown above what it prints. */
  readonly isCommandShown: boolean;
  readonly steps: readonly Step[];
};

export const PICTURES: readonly Picture[] = [
  {
    name: 'plan',
    title: 'reprieve plan',
    description:
      'What reprieve plan --interval 2h prints for a cloud of five computes and an API node: no server is ' +
      'destroyed, the order of the changes, and the line that is added to nova.conf.',
    schemes: ['dark', 'light'],
    columns: 80,
    rows: 'fit',
    cloud: {nodes: 6, seed: 1},
    args: ['plan', '--interval', '2h'],
    isCommandShown: true,
    steps: [],
  },
];
