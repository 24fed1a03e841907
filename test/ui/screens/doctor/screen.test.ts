import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../../../source/app/errors.js';
import type {Diagnosis, DiagnosisSink} from '../../../../source/app/doctor/diagnosis.js';
import {anyScreen, type ScreenEntry, type ScreenObject} from '../../../../source/ui/screen.js';
import {doctorScreen} from '../../../../source/ui/screens/doctor/screen.js';
import {diagnosed, FINDINGS, NOW, OPTIONS, soFar} from '../../../helpers/doctor-states.js';
import {showScreens, type ShownOptions, type ShownScreens} from '../../../helpers/shown-screens.js';

type Opened = {readonly name: string; readonly object: ScreenObject | undefined};

type Shown = ShownScreens & {
  /** Other screens that were opened. */
  readonly opened: readonly Opened[];
  /** Files that were written. */
  readonly files: ReadonlyMap<string, string>;
  readonly tell: DiagnosisSink;
  /** Ends the look that goes on. */
  readonly end: (outcome: Diagnosis | UserError) => void;
};

/** The screen on a terminal; looks end when the test says so. */
function show(t: ExecutionContext, options: Partial<ShownOptions> = {}): Shown {
  const opened: Opened[] = [];
  const files = new Map<string, string>();
  const looks: {tell: DiagnosisSink; end: (outcome: Diagnosis | UserError) => void}[] = [];
  const last = () => {
    const look = looks.at(-1);
    if (look === undefined) throw new Error('nothing is being looked at');
    return look;
  };
  const ports = {
    clock: {now: () => NOW},
    diagnose: async (seeCloud: (name: string) => void, tell: DiagnosisSink, signal: AbortSignal) =>
      new Promise<Diagnosis>((resolve, reject) => {
        seeCloud('fra1');
        signal.addEventListener('abort', () => reject(new DOMException('over', 'AbortError')));
        looks.push({
          tell,
          end: (outcome) => (outcome instanceof UserError ? reject(outcome) : resolve(outcome)),
        });
      }),
    report: async (diagnosis: Diagnosis) => `# ${diagnosis.findings.length} findings\n`,
    writeNew: async (file: string, text: string) => {
      if (files.has(file)) throw new UserError('failed', `${file}: it exists already`);
      files.set(file, text);
      return `/home/op/${file}`;
    },
  };
  const entry: ScreenEntry = {
    name: 'doctor',
    description: 'the doctor',
    open: (shell) =>
      anyScreen(
        doctorScreen(ports, OPTIONS, {
          open: (name, object) => void opened.push({name, object}),
          copy: (text) => shell.copy(text),
        }),
      ),
  };
  const screens = showScreens(t, [entry], {first: 'doctor', start: NOW, ...options});
  return {
    ...screens,
    opened,
    files,
    tell: (diagnosis) => last().tell(diagnosis),
    end: (outcome) => last().end(outcome),
  };
}

const WINDOWS = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

for (const [columns, rows] of WINDOWS) {
  for (const look of [{theme: 'dark'}, {theme: 'light'}, {theme: 'mono'}, {symbols: 'ascii'}] as const) {
    test(`findings come in, are opened and left, ${columns}x${rows}, ${Object.values(look).join('')}`, async (t) => {
      const {until, press, tell, end, opened} = show(t, {columns, rows, ...look});
      await until('Nova is asked');
      const whole = await diagnosed();
      tell(soFar(whole, FINDINGS.slice(1, 2), 1));
      await until(/looking at 1 of 5 nodes.* 1 error/);
      t.regex((await until(/nova-compute is down/)).join('\n'), /^[▌>]. compute-2/m);
      end(whole);
      const shown = await until('write 7200');
      t.is(shown.length, rows);
      t.regex(shown[0] ?? '', /reprieve {2}doctor .*fra1 .*as of 03:12:40 UTC$/);
      t.regex(shown.at(-2) ?? '', /^ reprieve doctor --cloud fra1 --json +1 of 5$/);
      t.regex(
        shown.at(-1) ?? '',
        /^ f remedy {3}j k next {3}w its servers {3}enter evidence {3}ctrl-r again/,
      );
      await press('enter');
      const evidence = await until(/esc findings/);
      t.regex(evidence.join('\n'), /ComputeManager\._reclaim_queued_deletes/);
      if ('symbols' in look) t.regex([...shown, ...evidence].join('\n'), /^[\x20-\x7e\n]*$/);
      await press('esc', 'f');
      await until('enter evidence');
      t.deepEqual(opened, [{name: 'setup', object: {kind: 'set-up', hosts: ['compute-1'], interval: '2h'}}]);
    });
  }
}

