import {isSevere, type LintReport} from '../app/flavor/lint-types.js';
import type {Severity} from '../domain/flavor/finding.js';
import {UNREAD_WORDS, verdictCounts} from './flavor-lint.js';
import {largestHostFields} from './flavor-lint-json.js';
import {lintProblems, type LintProblem} from './flavor-lint-words.js';
import {safeJson} from './json.js';
import {sanitize} from './sanitize.js';

/** What a report for pipelines tells besides the problems. */
export type LintRun = {
  /** The name of the cloud. */
  readonly cloud: string;
  /** This program's version. */
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Problems from here on are told. */
  readonly least: Severity;
};

const LEVELS: Readonly<Record<Severity, string>> = {error: 'error', warning: 'warning', info: 'note'};

/**
 * The report as SARIF 2.1.0 (OASIS): a result for each finding, for servers with the same old copy, for images. What
 * could not be read is a notification of an execution that was not successful. Text of tenants does nothing to a
 * terminal, and is no link.
 */
export function lintSarif(report: LintReport, run: LintRun): string {
  const rules = new Map<string, {readonly index: number; readonly rule: object}>();
  const results: object[] = [];
  const prints = new Map<string, number>();
  for (const problem of lintProblems(report)) {
    if (!isSevere(problem.severity, run.least)) continue;
    const level = LEVELS[problem.severity];
    let known = rules.get(problem.code);
    if (known === undefined) {
      known = {index: rules.size, rule: ruleOf(problem.code, level)};
      rules.set(problem.code, known);
    }
    const print = printOf(problem);
    const times = (prints.get(print) ?? 0) + 1;
    prints.set(print, times);
    // Servers may have several old copies of one flavor.
    results.push(resultOf(problem, known.index, level, times === 1 ? print : `${print}/${times}`));
  }
  const {release, limits, flavors, servers, skipped, unread} = report;
  const document = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'reprieve',
            version: run.version,
            rules: Array.from(rules.values(), ({rule}) => rule),
          },
        },
        automationDetails: {id: `reprieve/flavor-lint/${clean(run.cloud)}/`},
        invocations: [
          {
            executionSuccessful: unread.length === 0,
            startTimeUtc: new Date(run.startedAt).toISOString(),
            endTimeUtc: new Date(run.endedAt).toISOString(),
            toolExecutionNotifications: unread.map(({part, problem}) => ({
              descriptor: {id: 'PartNotRead'},
              level: 'error',
              message: {text: plain(`${UNREAD_WORDS[part]}: ${problem}`)},
            })),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results,
        properties: {
          release: release.name,
          largestHost: largestHostFields(limits),
          flavors: {total: flavors.length, ...verdictCounts(flavors)},
          servers: servers ?? null,
          skipped,
        },
      },
    ],
  };
  return `${safeJson(document)}\n`;
}

function ruleOf(code: string, level: string): object {
  const text = wordsOf(code);
  return {
    id: code,
    shortDescription: {text},
    fullDescription: {text},
    defaultConfiguration: {level},
  };
}

/** `WatchdogReplacedByImage` as words. */
function wordsOf(code: string): string {
  const words = code.replaceAll(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ').split(' ');
  return words.map((word, at) => (at === 0 || /^[A-Z]+$/.test(word) ? word : word.toLowerCase())).join(' ');
}

const FOLDERS = {flavor: 'flavors', servers: 'servers-of-flavors', images: 'images'} as const;

/** What tells a problem from others, in this report and the next. */
function printOf({code, subject, property}: LintProblem): string {
  return `${FOLDERS[subject.kind]}/${clean(subject.id)}/${code}/${clean(property)}`;
}

function resultOf(
  {code, subject, property, message, suggestion}: LintProblem,
  ruleIndex: number,
  level: string,
  print: string,
) {
  const folder = FOLDERS[subject.kind];
  const name = clean(subject.name);
  const place = property === '' ? `${folder}/${name}` : `${folder}/${name}/${clean(property)}`;
  return {
    ruleId: code,
    ruleIndex,
    level,
    message: {text: plain(suggestion === '' ? message : `${message} What to do: ${suggestion}`)},
    locations: [
      {
        // There is no file; but who shows results wants one, and passes over those that have none.
        physicalLocation: {
          artifactLocation: {uri: `${folder}/${encodeURIComponent(name)}`},
          region: {startLine: 1},
        },
        logicalLocations: [{name, fullyQualifiedName: place, kind: 'resource'}],
      },
    ],
    partialFingerprints: {'reprieveFlavorLint/v1': print},
    properties: {subject: subject.kind, id: clean(subject.id), property: clean(property)},
  };
}

/** Text of tenants, safe and well formed. */
function clean(text: string): string {
  return sanitize(text);
}

/** A message of SARIF: braces would be places for arguments there, brackets links. */
function plain(text: string): string {
  return sanitize(text)
    .replaceAll(/[{}]/g, '$&$&')
    .replaceAll(/[\\[\]]/g, '\\$&');
}
