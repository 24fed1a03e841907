/** Pictures of the real program at work on a small cloud. */
import {programWords} from '../helpers/program.js';
import {startSmallCloud, type SmallCloud} from '../helpers/small-cloud.js';
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
  const {columns, rows, args, title, description, isCommandShown, steps} = picture;
  const scheme = SCHEMES[name];
  const closers: (() => unknown)[] = [];
  try {
    const cloud = await startSmallCloud({
      teardown: (close) => void closers.push(close),
      timeout: Object.assign(() => undefined, {clear: () => undefined}),
    });
    await settle(cloud);
    const grid = await runSession({
      words: programWords(args),
      env: {PATH: cloud.env['PATH'] ?? '', HOME: cloud.home},
      columns,
      rows: rows === 'fit' ? MANY_ROWS : rows,
      prompt: isCommandShown ? ['reprieve', ...args].join(' ') : undefined,
      steps,
      scheme,
    });
    const svg = drawSvg(rows === 'fit' ? withoutEmptyEnd(grid) : grid, scheme, {title, description});
    return {file: `${picture.name}-${name}.svg`, svg};
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

/** Nodes and cloud as a profile has them: no path of a temporary folder, and no port, is in the picture. */
async function settle(cloud: SmallCloud): Promise<void> {
  await cloud.write('.config/openstack/clouds.yaml', cloud.clouds().replace('  small:', '  lab:'));
  const hosts = (role: 'compute' | 'api') =>
    cloud.nodes
      .filter((node) => node.role === role)
      .map(
        ({name}) =>
          `      ${name}: {ansible_host: 127.0.0.1, ansible_port: ${cloud.ssh.get(name)?.port}, ansible_user: root}`,
      );
  const profile = [
    'inventory:',
    ...['  compute:', '    hosts:', ...hosts('compute')],
    ...['  controller:', '    hosts:', ...hosts('api')],
    'nodes:',
    ...cloud.nodes.map(({name, root}) => `  ${name}: {sysroot: "${root}"}`),
    '',
  ];
  await cloud.write('.config/reprieve/config.yaml', profile.join('\n'));
}
