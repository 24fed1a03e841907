/** Why virsh could not, in one line: it puts `error:` before each line of it, and an empty line behind. */
export function virshReason(said: string): string {
  return said
    .split('\n')
    .map((line) => line.replace(/(^|: )error: /, '$1').trim())
    .filter((line) => line !== '')
    .join('; ')
    .slice(0, 300);
}
