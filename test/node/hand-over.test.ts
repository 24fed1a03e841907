// What a node keeps where somebody else, such as Ansible, carries an edit out.
import test from 'ava';
import {
  giveServiceManager,
  change,
  EDIT,
  FILE,
  NEW,
  OLD,
  restoreFrom,
  RUN,
  sha256,
} from '../helpers/node-requests.js';
import {makeNode, SHELLS, type TestNode} from '../helpers/node-programs.js';

const HOME = `var/lib/reprieve/${RUN}/compute`;
/** As another tool may write the same value. */
const OTHER = OLD.replace('reclaim_instance_interval = 60', 'reclaim_instance_interval=7200');

/** What is taken back where `right` reads as planned too. */
const takeBack = (right?: string) =>
  ({
    action: {
      kind: 'take-back',
      file: FILE,
      digestRight: right === undefined ? undefined : sha256(right),
      option: 'reclaim_instance_interval',
    },
    restart: undefined,
  }) as const;

async function handedOver(t: Parameters<typeof makeNode>[0], shell: string) {
  const node = await makeNode(t);
  await giveServiceManager(node);
  await node.write(FILE, OLD, 0o640);
  const edit = {...EDIT, digestAfter: undefined};
  const answer = await change(node, {action: edit, isHandedOver: true}, {shell});
  return {node, answer};
}

async function lastState(node: TestNode): Promise<string | undefined> {
  const text = (await node.read(`${HOME}/state`)).toString().trimEnd();
  return text.split('\n').at(-1)?.split('\t')[3];
}

async function recorded(node: TestNode): Promise<string> {
  return (await node.read(`${HOME}/record`)).toString();
}

