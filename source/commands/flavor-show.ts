import {defineCommand} from './command.js';
import {option, parseText} from './flag.js';
import {cloudReleaseFlag} from './flavor-release.js';

const NAMES = 'id or name in the cloud, or FILE, or FILE#NAME where it has several; - for stdin';

/** What show and diff judge with; each has flags of its own. */
const lookFlags = () => ({
  image: option(
    '--image <name>',
    'judge with the properties of this image of the cloud: id or name',
    parseText,
    {notInProfile: 'it is about the flavors of one command'},
  ),
  release: cloudReleaseFlag(),
});

/** One flavor, drawn. */
export const show = defineCommand({
  name: 'show',
  summary: 'draw sockets, cores, threads and NUMA nodes of a flavor, and what Nova makes of it',
  args: [{syntax: '<flavor>', help: NAMES, completes: 'file'}],
  flags: lookFlags(),
  examples: [
    'reprieve flavor show db.16c64g',
    'reprieve flavor show db.16c64g --image win2022 --release zed',
    'reprieve flavor show flavors.yaml#db.16c64g --json',
  ],
  async run(context, {args: [word = ''], flags: {image, release}}) {
    const {runFlavorShow} = await import('./flavor-show-run.js');
    return runFlavorShow(context, word, {image, release});
  },
});

/** Two flavors beside each other. */
export const diff = defineCommand({
  name: 'diff',
  summary: 'compare two flavors: what changes for a guest, and for servers that are there',
  args: [
    {syntax: '<before>', help: NAMES, completes: 'file'},
    {syntax: '<after>', help: 'the other one', completes: 'file'},
  ],
  flags: lookFlags(),
  examples: [
    'reprieve flavor diff db.16c64g db.16c64g-v2',
    'reprieve flavor diff db.16c64g flavors.yaml#db.16c64g',
    'reprieve flavor diff --json old.json new.json',
  ],
  async run(context, {args: [before = '', after = ''], flags: {image, release}}) {
    const {runFlavorDiff} = await import('./flavor-diff-run.js');
    return runFlavorDiff(context, {before, after}, {image, release});
  },
});
