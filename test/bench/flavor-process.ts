/**
 * A process that judges flavors, and nothing else: `judge FILE WARM ROUNDS` prints the seconds of processor time of
 * each round over the flavors of a file; `keys COUNT` the seconds of each change of a draft of 128 vCPUs on 8 NUMA nodes,
 * from the first one on.
 */
import {readFileSync} from 'node:fs';
import process from 'node:process';
import type {Flavor} from '../../source/domain/flavor/flavor.js';
import {layoutOf} from '../../source/domain/flavor/guest-layout.js';
import {judgeFlavor} from '../../source/domain/flavor/judge.js';
import {drawGuest} from '../../source/text/flavor-drawing.js';
import {layoutNotes, outcomeTitle} from '../../source/text/flavor-outcome.js';
import {guestXml} from '../../source/text/guest-xml-lines.js';
import {renderLine} from '../../source/text/line.js';
import {UNICODE_SIGNS} from '../../source/text/signs.js';

/** User and system time of all threads, the collector's too. */
function cpuSeconds(): number {
  const {user, system} = process.cpuUsage();
  return (user + system) / 1e6;
}

function judgeAll(file: string, warm: number, rounds: number): readonly number[] {
  const flavors = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Our own file.
    .map((line) => JSON.parse(line) as Flavor);
  const seconds: number[] = [];
  for (let round = 0; round < warm + rounds; round++) {
    const began = cpuSeconds();
    let verdicts = 0;
    for (const flavor of flavors) if (judgeFlavor(flavor).verdict === 'ok') verdicts += 1;
    if (round >= warm) seconds.push(cpuSeconds() - began);
    if (verdicts === 0) throw new Error('no flavor was fit');
  }
  return seconds;
}

const SPECS = {
  'hw:cpu_sockets': '2',
  'hw:cpu_cores': '32',
  'hw:cpu_threads': '2',
  'hw:numa_nodes': '8',
  'hw:cpu_policy': 'mixed',
  'hw:mem_page_size': '1GB',
  'hw:watchdog_action': 'reset',
};

/** What the wizard does between a key and its repaint, but for the terminal: the judge, the drawing, its words, the XML. */
function pressKeys(count: number): readonly number[] {
  return Array.from({length: count}, (_, key) => {
    const began = performance.now();
    const extraSpecs = {...SPECS, 'hw:cpu_dedicated_mask': `^${key % 128},^${(key * 7 + 1) % 128}`};
    const judgement = judgeFlavor({name: 'keys', vcpus: 128, memoryMib: 524_288, diskGib: 0, extraSpecs});
    const layout = layoutOf(judgement);
    if (layout === undefined) throw new Error(`no guest came of key ${key}`);
    const drawing = drawGuest(layout, {width: key % 2 === 0 ? 66 : 42, signs: UNICODE_SIGNS});
    const lines = [outcomeTitle(layout), ...drawing.lines, ...drawing.legend].map((line) =>
      renderLine(line, true),
    );
    const words = [...layoutNotes(layout), ...judgement.findings.map(({suggestion: text}) => ({text}))];
    const xml = guestXml(judgement).flatMap(({lines: part}) => part);
    if (lines.length < 10 || words.length === 0 || xml.length === 0)
      throw new Error('too little came of a key');
    return (performance.now() - began) / 1000;
  });
}

const [what, first = '', second = '', third = ''] = process.argv.slice(2);
const figures = what === 'judge' ? judgeAll(first, Number(second), Number(third)) : pressKeys(Number(first));
console.log(JSON.stringify(figures));
