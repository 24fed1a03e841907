import {
  isSevere,
  LINT_PARTS,
  type FailOn,
  type LintedFlavor,
  type LintReport,
} from '../app/flavor/lint-types.js';
import type {LintRun} from './flavor-lint-sarif.js';
import {
  flavorProblems,
  groupProblem,
  replacementProblem,
  shownName,
  type LintProblem,
} from './flavor-lint-words.js';
import {sanitize} from './sanitize.js';

type Case = {
  readonly name: string;
  readonly problems: readonly LintProblem[];
  /** Why nothing can be said. */
  readonly unread?: string | undefined;
  /** Why it was not to be looked at. */
  readonly skipped?: string | undefined;
};

/** A suite as text, with its failures counted. */
type Suite = {readonly name: string; readonly cases: readonly Case[]};

/**
 * The report as JUnit XML, as Ant, Jenkins and GitLab read it: a case for each flavor, for servers with the same old
 * copy, for images that replace something, and for each part of the cloud that was to be read. A case fails by the
 * findings that fail the command; others are told at the end of its suite. Text of tenants does nothing to a terminal.
 */
export function lintJunit(report: LintReport, run: LintRun, failOn: FailOn): string {
  const suites = suitesOf(report).map(({name, cases}, index) =>
    suiteXml({name, cases: withOwnNames(cases)}, index, run, failOn),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suitesOf(report: LintReport): Suite[] {
  const {flavors, groups, replacements} = report;
  return [
    {name: 'flavors', cases: flavors.map(flavorCase)},
    {
      name: 'servers',
      cases: groups.map((group) => ({
        name: `servers of ${shownName(group.name)}`,
        problems: [groupProblem(group)],
      })),
    },
    {
      name: 'images',
      cases: replacements.map((replacement) => {
        const problem = replacementProblem(replacement);
        return {name: `${problem.property} of ${shownName(problem.subject.name)}`, problems: [problem]};
      }),
    },
    {name: 'cloud', cases: partCases(report)},
  ];
}

/** Who reads the file tells cases by their names. */
function withOwnNames(cases: readonly Case[]): Case[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const times = (seen.get(one.name) ?? 0) + 1;
    seen.set(one.name, times);
    return times === 1 ? one : {...one, name: `${one.name}, ${times}`};
  });
}

function flavorCase(linted: LintedFlavor): Case {
  const {name, id} = linted.flavor;
  return {
    name: `${shownName(name)} (${id})`,
    problems: [...flavorProblems(linted)],
    ...(linted.verdict === 'unknown' ? {unread: 'its extra specs may not be read'} : {}),
  };
}

/** One case for each part, so that what could not be read is red. */
function partCases({skipped, unread}: LintReport): Case[] {
  return (['flavors', 'extra-specs', 'release', ...LINT_PARTS] as const).map((part) => {
    const problems = unread.filter((one) => one.part === part).map(({problem}) => problem);
    return {
      name: `${part} are read`.replace('release are', 'release is'),
      problems: [],
      ...(problems.length === 0 ? {} : {unread: problems.join('; ')}),
      ...(LINT_PARTS.some((one) => one === part && skipped.includes(one)) ? {skipped: 'not asked for'} : {}),
    };
  });
}

function suiteXml({name, cases}: Suite, index: number, run: LintRun, failOn: FailOn): string {
  const counts = {failures: 0, errors: 0, skipped: 0};
  const notes: string[] = [];
  const body = cases.map((one) => {
    const {xml, kind} = caseXml(name, one, failOn);
    if (kind !== undefined) counts[kind] += 1;
    for (const problem of one.problems) {
      if (!isSevere(problem.severity, failOn) && isSevere(problem.severity, run.least)) {
        notes.push(`${one.name}: ${problemText(problem)}`);
      }
    }
    return xml;
  });
  const seconds = index === 0 ? (run.endedAt - run.startedAt) / 1000 : 0;
  const attributes = [
    ['name', name],
    ['package', `reprieve.${run.cloud}`],
    ['id', String(index)],
    ['timestamp', new Date(run.startedAt).toISOString().slice(0, 19)],
    ['hostname', 'localhost'],
    ['tests', String(cases.length)],
    ['failures', String(counts.failures)],
    ['errors', String(counts.errors)],
    ['skipped', String(counts.skipped)],
    ['time', seconds.toFixed(3)],
  ] as const;
  return (
    `  <testsuite${attributesXml(attributes)}>\n    <properties/>\n${body.join('')}` +
    `    <system-out>${notes.map(textXml).join('\n')}</system-out>\n    <system-err></system-err>\n  </testsuite>\n`
  );
}

function caseXml(
  suite: string,
  {name, problems, unread, skipped}: Case,
  failOn: FailOn,
): {readonly xml: string; readonly kind: 'failures' | 'errors' | 'skipped' | undefined} {
  const attributes = attributesXml([
    ['classname', `flavor-lint.${suite}`],
    ['name', name],
    ['time', '0.000'],
  ]);
  const failed = problems.filter(({severity}) => isSevere(severity, failOn));
  const [first] = failed;
  const wrap = (inside: string): string => `    <testcase${attributes}>\n      ${inside}\n    </testcase>\n`;
  if (first !== undefined) {
    const told = attributesXml([
      ['type', first.code],
      ['message', first.message],
    ]);
    const text = failed.map((problem) => textXml(problemText(problem))).join('\n');
    return {xml: wrap(`<failure${told}>${text}</failure>`), kind: 'failures'};
  }
  if (unread !== undefined) {
    const told = attributesXml([
      ['type', 'PartNotRead'],
      ['message', unread],
    ]);
    return {xml: wrap(`<error${told}></error>`), kind: 'errors'};
  }
  if (skipped !== undefined) {
    return {xml: wrap(`<skipped${attributesXml([['message', skipped]])}/>`), kind: 'skipped'};
  }
  return {xml: `    <testcase${attributes}/>\n`, kind: undefined};
}

function problemText({severity, code, message, suggestion}: LintProblem): string {
  return `${severity} ${code}: ${message}${suggestion === '' ? '' : ` What to do: ${suggestion}`}`;
}

function attributesXml(attributes: readonly (readonly [name: string, value: string])[]): string {
  return attributes.map(([name, value]) => ` ${name}="${textXml(value)}"`).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};
/** Not in XML 1.0 in any form; the other ones that are not are controls, which the sanitiser takes out. */
const NO_CHARACTER = /[\uFFFE\uFFFF]/g;

function textXml(text: string): string {
  return sanitize(text)
    .replaceAll(NO_CHARACTER, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
