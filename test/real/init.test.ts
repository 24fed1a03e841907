// reprieve init at a real terminal, in each of the forms that its questions have.
import {access, readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {shellQuote} from '../../source/domain/shell-quote.js';
import {programWords} from '../helpers/program.js';
import {startSmallCloud, type SmallCloud} from '../helpers/small-cloud.js';
import {isUntouched} from '../helpers/small-cloud-checks.js';
import {typeTo, type TypedAnswer} from '../helpers/typed-terminal.js';

const DOWN = '\u001B[B';
const UP = '\u001B[A';
const CTRL_C = '\u0003';

/** The folder of a profile that is not there yet. */
const folderOf = ({home}: SmallCloud) => path.join(home, 'first/reprieve');

async function initOn(
  cloud: SmallCloud,
  answers: readonly TypedAnswer[],
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
) {
  const command = programWords(['init', ...args]).map((word) => shellQuote(word));
  return typeTo(command.join(' '), answers, {
    ...cloud.env,
    OS_CLOUD: '',
    REPRIEVE_INVENTORY: '',
    OS_CLIENT_CONFIG_FILE: path.join(cloud.home, '.config/openstack/clouds.yaml'),
    XDG_CONFIG_HOME: path.join(cloud.home, 'first'),
    TERM: 'xterm',
    LANG: 'C.UTF-8',
    ...env,
  });
}

async function isUnwritten(cloud: SmallCloud): Promise<boolean> {
  return access(folderOf(cloud)).then(
    () => false,
    () => true,
  );
}

/** Two clouds to choose from; the profile has no sysroot, so the service is not found and is done without. */
async function twoClouds(cloud: SmallCloud): Promise<void> {
  await cloud.write('.config/openstack/clouds.yaml', `${cloud.clouds()}  other: {auth: {}}\n`);
}

test.serial(
  'questions with a cursor: choices by arrows, a wrong answer asked again with its reason',
  async (t) => {
    const cloud = await startSmallCloud(t);
    await twoClouds(cloud);
    const {code, screen} = await initOn(cloud, [
      {to: 'Which cloud', answer: DOWN},
      {to: 'other could not be used', answer: UP},
      {to: 'Where are the nodes', answer: ''},
      {to: 'Inventory file', answer: '/nonexistent'},
      // What was typed stays in the line, to be corrected: all of it is taken out.
      {to: 'there is no such file', answer: `\u0015${cloud.inventory}`},
      {to: 'How are nodes reached', answer: ''},
      {to: 'compute-1 is not as it should be', answer: UP},
      {to: 'Write ', answer: 'y'},
    ]);
    t.is(code, 1, screen);
    t.regex(screen, /other[\s\S]*no such file/);
    t.regex(screen, /NEXT\S*\r\n {2}reprieve status/);
    const text = await readFile(path.join(folderOf(cloud), 'config.yaml'), 'utf8');
    t.regex(text, new RegExp(`^cloud: other\\ninventory: ${cloud.inventory}\\n`, 'm'), screen);
    await isUntouched(t, cloud);
  },
);

for (const [form, env] of [
  ['on a dumb terminal', {TERM: 'dumb'}],
  ['for a screen reader', {INK_SCREEN_READER: 'true'}],
  ['in a locale without signs', {LANG: 'C'}],
] as const) {
  test.serial(`${form} choices are numbers, and nothing is drawn twice`, async (t) => {
    const cloud = await startSmallCloud(t);
    await twoClouds(cloud);
    const {code, screen} = await initOn(
      cloud,
      [
        {to: 'Number from 1 to 2 (1):', answer: '7'},
        {to: 'That is no number from 1 to 2.', answer: '1'},
        {to: 'Where are the nodes?', answer: '2'},
        {to: 'Hosts that run nova-api', answer: 'controller 1'},
        {to: 'is not a host name', answer: 'controller-1'},
        {to: 'How are nodes reached?', answer: ''},
        {to: 'SSH user', answer: 'root'},
        {to: 'What now?', answer: '4'},
        {to: 'Write ', answer: 'perhaps'},
        {to: 'Answer with yes or no.', answer: ''},
      ],
      {...env},
      ['--no-color'],
    );
    t.is(code, 1, screen);
    t.false(screen.includes('\u001B'), screen);
    t.regex(screen, / {2}1\. small, admin@Default\r\n {2}2\. other, cannot be used as it is\r\n/);
    t.is(
      (await readFile(path.join(folderOf(cloud), 'config.yaml'), 'utf8')).split('\n').slice(3).join('\n'),
      'cloud: small\napi-hosts: [controller-1]\nnodes:\n  all:\n    user: root\n',
    );
  });
}

test.serial('without colours questions have none', async (t) => {
  const cloud = await startSmallCloud(t);
  const answers = [
    {to: 'Where are the nodes', answer: UP},
    {to: 'Inventory file', answer: CTRL_C},
  ];
  for (const [env, args] of [
    [{NO_COLOR: '1'}, []],
    [{}, ['--no-color']],
  ] as const) {
    const {screen} = await initOn(cloud, answers, env, args);
    t.regex(screen, /Inventory file/);
    t.notRegex(screen, /\p{Cc}\[(?:3[0-7]|9[0-7])m/u, JSON.stringify(screen));
  }
});

const QUESTIONS: readonly TypedAnswer[] = [
  {to: 'Where are the nodes', answer: UP},
  {to: 'Inventory file', answer: ''},
  {to: 'How are nodes reached', answer: ''},
  {to: 'What now?', answer: UP},
  {to: 'Write ', answer: 'y'},
];

for (const term of ['xterm', 'dumb']) {
  for (const [index, {to}] of QUESTIONS.entries()) {
    test.serial(`Ctrl-C at "${to.trim()}" on ${term} ends with 130, and nothing is written`, async (t) => {
      const cloud = await startSmallCloud(t);
      const answers = QUESTIONS.slice(0, index).map((question) => {
        if (question.to === 'Inventory file') return {...question, answer: cloud.inventory};
        if (term === 'xterm') return question;
        return {
          ...question,
          answer: question.to === 'What now?' ? '4' : question.to.startsWith('Where') ? '1' : '',
        };
      });
      const {code, screen} = await initOn(cloud, [...answers, {to, answer: CTRL_C}], {TERM: term});
      t.is(code, 130, screen);
      t.regex(screen, /interrupted; nothing was written/);
      t.true(await isUnwritten(cloud));
    });
  }
}

test.serial('whoever does not agree has nothing written, and an old profile as it was', async (t) => {
  const cloud = await startSmallCloud(t);
  const file = path.join(cloud.home, '.config/reprieve/config.yaml');
  const before = await readFile(file, 'utf8');
  const {code, screen} = await initOn(
    cloud,
    [
      {to: 'How are nodes reached', answer: ''},
      {to: 'Replace ', answer: ''},
    ],
    {XDG_CONFIG_HOME: ''},
    ['--inventory', cloud.inventory],
  );
  t.is(code, 3, screen);
  t.regex(screen, /\+ cloud: small/);
  t.regex(screen, /nobody agreed, so .* was not written/);
  t.is(await readFile(file, 'utf8'), before);
});
