/**
 * What has to be typed for a drill: the server's name; the first part of its id where the name is long or cannot be
 * typed everywhere.
 */
export function drillWord({id, name}: {readonly id: string; readonly name: string}): string {
  return /^[!-~](?:[ -~]{0,38}[!-~])?$/.test(name) ? name : id.slice(0, 8);
}
