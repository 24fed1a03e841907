/** What the report says about doctor. */
import {median} from './command.js';
import type {DoctorFigures} from './doctor-bench.js';
import type {Promised} from './screen-report.js';
import {spread, table} from './tables.js';

/** What is promised about doctor, held against these figures. */
export function doctorPromises(figures: DoctorFigures | undefined, hosts: number): readonly Promised[] {
  const {many, lab, mib} = figures ?? {};
  return [
    {
      promise: `doctor on ${hosts} nodes: at most 1.3 times plain ssh with the same program`,
      value: many?.ours && median(many.ours) / median(many.theirs),
      unit: ' times',
      isMet: (value) => value <= 1.3,
    },
    {
      promise: `doctor on ${hosts} nodes: below 250 MB`,
      value: mib,
      unit: ' MiB',
      isMet: (value) => value * 1.048576 < 250,
    },
    {
      promise: 'doctor on the nodes of a lab: at most 1.5 times `status` of the slowest one',
      value: lab && median(lab.doctor) / median(lab.slowest),
      unit: ' times',
      isMet: (value) => value <= 1.5,
    },
  ];
}

/** The part of the report, with its heading. */
export function doctorSection({hosts, many, width, mib, lab}: DoctorFigures): string {
  const row = (who: string, seconds: readonly number[], base: readonly number[]) => [
    who,
    ...spread(seconds, 2),
    (median(seconds) / median(base)).toFixed(2),
  ];
  return `## Doctor

The hosts of the fleet, each with a log of 2,000 lines. Plain ssh is \`xargs -P\` and the system's \`ssh\`, which feeds the program that doctor sends and writes its answer to a file; ${width.theirs} at a time for it and ${width.ours} for doctor were fastest among 20, 50 and 100. Most memory resident: ${mib.toFixed(0)} MiB. In the lab, a real OpenStack with systemd on each node, doctor is the whole command with all that it asks of Keystone and Nova, \`status\` is the same for the facts of one node, and \`ssh\` is the program alone, without Keystone and Nova, which take most of the second.

${table(
  ['', 'median (s)', 'from, to', 'ratio'],
  [
    row(`\`reprieve doctor\`, ${hosts} hosts`, many.ours ?? [], many.theirs),
    row(`plain ssh, ${hosts} hosts`, many.theirs, many.theirs),
    ...(lab === undefined
      ? []
      : [
          row(`\`reprieve doctor\`, ${lab.nodes} nodes of a lab`, lab.doctor, lab.slowest),
          row('`reprieve status`, the slowest of them', lab.slowest, lab.slowest),
          row('plain ssh, the slowest of them', lab.ssh, lab.slowest),
        ]),
  ],
)}`;
}
