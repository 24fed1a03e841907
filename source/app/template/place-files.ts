import {UserError} from '../errors.js';
import {compareFiles, type Difference} from './header.js';
import type {Digest, OutputFolder, Standing} from './template-ports.js';
import type {RenderedFile} from './template-types.js';

/** A file that would be written, and what stands in its place. */
export type PlacedFile = {
  readonly file: RenderedFile;
  readonly standing: Standing;
  /** `new`: nothing stands there. `mode`: only whether it may be run is another. */
  readonly state: 'new' | 'mode' | 'refused' | Difference;
};

/** Compares files with what stands in the folder. */
export async function placeFiles(
  files: readonly RenderedFile[],
  folder: OutputFolder,
  digest: Digest,
): Promise<readonly PlacedFile[]> {
  const placed: PlacedFile[] = [];
  for (const file of files) {
    const standing = await folder.look(file.path);
    placed.push({file, standing, state: stateOf(file, standing, digest)});
  }
  return placed;
}

function stateOf(file: RenderedFile, standing: Standing, digest: Digest): PlacedFile['state'] {
  if (standing.kind === 'absent') return 'new';
  if (standing.kind === 'refused') return 'refused';
  const difference = compareFiles(standing.text, file.text, digest);
  return difference === 'none' && standing.isExecutable !== file.isExecutable ? 'mode' : difference;
}

/** Whether a file on disk is what would be written; the version that made it may be another. */
export function isAsWanted({state}: PlacedFile): boolean {
  return state === 'none' || state === 'version';
}

/** Whether something is lost if it is written. */
export function replaces({state}: PlacedFile): boolean {
  return state === 'values' || state === 'by-hand' || state === 'version';
}

/** Throws `UserError` (refused) where a file cannot be written to its place; nothing is written then. */
export function refuseObstacles(placed: readonly PlacedFile[], folder: string): void {
  for (const {file, standing} of placed) {
    if (standing.kind !== 'refused') continue;
    throw new UserError('refused', `${folder}/${file.path} cannot be written: ${standing.reason}`, {
      remedy: 'nothing was written; take another folder, or move it out of the way',
    });
  }
}

/** Writes what is not as wanted. Rejects as `OutputFolder.write` does. */
export async function writePlaced(
  placed: readonly PlacedFile[],
  folder: OutputFolder,
): Promise<readonly PlacedFile[]> {
  const wanted = placed.filter(({state}) => state !== 'none');
  await folder.write(
    wanted.map(({file, standing}) => ({
      path: file.path,
      text: file.text,
      isExecutable: file.isExecutable,
      before: standing.kind === 'file' ? standing.text : undefined,
    })),
  );
  return wanted;
}
