/**
 * Why an inventory cannot be used: one sentence for people, with the line where one is known. Thrown by the
 * readers of this folder; who knows the file's name makes it a `UserError`.
 */
export class InventoryProblem extends Error {
  override readonly name: string = 'InventoryProblem';
  /** From 1. */
  readonly line: number | undefined;
  /** What to do; undefined where the sentence says it. */
  readonly remedy: string | undefined;

  constructor(message: string, options: {readonly line?: number; readonly remedy?: string} = {}) {
    super(message);
    this.line = options.line;
    this.remedy = options.remedy;
  }
}
