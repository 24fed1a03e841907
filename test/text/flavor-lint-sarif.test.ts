import test from 'ava';
import {z} from 'zod';
import type {LintReport} from '../../source/app/flavor/lint-types.js';
import {lintSarif, type LintRun} from '../../source/text/flavor-lint-sarif.js';
import {serverWith} from '../helpers/cloud-flavors.js';
import {flavorOf} from '../helpers/fake-flavors.js';
import {fullReport, lintReportOf} from '../helpers/lint-report.js';

const RUN: LintRun = {
  cloud: 'fra1',
  version: '0.1.0',
  startedAt: Date.UTC(2026, 10, 23, 4, 5, 6),
  endedAt: Date.UTC(2026, 10, 23, 4, 5, 8),
  least: 'warning',
};

const level = z.enum(['none', 'note', 'warning', 'error']);
const text = z.strictObject({text: z.string().min(1)});
const bag = z.record(z.string(), z.unknown());

/** What the schema of SARIF 2.1.0 says of everything that is written; nothing else may be there. */
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.array(
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          version: z.string(),
          rules: z.array(
            z.strictObject({
              id: z.string().min(1),
              shortDescription: text,
              fullDescription: text,
              defaultConfiguration: z.strictObject({level}),
            }),
          ),
        }),
      }),
      automationDetails: z.strictObject({id: z.string()}),
      invocations: z.array(
        z.strictObject({
          executionSuccessful: z.boolean(),
          startTimeUtc: z.iso.datetime(),
          endTimeUtc: z.iso.datetime(),
          toolExecutionNotifications: z.array(
            z.strictObject({descriptor: z.strictObject({id: z.string()}), level, message: text}),
          ),
        }),
      ),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level,
          message: text,
          locations: z.array(
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({
                  uri: z.string().regex(/^[a-z-]+\/(?:[\w.!~*'()-]|%[\dA-F]{2})+$/),
                }),
                region: z.strictObject({startLine: z.int().min(1)}),
              }),
              logicalLocations: z.array(
                z.strictObject({name: z.string(), fullyQualifiedName: z.string(), kind: z.string()}),
              ),
            }),
          ),
          partialFingerprints: z.record(z.string(), z.string()),
          properties: bag,
        }),
      ),
      properties: bag,
    }),
  ),
});

function read(report: LintReport, run = RUN) {
  const parsed = sarif.parse(JSON.parse(lintSarif(report, run)));
  const [only] = parsed.runs;
  if (only === undefined) throw new Error('no run');
  return only;
}

test('every result names its rule, its level and its place', async (t) => {
  const {results, tool} = read(await fullReport());
  t.deepEqual(
    results.map(({ruleId, level: severity}) => `${severity} ${ruleId}`),
    [
      'error InvalidNUMANodesNumber',
      'warning ExtraSpecMisspelt',
      'warning TopologyPreferenceNotMet',
      'warning OldFlavorCopy',
      'warning WatchdogReplacedByImage',
    ],
  );
  for (const {ruleId, ruleIndex} of results) t.is(tool.driver.rules[ruleIndex]?.id, ruleId);
  t.is(new Set(tool.driver.rules.map(({id}) => id)).size, tool.driver.rules.length);
  const [first] = results;
  t.is(first?.locations[0]?.logicalLocations[0]?.fullyQualifiedName, 'flavors/bad/hw:numa_nodes');
  t.is(first?.locations[0]?.physicalLocation.artifactLocation.uri, 'flavors/bad');
  t.regex(first?.message.text ?? '', /What to do: /);
  t.regex(results[2]?.message.text ?? '', / 1 server has it: odd-1 \(id-odd-1\)\. What to do: /);
  t.is(tool.driver.rules[0]?.shortDescription.text, 'Invalid NUMA nodes number');
});

test('fingerprints are stable, and those of different problems differ', async (t) => {
  const prints = async () =>
    read(await fullReport()).results.map(({partialFingerprints}) => JSON.stringify(partialFingerprints));
  const first = await prints();
  t.deepEqual(first, await prints());
  t.is(new Set(first).size, first.length);
});

test('servers with different old copies of one flavor have different fingerprints, and odd names a place', async (t) => {
  const odd = flavorOf('odd \uD800', {'hw:watchdog_action': 'reset'});
  const copyOf = (value: string) => ({extraSpecs: {'hw:watchdog_action': value}});
  const servers = [serverWith('a', odd, copyOf('none')), serverWith('b', odd, copyOf('pause'))];
  const report = read(await lintReportOf({flavors: [odd], servers}));
  const results = report.results.filter(({ruleId}) => ruleId === 'OldFlavorCopy');
  t.is(results.length, 2);
  t.is(new Set(results.map(({partialFingerprints}) => JSON.stringify(partialFingerprints))).size, 2);
  t.regex(
    results[0]?.locations[0]?.physicalLocation.artifactLocation.uri ?? '',
    /^servers-of-flavors\/odd%20/,
  );
});

test('what was not read makes the execution unsuccessful', async (t) => {
  const {invocations} = read(await fullReport());
  t.false(invocations[0]?.executionSuccessful);
  t.is(invocations[0]?.startTimeUtc, '2026-11-23T04:05:06.000Z');
  t.deepEqual(
    invocations[0]?.toolExecutionNotifications.map(({message}) => message.text.split(':')[0]),
    ['extra specs', 'images'],
  );
});

test('a cloud that is fine has no result and was looked at in full', async (t) => {
  const {results, tool, invocations, automationDetails} = read(
    await lintReportOf({flavors: [flavorOf('fine')]}),
  );
  t.deepEqual([results, tool.driver.rules, invocations[0]?.toolExecutionNotifications], [[], [], []]);
  t.true(invocations[0]?.executionSuccessful);
  t.is(automationDetails.id, 'reprieve/flavor-lint/fra1/');
});

test('what is only worth knowing is a note, where it is wanted', async (t) => {
  const report = await lintReportOf({flavors: [flavorOf('dog', {'hw:watchdog_action': 'reset'})]});
  t.deepEqual(read(report).results, []);
  t.is(read(report, {...RUN, least: 'info'}).results[0]?.level, 'note');
});

test('names of tenants are no links, no places for arguments, and nothing to a terminal', async (t) => {
  const document = lintSarif(await fullReport(), RUN);
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  t.notRegex(document.trimEnd(), /[\u0000-\u001F\u007F-\u009F\u202A-\u202E]/);
  for (const {message} of read(await fullReport()).results) {
    t.notRegex(message.text, /(?<!\\)\[/);
    t.notRegex(message.text, /(?<!\{)\{(?:\{\{)*\d/);
  }
});
