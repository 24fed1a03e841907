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
      const answer = await change(
        node,
        {action: {kind: 'take-back', file: FILE}, restart: undefined},
        {shell},
      );
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

  test(`taken back untouched: the record says that nothing was changed (${shell})`, async (t) => {
    const {node} = await handedOver(t, shell);
    const answer = await change(node, {action: {kind: 'take-back', file: FILE}, restart: undefined}, {shell});
    t.like(answer, {outcome: 'ok', isWritten: false, digest: sha256(OLD)});
    t.is(await lastState(node), 'not-changed');
    t.true((await recorded(node)).includes(`\tafter\t${sha256(NEW)}\n`));
  });

  test(`taken back where only a restart was handed over, or nothing at all: nothing is recorded (${shell})`, async (t) => {
    const node = await makeNode(t);
    await giveServiceManager(node);
    await node.write(FILE, OLD, 0o640);
    const back = {action: {kind: 'take-back', file: FILE}, restart: undefined} as const;
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
