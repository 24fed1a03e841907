/** Runs the program with these arguments and gives the exit code. */
export async function main(_args: readonly string[]): Promise<number> {
  return 0;
}