for (const shell of SHELLS) {
  test(`handed over: the backup and the record are kept, the file and the service are left alone (${shell})`, async (t) => {
    const {node, answer} = await handedOver(t, shell);
    t.like(answer, {outcome: 'ok', isWritten: false, restart: 'none', digest: sha256(OLD), warnings: []});
    t.is(answer.before?.startId, '4242:1000000');
    t.is((await node.read(FILE)).toString(), OLD);
    t.is((await node.read(`${HOME}/backup`)).toString(), OLD);
    t.true((await recorded(node)).includes(`\tafter\t${sha256(NEW)}\n`));
    t.is(await lastState(node), 'handed-over');
    await t.throwsAsync(node.read('asked'), {code: 'ENOENT'});
  });

  for (const [what, text] of [
    ['as it would have been written here', NEW],
    ['in another way', OTHER],
  ] as const) {
    test(`taken back: what was written ${what} is recorded, and can be put back (${shell})`, async (t) => {
      const {node} = await handedOver(t, shell);
      await node.write(FILE, text, 0o640);
      const answer = await change(node, takeBack(text), {shell});
      t.like(answer, {outcome: 'ok', isWritten: true, restart: 'none', digest: sha256(text)});
      t.is((await node.read(FILE)).toString(), text);
      t.true((await recorded(node)).includes(`\tafter\t${sha256(text)}\n`));
      t.is((await recorded(node)).match(/\tafter\t/g)?.length, 1);
      t.is(await lastState(node), 'written');
      const back = await change(node, {action: {...restoreFrom(RUN), digestBefore: sha256(text)}}, {shell});
      t.like(back, {outcome: 'ok', isWritten: true});
      t.is((await node.read(FILE)).toString(), OLD);
    });
  }

  for (const [what, text, right] of [
    ['another option beside the planned one', `${NEW}debug = true\n`, `${NEW}debug = true\n`],
    [
      'another option, and the planned one in another way',
      `${OTHER}debug = true\n`,
      `${OTHER}debug = true\n`,
    ],
    ['another option alone', `${OLD}debug = true\n`, undefined],
    ['another value of the option', OLD.replace('60', '3600'), undefined],
    ['a file that reads right and is not the one that was read', OTHER.replace('7200', '7201'), OTHER],
    ['nothing at all', '', ''],
  ] as const) {
    test(`not taken back: what somebody else wrote, ${what}, is not recorded and not put back over (${shell})`, async (t) => {
      const {node} = await handedOver(t, shell);
      await node.write(FILE, text, 0o640);
      const before = await recorded(node);
      const answer = await change(node, takeBack(right), {shell});
      t.like(answer, {outcome: 'changed', isWritten: false, restart: 'none', digest: sha256(text)});
      t.is(await recorded(node), before);
      t.is(await lastState(node), 'handed-over');
      const back = await change(node, {action: restoreFrom(RUN)}, {shell});
      t.like(back, {outcome: 'changed', isWritten: false});
      t.is((await node.read(FILE)).toString(), text);
    });
  }

  test(`not taken back: without the name of an option nothing is compared (${shell})`, async (t) => {
    const {node} = await handedOver(t, shell);
    await node.write(FILE, OTHER, 0o640);
    for (const option of ['', '.*']) {
      const action = {...takeBack(OTHER).action, option};
      t.like(await change(node, {action, restart: undefined}, {shell}), {outcome: 'changed'});
    }
  });

  test(`taken back where Ansible wrote in the place of the commented default (${shell})`, async (t) => {
    const node = await makeNode(t);
    await giveServiceManager(node);
    const old = '[DEFAULT]\n#reclaim_instance_interval = 0\nuse_ipv6 = false\n';
    const text = '[DEFAULT]\nreclaim_instance_interval = 7200\nuse_ipv6 = false\n';
    await node.write(FILE, old, 0o640);
    const offset = old.indexOf('use_ipv6');
    const replacement = 'reclaim_instance_interval = 7200\n';
    const edit = {...EDIT, digestBefore: sha256(old), digestAfter: undefined, offset, length: 0, replacement};
    await change(node, {action: edit, isHandedOver: true}, {shell});
    await node.write(FILE, text, 0o640);
    t.like(await change(node, takeBack(text), {shell}), {outcome: 'ok', isWritten: true});
    const back = {...restoreFrom(RUN), digestBefore: sha256(text), digestAfter: sha256(old)};
    t.like(await change(node, {action: back}, {shell}), {outcome: 'ok', isWritten: true});
    t.is((await node.read(FILE)).toString(), old);
  });

  test(`taken back untouched: the record says that nothing was changed (${shell})`, async (t) => {
    const {node} = await handedOver(t, shell);
    const answer = await change(node, takeBack(), {shell});
    t.like(answer, {outcome: 'ok', isWritten: false, digest: sha256(OLD)});
    t.is(await lastState(node), 'not-changed');
    t.true((await recorded(node)).includes(`\tafter\t${sha256(NEW)}\n`));
  });

  test(`taken back where only a restart was handed over, or nothing at all: nothing is recorded (${shell})`, async (t) => {
    const node = await makeNode(t);
    await giveServiceManager(node);
    await node.write(FILE, OLD, 0o640);
    const back = takeBack();
    t.like(await change(node, back, {shell}), {outcome: 'ok', isWritten: false});
    const over = await change(node, {action: {kind: 'restart'}, isHandedOver: true}, {shell});
    t.like(over, {outcome: 'ok', restart: 'none', isWritten: false});
    t.is(over.before?.startId, '4242:1000000');
    const before = await recorded(node);
    t.like(await change(node, back, {shell}), {outcome: 'ok', isWritten: false});
    t.is(await recorded(node), before);
  });

  test(`handed over twice, as by a run that goes on: the first backup stays (${shell})`, async (t) => {
    const {node} = await handedOver(t, shell);
    const again = await change(
      node,
      {action: {...EDIT, digestAfter: undefined}, isHandedOver: true},
      {shell},
    );
    t.like(again, {outcome: 'ok', isWritten: false});
    t.is((await node.read(`${HOME}/backup`)).toString(), OLD);
  });

  test(`a file that is not as planned is not handed over (${shell})`, async (t) => {
    const node = await makeNode(t);
    await giveServiceManager(node);
    await node.write(FILE, OTHER, 0o640);
    const answer = await change(node, {action: EDIT, isHandedOver: true}, {shell});
    t.like(answer, {outcome: 'changed', isWritten: false});
    await t.throwsAsync(node.read(`${HOME}/record`), {code: 'ENOENT'});
  });
}
