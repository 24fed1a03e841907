import {formatCount} from './elapsed.js';

/** Memory for people: `512 MiB`, `32 GiB`, `1.5 GiB`. */
export function formatMemory(mebibytes: number): string {
  if (mebibytes < 1024) return `${formatCount(mebibytes)} MiB`;
  return `${formatCount(Math.round((mebibytes / 1024) * 10) / 10)} GiB`;
}

/** A disk for people: `80 GiB`, `2,000 GiB`. */
export function formatDisk(gibibytes: number): string {
  return `${formatCount(gibibytes)} GiB`;
}
