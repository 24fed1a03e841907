import {LINT_PARTS, type LintPart} from '../app/flavor/lint-types.js';
import {defineCommand} from './command.js';
import {oneOf, option, optionWithDefault, parseList, parseText, toggle} from './flag.js';
import {cloudReleaseFlag} from './flavor-release.js';

/** What of a cloud is not looked at. Throws `RangeError` with a sentence for people. */
function parseSkipped(text: string): ReadonlySet<LintPart> {
  return new Set(
    parseList(text).map((word) => {
      const part = LINT_PARTS.find((one) => one === word);
      if (part === undefined) throw new RangeError(`"${word}" is none of ${LINT_PARTS.join(', ')}`);
      return part;
    }),
  );
}

const ONE_LOOK = {notInProfile: 'it is about one look at the flavors'};

/** Every flavor of the cloud, and who uses the wrong ones. */
export const lint = defineCommand({
  name: 'lint',
  summary: 'judge every flavor of the cloud, and find servers with an old copy of theirs',
  flags: {
    release: cloudReleaseFlag(),
    failOn: optionWithDefault(
      '--fail-on <severity>',
      'exit with 1 from this on: error or warning',
      oneOf('error', 'warning'),
      'error',
      {...ONE_LOOK, completes: ['error', 'warning']},
    ),
    all: toggle('--all', 'tell of flavors that are fine too, and what is only worth knowing', ONE_LOOK),
    skip: option(
      '--skip <parts>',
      `do not look at these: ${LINT_PARTS.join(', ')}; with commas`,
      parseSkipped,
      {
        ...ONE_LOOK,
        completes: LINT_PARTS,
      },
    ),
    sarif: option('--sarif <file>', 'write SARIF 2.1.0 to this file; - for stdout', parseText, {
      ...ONE_LOOK,
      completes: 'file',
    }),
    junit: option('--junit <file>', 'write JUnit XML to this file; - for stdout', parseText, {
      ...ONE_LOOK,
      completes: 'file',
    }),
  },
  examples: [
    'reprieve flavor lint',
    'reprieve flavor lint --fail-on warning --junit flavors.xml',
    'reprieve flavor lint --sarif - > flavors.sarif',
    'reprieve flavor lint --json | jq -r \'select(.standing == "old").id\'',
  ],
  async run(context, {flags}) {
    const {runFlavorLint} = await import('./flavor-lint-run.js');
    return runFlavorLint(context, {...flags, skip: flags.skip ?? new Set()});
  },
});
