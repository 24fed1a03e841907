// Dependencies point down only. Fails the lint step where a file of one layer imports a layer that is not
// listed for it, a package that is not allowed there, or touches the clock, chance or the environment; and where a
// command would load the screens' packages without showing one.
import {existsSync} from 'node:fs';
import {glob, readFile} from 'node:fs/promises';
import path from 'node:path';

/** What each layer may import besides itself: other layers, then packages (`*`: any). */
const LAYERS = {
  domain: {layers: [], packages: []},
  deployments: {layers: ['domain'], packages: []},
  app: {layers: ['domain', 'deployments'], packages: ['node:stream']},
  text: {layers: ['domain', 'app'], packages: ['string-width', 'node:module']},
  node: {layers: [], packages: []},
  adapters: {
    layers: [
      'domain',
      'app/ports.ts',
      'app/errors.ts',
      'app/map-limited.ts',
      'app/doctor/remains-ports.ts',
      'app/flavor/flavor-ports.ts',
      'app/servers/server-ports.ts',
      'app/template/template-ports.ts',
      'app/template/template-types.ts',
      'app/rollout/journal.ts',
      'app/rollout/ansible/ansible-ports.ts',
      'app/rollout/wish.ts',
      'app/init/init-types.ts',
      'node',
    ],
    packages: ['*'],
  },
  demo: {layers: ['domain', 'adapters', 'app/ports.ts', 'app/errors.ts', 'node'], packages: ['*']},
  ui: {
    layers: ['domain', 'app', 'text'],
    packages: ['ink', 'react', 'string-width', 'node:events', 'node:process'],
  },
  commands: {
    layers: ['domain', 'app', 'text', 'ui', 'deployments', 'compose.ts', 'demo/failures.ts'],
    packages: ['commander', 'inquirer', 'node:process'],
  },
  'compose.ts': {
    layers: [
      'domain',
      'app',
      'adapters',
      'deployments',
      'node',
      'demo',
      'version.ts',
      'compose-init.ts',
      'compose-cloud.ts',
      'compose-templates.ts',
      'compose-ansible.ts',
    ],
    packages: ['*'],
  },
  'compose-cloud.ts': {layers: ['app', 'adapters'], packages: ['*']},
  'compose-ansible.ts': {
    layers: ['app', 'adapters', 'compose-cloud.ts', 'compose-templates.ts'],
    packages: ['*'],
  },
  'compose-templates.ts': {layers: ['app', 'adapters', 'domain', 'version.ts'], packages: ['*']},
  'compose-init.ts': {layers: ['app', 'adapters'], packages: ['*']},
  'main.ts': {
    layers: ['commands', 'compose.ts', 'text', 'app', 'domain', 'version.ts', 'interruption.ts'],
    packages: ['commander', 'node:fs', 'node:process', 'node:tty'],
  },
  'cli.ts': {layers: ['main.ts', 'version.ts'], packages: ['node:process', 'node:module']},
  'version.ts': {layers: [], packages: ['node:fs']},
  'interruption.ts': {layers: [], packages: ['node:process']},
};

/** Layers that must give the same answer for the same arguments, always and everywhere. */
const PURE = ['domain', 'deployments', 'app', 'text'];
const IMPURE =
  /(?<![.\w])(process\.|Date\.now\(|new Date\(\)|Math\.random\(|performance\.|setTimeout\(|setInterval\(|fetch\()/;
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Packages that take longer to load than most commands to run: reached by `import()` only. */
const LAZY = /^(?:ink|react)(?:\/|$)/;
const STATIC = /(?:^|\n)\s*(?:import|export)\s(?!type\s)(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]/g;

/** What a file imports when it is loaded; types are gone by then. JSX imports React without saying so. */
async function staticImports(file) {
  const wanted = Array.from((await readFile(file, 'utf8')).matchAll(STATIC), (match) => match[1]);
  return file.endsWith('.tsx') ? [...wanted, 'react/jsx-runtime'] : wanted;
}

/** The path from a file to a lazy package over imports that are made when it is loaded, if there is one. */
async function pathToLazy(file, seen = new Set()) {
  if (seen.has(file)) return undefined;
  seen.add(file);
  for (const wanted of await staticImports(file)) {
    if (LAZY.test(wanted)) return [file, wanted];
    if (!wanted.startsWith('.')) continue;
    const target = path.join(path.dirname(file), wanted).replace(/\.js$/, '.ts');
    const found = await pathToLazy(existsSync(target) ? target : `${target}x`, seen);
    if (found !== undefined) return [file, ...found];
  }
  return undefined;
}

const problems = [];
for await (const file of glob([
  'source/cli.ts',
  'source/commands/*.ts',
  'source/compose.ts',
  'source/ui/start.ts',
])) {
  const found = await pathToLazy(file);
  if (found !== undefined) problems.push(`loads too much at once: ${found.join(' > ')}`);
}
for await (const file of glob('source/**/*.{ts,tsx}')) {
  const inside = path.relative('source', file);
  const layer = inside.split(path.sep)[0];
  const rule = LAYERS[layer];
  if (rule === undefined) {
    problems.push(`${file}: no rule for the layer "${layer}"`);
    continue;
  }
  const text = await readFile(file, 'utf8');
  for (const match of text.matchAll(IMPORT)) {
    const wanted = match[1] ?? match[2];
    if (wanted.startsWith('.')) {
      const target = path
        .join(path.dirname(inside), wanted)
        .replace(/\.js$/, '.ts')
        .split(path.sep)
        .join('/');
      const isAllowed = [layer, ...rule.layers].some(
        (place) => target === place || target.startsWith(`${place}/`),
      );
      if (!isAllowed) problems.push(`${file}: ${layer} must not import ${target}`);
    } else if (!rule.packages.includes('*') && !rule.packages.includes(wanted)) {
      problems.push(`${file}: ${layer} must not import the package ${wanted}`);
    }
  }
  if (PURE.includes(layer)) {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
    const impure = IMPURE.exec(code);
    if (impure !== null) problems.push(`${file}: ${impure[0].trim()} belongs behind a port`);
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
