import test from 'ava';
import type {LintReport} from '../../source/app/flavor/lint-types.js';
import {lintJunit} from '../../source/text/flavor-lint-junit.js';
import type {LintRun} from '../../source/text/flavor-lint-sarif.js';
import {flavorOf} from '../helpers/fake-flavors.js';
import {fullReport, lintReportOf} from '../helpers/lint-report.js';
import {readXml, type XmlElement} from '../helpers/plain-xml.js';

const RUN: LintRun = {
  cloud: 'fra1',
  version: '0.1.0',
  startedAt: Date.UTC(2026, 10, 23, 4, 5, 6),
  endedAt: Date.UTC(2026, 10, 23, 4, 5, 8),
  least: 'warning',
};

/** What the schemas of Ant and of Jenkins both allow: attributes that must be there, and children in their order. */
const SHAPES: Readonly<Record<string, {attributes: readonly string[]; children: RegExp}>> = {
  testsuites: {attributes: [], children: /^(?:testsuite )*$/},
  testsuite: {
    attributes: [
      'name',
      'package',
      'id',
      'timestamp',
      'hostname',
      'tests',
      'failures',
      'errors',
      'skipped',
      'time',
    ],
    children: /^properties (?:testcase )*system-out system-err $/,
  },
  testcase: {attributes: ['classname', 'name', 'time'], children: /^(?:(?:failure|error|skipped) )?$/},
  failure: {attributes: ['type', 'message'], children: /^$/},
  error: {attributes: ['type', 'message'], children: /^$/},
  skipped: {attributes: ['message'], children: /^$/},
  properties: {attributes: [], children: /^$/},
  'system-out': {attributes: [], children: /^$/},
  'system-err': {attributes: [], children: /^$/},
};

function checkShape(element: XmlElement): void {
  const shape = SHAPES[element.name];
  const children = element.children.map(({name}) => `${name} `).join('');
  const attributes = Object.keys(element.attributes);
  const fits =
    shape !== undefined &&
    shape.children.test(children) &&
    attributes.toSorted().join() === shape.attributes.toSorted().join();
  if (!fits) throw new Error(`<${element.name} ${attributes.join(' ')}> with ${children}`);
  element.children.forEach(checkShape);
}

function read(report: LintReport, failOn: 'error' | 'warning' = 'error'): readonly XmlElement[] {
  const root = readXml(lintJunit(report, RUN, failOn));
  checkShape(root);
  for (const {attributes, children} of root.children) {
    const count = (name: string) =>
      String(
        children.filter((one) => one.name === 'testcase' && one.children.some((of) => of.name === name))
          .length,
      );
    const cases = children.filter(({name}) => name === 'testcase');
    const counted = [String(cases.length), count('failure'), count('error'), count('skipped')];
    const told = ['tests', 'failures', 'errors', 'skipped'].map((name) => attributes[name] ?? '');
    if (counted.join() !== told.join()) throw new Error(`${attributes['name'] ?? ''}: ${told.join()}`);
    if (new Set(cases.map((one) => one.attributes['name'])).size !== cases.length)
      throw new Error('a name twice');
  }
  return root.children;
}

/** Cases with what became of them. */
function outcomes(suites: readonly XmlElement[]): string[] {
  return suites.flatMap(({attributes, children}) =>
    children.flatMap((one) =>
      one.name === 'testcase'
        ? [
            `${attributes['name'] ?? ''} | ${one.attributes['name'] ?? ''} | ${one.children[0]?.name ?? 'passed'}`,
          ]
        : [],
    ),
  );
}

test('each flavor is a case that fails by its errors; parts that were not read are errors', async (t) => {
  const suites = read(await fullReport());
  const told = outcomes(suites);
  t.deepEqual(
    told.filter((line) => !line.endsWith('passed')),
    [
      'flavors | bad (id-bad) | failure',
      'flavors | hidden (id-hidden) | error',
      'cloud | extra-specs are read | error',
      'cloud | images are read | error',
    ],
  );
  t.true(told.includes('flavors | fine (id-fine) | passed'));
  t.true(told.includes('servers | servers of dog | passed'));
  t.true(told.includes('cloud | release is read | passed'));
  t.regex(
    suites[1]?.children.at(-2)?.text ?? '',
    /servers of dog: warning OldFlavorCopy: 2 servers carry an old copy/,
  );
});

test('with warnings as failures they are no notes any more', async (t) => {
  const suites = read(await fullReport(), 'warning');
  t.true(outcomes(suites).includes('servers | servers of dog | failure'));
  t.deepEqual(
    suites.map(({children}) => children.at(-2)?.text),
    ['', '', '', ''],
  );
  t.is(suites[0]?.attributes['timestamp'], '2026-11-23T04:05:06');
  t.is(suites[0]?.attributes['time'], '2.000');
});

test('a cloud that is fine has passed cases only', async (t) => {
  const suites = read(await lintReportOf({flavors: [flavorOf('fine')]}), 'warning');
  t.true(outcomes(suites).every((line) => line.endsWith('passed')));
});

test('names of tenants are text, and nothing to a terminal', async (t) => {
  const document = lintJunit(await fullReport(), RUN, 'warning');
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  t.notRegex(document.replaceAll('\n', ''), /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\uFFFE\uFFFF]/);
  t.false(document.includes('<b'));
  const [flavors] = read(await fullReport(), 'warning');
  t.true(flavors?.children.some(({attributes}) => attributes['name']?.includes('<b a="1">& [x]') === true));
});
