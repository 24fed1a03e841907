import test from 'ava';
import {startProgram} from '../helpers/program.js';

const env = {HOME: '/nonexistent'};

test('template without a subcommand and without a terminal says in one line what to take instead', async (t) => {
  const {code, stdout, stderr} = await startProgram(['template'], {env}).end();
  t.is(code, 2);
  t.is(stdout, '');
  t.is(
    stderr,
    'reprieve: this screen needs a terminal. Use: reprieve template list, or reprieve template render NAME\n',
  );
});

test('the screen has no JSON, and says which command has', async (t) => {
  const {code, stderr} = await startProgram(['template', '--json'], {env}).end();
  t.is(code, 2);
  t.regex(stderr, /the screen of templates has no JSON.*reprieve template list --json/);
});

test('a plan that cannot be read is told before anything is drawn', async (t) => {
  const {code, stdout, stderr} = await startProgram(['template', '--plan', '/nonexistent/plan'], {env}).end();
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /^reprieve: [^\n]*\/nonexistent\/plan[^\n]*\n$/);
});
