// What reprieve flavor lint writes for pipelines, read by the XML and JSON of the installed Python.
import {spawnSync} from 'node:child_process';
import test from 'ava';
import {lintJunit} from '../../source/text/flavor-lint-junit.js';
import {lintSarif, type LintRun} from '../../source/text/flavor-lint-sarif.js';
import {fullReport} from '../helpers/lint-report.js';

const RUN: LintRun = {cloud: 'fra1', version: '0.1.0', startedAt: 0, endedAt: 1234, least: 'info'};
/** Tells how many cases there are, their names, and the text of all. */
const READ_XML = `
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
cases = root.findall('testsuite/testcase')
print(json.dumps({'names': [case.get('name') for case in cases], 'text': ''.join(root.itertext())}))
`;
/** The two forms that who shows results relies on, said as a JSON Schema of our own. */
const CHECK_SARIF = `
import json, sys, jsonschema
text = {'type': 'object', 'required': ['text'], 'properties': {'text': {'type': 'string', 'minLength': 1}}}
uri = {'type': 'string', 'format': 'uri-reference'}
place = {'type': 'object', 'properties': {'artifactLocation': {'type': 'object', 'properties': {'uri': uri}}}}
location = {'type': 'object', 'properties': {'physicalLocation': place}}
result = {'type': 'object', 'required': ['message', 'ruleId'], 'properties': {
  'message': text, 'level': {'enum': ['none', 'note', 'warning', 'error']},
  'locations': {'type': 'array', 'items': location}}}
run = {'type': 'object', 'required': ['tool', 'results'], 'properties': {
  'results': {'type': 'array', 'items': result, 'minItems': 6}}}
schema = {'type': 'object', 'required': ['version', 'runs'], 'properties': {
  'version': {'const': '2.1.0'}, 'runs': {'type': 'array', 'items': run, 'minItems': 1}}}
document = json.loads(sys.stdin.buffer.read())
jsonschema.validate(document, schema, format_checker=jsonschema.FormatChecker())
print(json.dumps(len(document['runs'][0]['results'])))
`;

function python(program: string, input: string): unknown {
  const {status, stdout, stderr} = spawnSync('/usr/bin/python3', ['-c', program], {
    input,
    encoding: 'utf8',
    env: {PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1'},
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

test('JUnit with hostile names is well-formed XML for another reader', async (t) => {
  for (const failOn of ['error', 'warning'] as const) {
    const read = python(READ_XML, lintJunit(await fullReport(), RUN, failOn));
    const text = JSON.stringify(read);
    t.true(text.includes('<b a=\\"1\\">&'), text);
    t.true(text.includes('web-1 <b'), text);
    t.true(text.includes('servers of dog'), text);
  }
});

test('SARIF with hostile names is what readers of it want', async (t) => {
  t.is(python(CHECK_SARIF, lintSarif(await fullReport(), RUN)), 9);
});
