import {UserError} from '../errors.js';
import {renderExample} from './open-template.js';
import type {RenderPorts} from './render-template.js';
import type {RenderedFile, Template} from './template-types.js';

/** What came of one example. */
export type TestOutcome = {
  readonly example: string;
  /** Paths of what it makes. */
  readonly files: readonly string[];
  /** Where and why it is not good; undefined where it is. */
  readonly problem: string | undefined;
};

export type TestPorts = RenderPorts & {
  /** Why a file cannot be read by what reads its language; undefined where it can, or where nothing here reads it. */
  readonly readable: (file: RenderedFile) => Promise<string | undefined>;
};

/** Renders a template with each of its examples, twice, and reads what came out. */
export async function testTemplate(template: Template, ports: TestPorts): Promise<readonly TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  for (const example of template.examples) {
    try {
      const [first, second] = [
        await renderExample(template, example, ports),
        await renderExample(template, example, ports),
      ];
      const files = first.files.map(({path}) => path);
      let problem =
        JSON.stringify(first.files) === JSON.stringify(second.files)
          ? undefined
          : 'two renderings with the same values differ';
      for (const file of first.files) {
        const fault = await ports.readable(file);
        if (fault !== undefined) problem ??= `${file.path}: ${fault}`;
      }
      outcomes.push({example: example.name, files, problem});
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      outcomes.push({example: example.name, files: [], problem: error.message});
    }
  }
  return outcomes;
}