test('each severity has its colour; the selected row has the bar, the background and a bold name', async (t) => {
  const {until, end, cell} = show(t);
  await until('Nova is asked');
  end(await diagnosed());
  await until('write 7200');
  t.like(cell(3, 0), {text: '▌', colour: '#63c5ea'});
  t.like(cell(3, 1), {text: '✗', colour: '#ff7a66', background: '#223b50'});
  t.like(cell(3, 3), {isBold: true, background: '#223b50'});
  t.like(cell(5, 1), {text: '▲', colour: '#f2994a'});
  t.like(cell(8, 1), {text: '✓', colour: '#4fc3a1'});
});

test('o copies the ssh command and says so', async (t) => {
  const {until, press, end, written} = show(t);
  await until('Nova is asked');
  end(await diagnosed());
  await until('write 7200');
  await press('o');
  await until('copied: ssh compute-1');
  t.true(written().includes(Buffer.from('ssh compute-1').toString('base64')));
});

test('x writes a report to a file of that name, and says where; one that is there is left alone', async (t) => {
  const {until, press, type, end, files} = show(t);
  await until('Nova is asked');
  end(await diagnosed());
  await until('write 7200');
  for (const expected of [/written: \/home\/op\/a\.md/, /a\.md: it exists already/]) {
    await press('x');
    const dialog = await until('Write a report');
    t.regex(dialog.join('\n'), /^▌✗ compute-1/m, 'what it is about stays in sight');
    await press('ctrl-u');
    await type('a');
    await press('enter');
    await until(expected);
  }
  t.deepEqual([...files], [['a.md', '# 6 findings\n']]);
});

test('a cloud that refuses is told with what to do, and asked again with ctrl-r', async (t) => {
  const {until, press, end} = show(t);
  await until('Nova is asked');
  end(new UserError('failed', 'cloud fra1: wrong password', {remedy: 'Correct it in clouds.yaml.'}));
  await until(/✗ cloud fra1: wrong password\n {3}Correct it in clouds\.yaml\./);
  await press('ctrl-r');
  await until('Nova is asked');
  end(await diagnosed());
  t.notRegex((await until('write 7200')).join('\n'), /wrong password/);
});

test('a screen reader hears errors as they come, then the finding with all that proves it', async (t) => {
  const {until, press, tell, end} = show(t, {theme: 'reader', columns: 200, rows: 60});
  await until('Doctor: looking: Nova is asked first.');
  const whole = await diagnosed();
  tell(soFar(whole, FINDINGS.slice(1, 2), 1));
  await until('Error: compute-2: nova-compute is down since 02:51.');
  end(whole);
  await until(/2 errors, 2 warnings, 1 note\. 5 nodes, 3 servers/);
  await until(/Selected: error, compute-1: its interval "2h" is no number, 3 stuck\. 1 of 5\./);
  await until('That is certain: the file was read as oslo.config reads it.');
  await press('j');
  const lines = await until(/Selected: error, compute-2: nova-compute is down since 02:51\. 2 of 5\./);
  t.notRegex(lines.join('\n'), /[▌✗▲✓]/);
});

test('help has room for every key in the smallest window', async (t) => {
  const {until, press, end} = show(t, {columns: 80, rows: 24});
  await until('Nova is asked');
  end(await diagnosed());
  await until('write 7200');
  await press('?');
  const help = (await until('this help')).join('\n');
  for (const key of ['f', 'w', 'o', 'x', 'ctrl-r']) t.regex(help, new RegExp(`(?:^| ) ${key} `, 'm'));
  t.notRegex(help, /more lines/);
});

test('a window that is too small says what goes on, and nothing is lost', async (t) => {
  const {until, resize, tell} = show(t, {columns: 80, rows: 24});
  await until('Nova is asked');
  tell(soFar(await diagnosed(), FINDINGS.slice(1, 2), 1));
  await until('nova-compute is down');
  resize(60, 20);
  await until(/Looking at 1 of 5 nodes\./);
  resize(80, 24);
  t.is((await until('nova-compute is down')).length, 24);
});
