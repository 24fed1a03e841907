/** Pictures of the real program at work in the embedded cloud. */
import process from 'node:process';
import {startDemo, type Demo} from '../../source/demo/demo.js';
import {programWords} from '../helpers/program.js';
import {SCHEMES, type SchemeName} from './colours.js';
import {withoutEmptyEnd} from './grid.js';
import {type Picture} from './pictures.js';
import {runSession} from './session.js';
import {drawSvg} from './svg.js';

/** A file of docs/pictures. */
export type DrawnPicture = {readonly file: string; readonly svg: string};

/** Rows of the terminal where all that is printed is wanted. */
const MANY_ROWS = 200;

/** Draws every look of a picture. Each has a cloud of its own, so that none sees what another did. */
export async function drawPicture(picture: Picture): Promise<readonly DrawnPicture[]> {
  const drawn: DrawnPicture[] = [];
  for (const scheme of picture.schemes) drawn.push(await drawOne(picture, scheme));
  return drawn;
}

async function drawOne(picture: Picture, name: SchemeName): Promise<DrawnPicture> {
  const {columns, rows, args, title, description, isCommandShown, steps, cloud} = picture;
  const scheme = SCHEMES[name];
  const env = {PATH: process.env['PATH'] ?? ''};
  // Nobody is at work in it: what they do depends on the moment.
  const demo = await startDemo({...cloud, hasTraffic: false, env});
  try {
    const grid = await runSession({
      words: programWords(args),
      env: {...env, ...(await settle(demo))},
      columns,
      rows: rows === 'fit' ? MANY_ROWS : rows,
      prompt: isCommandShown ? ['reprieve', ...args].join(' ') : undefined,
      steps,
      scheme,
    });
    const svg = drawSvg(rows === 'fit' ? withoutEmptyEnd(grid) : grid, scheme, {title, description});
    return {file: `${picture.name}-${name}.svg`, svg};
  } finally {
    await demo.stop();
  }
}

/** Nodes as a profile has them: no path of a temporary folder, and no port, is in the picture. */
async function settle({operator, nodes}: Demo): Promise<Readonly<Record<string, string>>> {
  const all = [...nodes.values()].map(({files}) => files);
  const hosts = (role: 'compute' | 'api') =>
    all.filter((node) => node.role === role).map(({name}) => `      ${name}:`);
  const profile = [
    'inventory:',
    ...['  compute:', '    hosts:', ...hosts('compute')],
    ...['  controller:', '    hosts:', ...hosts('api')],
    'nodes:',
    ...all.map(({name, root}) => `  ${name}: {sysroot: ${JSON.stringify(root)}}`),
    '',
  ];
  await operator.write('.config/reprieve/config.yaml', profile.join('\n'));
  const {HOME = '', XDG_STATE_HOME = '', OS_CLIENT_CONFIG_FILE = '', OS_CLOUD = ''} = operator.env;
  return {HOME, XDG_STATE_HOME, OS_CLIENT_CONFIG_FILE, OS_CLOUD};
}
