import {UserError, withRemedy} from '../errors.js';
import {branchLog} from './branch-log.js';
import {renderExample} from './open-template.js';
import type {RenderPorts} from './render-template.js';
import type {CheckPorts} from './template-ports.js';
import type {Template} from './template-types.js';

/** What came of one example. */
export type TestOutcome = {
  readonly example: string;
  /** Paths of what it makes. */
  readonly files: readonly string[];
  /** What was rendered and not checked: nothing here reads its language. */
  readonly unread: readonly {readonly path: string; readonly format: string}[];
  /** Where and why it is not good; undefined where it is. */
  readonly problem: string | undefined;
};

/** What came of all examples. */
export type TestReport = {
  readonly outcomes: readonly TestOutcome[];
  /** Branches that no example goes through, each with its place; none are told where an example is not good. */
  readonly unseen: readonly string[];
};

/** Renders a template with each of its examples, twice, and reads what came out. */
export async function testTemplate(
  template: Template,
  givenPorts: RenderPorts & CheckPorts,
): Promise<TestReport> {
  const branches = branchLog();
  const ports = {...givenPorts, branches};
  const outcomes: TestOutcome[] = [];
  for (const example of template.examples) {
    try {
      const [first, second] = [
        await renderExample(template, example, ports),
        await renderExample(template, example, ports),
      ];
      const unread: {path: string; format: string}[] = [];
      let problem =
        JSON.stringify(first.files) === JSON.stringify(second.files)
          ? undefined
          : 'two renderings with the same values differ';
      for (const file of first.files) {
        const {verdict, text} = await ports.read(file);
        if (verdict === 'failed') problem ??= `${file.path}: ${text}`;
        if (verdict === 'none') unread.push({path: file.path, format: file.format.name});
      }
      const files = first.files.map(({path}) => path);
      outcomes.push({example: example.name, files, unread, problem});
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // The example is named beside it already.
      const {message, remedy} = error.cause instanceof UserError ? error.cause : error;
      outcomes.push({example: example.name, files: [], unread: [], problem: withRemedy(message, remedy)});
    }
  }
  const isGood = outcomes.every(({problem}) => problem === undefined);
  return {outcomes, unseen: isGood ? branches.untaken() : []};
}
