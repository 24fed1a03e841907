/** A story that the real program is led through, with the pictures that are taken on the way. */
import type {Session, Wanted} from './session.js';
import type {Stage, StageOptions} from './stage.js';

/** What a picture says of itself, for who cannot see it. */
export type Caption = {readonly title: string; readonly description: string};

/** Where a story happens: an embedded cloud, and a program on a terminal. */
export type Scene = {
  readonly stage: Stage;
  readonly screen: Pick<Session, 'until' | 'ended' | 'grid'>;
  /** Lets a second pass, and presses a key, or some of them at once, when the program has seen that. */
  press(keys: string): Promise<void>;
  /** Takes a picture of the screen when it is as these texts say. */
  take(name: string, ...texts: readonly Wanted[]): Promise<void>;
};

export type Story = {
  readonly name: string;
  readonly stage: StageOptions;
  /** Words after `reprieve`. */
  readonly args: readonly string[];
  readonly columns: number;
  /** `fit`: as many as are printed. */
  readonly rows: number | 'fit';
  /** Whether the command is shown above what it prints. */
  readonly isCommandShown: boolean;
  /** By the name of the file in docs/pictures, before `-dark.svg` and `-light.svg`. */
  readonly pictures: Readonly<Record<string, Caption>>;
  tell(scene: Scene): Promise<void>;
};
