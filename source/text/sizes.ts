import {countOf, formatCount} from './elapsed.js';

/** Memory for people: `512 MiB`, `32 GiB`, `1.5 GiB`. */
export function formatMemory(mebibytes: number): string {
  if (mebibytes < 1024) return `${formatCount(mebibytes)} MiB`;
  return `${formatCount(Math.round((mebibytes / 1024) * 10) / 10)} GiB`;
}

/** A disk for people: `80 GiB`, `2,000 GiB`. */
export function formatDisk(gibibytes: number): string {
  return `${formatCount(gibibytes)} GiB`;
}

const SPOKEN_SIZES = [
  ['gibibyte', 1_048_576],
  ['mebibyte', 1024],
  ['kibibyte', 1],
] as const;

/** A size as it is read aloud: `32 gibibytes`, `1.5 gibibytes`, `2 mebibytes`, `4 kibibytes`. */
export function speakSize(kibibytes: number): string {
  const [unit, size] = SPOKEN_SIZES.find(([, least]) => Math.abs(kibibytes) >= least) ?? SPOKEN_SIZES[2];
  return countOf(Math.round((kibibytes / size) * 10) / 10, unit);
}
