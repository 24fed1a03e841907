import test from 'ava';
import {createSpeaker} from '../../source/ui/speaker.js';
import {openSampleShell} from '../helpers/sample-shell.js';

test('time that goes by is not told, what a screen announces is', async (t) => {
  let hear: (text: string) => void = () => undefined;
  const {shell, wait} = openSampleShell({
    listen: async (say, signal) => {
      hear = say;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });
  const speaker = createSpeaker(shell);
  const before = speaker.lines().length;
  wait(60_000);
  shell.tick();
  t.is(speaker.lines().length, before);
  hear('03:13:31. beta was destroyed by Nova.\u001B[2J');
  t.deepEqual(speaker.lines().slice(before), ['03:13:31. beta was destroyed by Nova.␛[2J']);
  await shell.stop();
});

test('rows that differ in a number only are told apart', (t) => {
  const {shell, press} = openSampleShell({rows: ['web-1', 'web-2', 'web-3']});
  const speaker = createSpeaker(shell);
  const all = speaker.lines().length;
  press('j');
  t.deepEqual(speaker.lines().slice(all), ['Selected: web-2. 2 of 3.']);
});

test('after a key only what it changed is told, and everything again where it is asked for', (t) => {
  const {shell, press} = openSampleShell();
  const speaker = createSpeaker(shell);
  const all = speaker.lines().length;
  press('j');
  t.deepEqual(speaker.lines().slice(all), ['Selected: beta. 2 of 4.']);
  press('j', 'k');
  t.deepEqual(speaker.lines().slice(all + 1), ['Selected: gamma. 3 of 4.', 'Selected: beta. 2 of 4.']);
  const said = speaker.lines().length;
  speaker.repeat();
  t.is(speaker.lines().length, said + all);
});

test('what is typed is told to its last digit, however fast it comes', (t) => {
  const {shell, press} = openSampleShell();
  const speaker = createSpeaker(shell);
  press(':');
  const before = speaker.lines().length;
  shell.keys(['2', 'h']);
  shell.keys(['3']);
  shell.keys(['backspace', '4']);
  const typed = speaker
    .lines()
    .slice(before)
    .filter((line) => line.includes('text field'));
  const words = typed.map((line) => /text field, (\S+)\./.exec(line)?.[1]);
  t.is(words.at(-1), '2h4');
  t.true(words.includes('2h') && words.includes('2h3'));
});

test('help, palette and the log are said too', (t) => {
  const {shell, press} = openSampleShell();
  const speaker = createSpeaker(shell);
  const said = (): string => speaker.lines().join('\n');
  press('?');
  t.true(said().includes('Help. All keys.\nj k: down, up.'));
  press('esc', ':', 'o');
  t.true(said().includes('Go to, text field, empty.'));
  t.true(said().includes('Selected: other, another list.'));
  press('esc', 'l');
  t.true(said().includes('Log, newest first.'));
});
