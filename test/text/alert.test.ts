import test from 'ava';
import type {CommandNews} from '../../source/app/watch/alert-commands.js';
import {alertLines} from '../../source/text/alert.js';
import {alertInput} from '../../source/text/watch-json.js';
import {listed, NOW} from '../helpers/listed-servers.js';

const texts = (news: Parameters<typeof alertLines>[0]) => alertLines(news, 600).map(({text}) => text);

test('a few are told one by one, each as it stands', (t) => {
  const servers = [listed('web', 7200 - 125), listed('db', 7203), listed('down', 7300, {host: 'c2'})];
  t.deepEqual(texts({kind: 'alerts', servers, now: NOW}), [
    'alert: web has 2 min 05 s left',
    'alert: db is due: the next tick of its host destroys it',
    'alert: down is overdue: nova-compute on c2 is down, and nothing is reclaimed there until it is up',
  ]);
});

test('many are one line with their number', (t) => {
  const servers = Array.from({length: 14}, (_, index) => listed(`s${index}`, 7000));
  t.deepEqual(texts({kind: 'alerts', servers, now: NOW}), [
    'alert: 14 servers with less than 10 min left: s0, s1, s2 and 11 more',
  ]);
});

test('a command that failed says how, and nothing of what it wrote is obeyed', (t) => {
  const commands = (...news: readonly CommandNews[]) => texts({kind: 'commands', news});
  const failed = (name: string): CommandNews => ({
    kind: 'command-failed',
    name,
    end: {kind: 'exited', code: 3, complaint: 'a\u001B]0;b'},
  });
  t.deepEqual(
    commands(
      failed('web'),
      {kind: 'command-failed', name: 'db', end: {kind: 'killed', signal: 'SIGSEGV', complaint: ''}},
      {kind: 'command-late', name: 'ci', seconds: 60},
      {kind: 'left-out', count: 1200, waiting: 500},
    ),
    [
      'the command for the alert of web failed with exit code 3: a␛]0;b',
      'the command for the alert of db was ended by SIGSEGV',
      'the command for the alert of ci was ended after 60 s: it may not take longer',
      'the command was left out for 1,200 alerts: 500 wait for it already',
    ],
  );
  t.deepEqual(commands(failed('web'), failed('db'), failed('ci'), failed('gitlab')), [
    'the command went wrong for 4 alerts; that of web failed with exit code 3: a␛]0;b',
  ]);
});

test('a command is given the server on one line, whatever its texts hold', (t) => {
  const input = alertInput(listed('we\nb\u2028', 7000, {flavor: 'a\u001Bb'}), 600, 'fra1');
  t.regex(input, /^[\x20-\x7e]+\n$/);
  t.like(JSON.parse(input), {
    cloud: 'fra1',
    event: 'alert',
    alert: 600,
    name: 'we\nb\u2028',
    flavor: 'a\u001Bb',
    interval: 7200,
  });
});
