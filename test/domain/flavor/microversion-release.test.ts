import test from 'ava';
import {releaseOfMicroversion} from '../../../source/domain/flavor/microversion-release.js';

test('the newest microversion tells the release, the newest of several', (t) => {
  const cases: readonly (readonly [newest: number, name: string, candidates: readonly string[]])[] = [
    [87, 'victoria', ['ussuri', 'victoria']],
    [88, 'wallaby', ['wallaby']],
    [90, 'yoga', ['xena', 'yoga']],
    [93, 'zed', ['zed']],
    [95, '2023.2', ['2023.1', '2023.2']],
    [96, '2024.2', ['2024.1', '2024.2']],
    [100, '2025.2', ['2025.1', '2025.2']],
    [103, '2026.1', ['2026.1']],
  ];
  for (const [newest, name, candidates] of cases) {
    const guessed = releaseOfMicroversion(newest);
    t.is(guessed.release.name, name, `2.${newest}`);
    t.deepEqual(guessed.candidates, candidates, `2.${newest}`);
  }
});

test('one between two releases counts as the next, and what is not known as the nearest that is', (t) => {
  t.is(releaseOfMicroversion(92).release.name, 'zed');
  t.deepEqual(releaseOfMicroversion(79), {release: {name: 'ussuri', version: 2100}, candidates: []});
  t.deepEqual(releaseOfMicroversion(104), {release: {name: '2026.1', version: 3300}, candidates: []});
});
