// Joins the compiled modules to the program that is installed: a command then loads a dozen files instead of a
// hundred, which is a third of the time in which a short command is done. Ink and React are in it too, in a file of
// their own that only screens load: as some 500 files they take twice as long to the first picture. Packages that are
// large, seldom wanted or particular about how they are loaded stay outside.
import {chmod, cp, glob, mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {rolldown} from 'rolldown';
import {parse} from 'yaml';

const OUT = 'build/bin';
const SOURCE = path.resolve('build/source');

/**
 * An import of a module of Node's own reads every one of its exports, and some are loaded when they are read: of
 * node:http the whole of fetch, of node:process the standard streams. Asked for as an object it costs what is used.
 */
const builtins = {
  name: 'builtins',
  transform(code) {
    const lean = code.replaceAll(
      /^import (?:([\w$]+)(?:, )?)?(?:\* as ([\w$]+)|\{([^}]*)\})? ?from ['"](node:[\w/]+)['"];?$/gm,
      (_, whole, namespace, names, name) => {
        const parts = [whole, namespace, names?.trim() && `{${names.replaceAll(' as ', ': ')}}`];
        const value = `globalThis.process.getBuiltinModule('${name}')`;
        const bindings = parts.filter(Boolean).map((part) => `${part} = ${value}`);
        return bindings.length === 0 ? '' : `const ${bindings.join(', ')};`;
      },
    );
    return lean === code ? null : {code: lean, map: null};
  },
};

/** Text that needs no look at each character; Ink takes such a look at each line four times. */
const {SIMPLE_TEXT} = await import(path.join(SOURCE, 'text/graphemes.js'));

/** Characters of frames that stay taken apart: several windows of 200x60, in less than 10 MiB. */
const MOST_CHARACTERS = 100_000;

const INK = '/node_modules/ink/build/';
/** Appended to Ink's output.js. */
const keptCaches = `
let kept = new OutputCaches();
function keptCaches() {
  let characters = 0;
  for (const line of kept.styledChars.values()) characters += line.length;
  if (characters > ${MOST_CHARACTERS}) kept = new OutputCaches();
  return kept;
}
`;
const CHANGES = [
  {
    // Cryptography, for two filters, takes as long to load as Node takes to start; a clock for people is enough for a limit.
    file: '/node_modules/liquidjs/dist/liquid.node.js',
    from: "var crypto = require('crypto');",
    to: "var crypto = {get createHash() { return require('crypto').createHash; }, get createHmac() { return require('crypto').createHmac; }};",
    more: '\ngetPerformance = () => polyfill;\n',
  },
  {
    // For commands that are programs of their own, which none is: a millisecond of every start.
    file: '/node_modules/commander/lib/command.js',
    from: "const childProcess = require('node:child_process');",
    to: "const childProcess = {get spawn() { return require('node:child_process').spawn; }};",
    more: '',
  },
  {
    // Yoga fetches its program from a data URL, and Node loads all of fetch for it: a fifth of the first frame's time.
    file: '/node_modules/yoga-layout/dist/binaries/yoga-wasm-base64-esm.js',
    from: 'w||"function"!=typeof fetch?Promise',
    to: 'true?Promise',
    more: '',
  },
  {
    file: '/node_modules/string-width/index.js',
    from: 'if (/^[\\u0020-\\u007E]*$/.test(string)) {',
    to: `if (${SIMPLE_TEXT}.test(string)) {`,
    more: '',
  },
  {
    file: `${INK}line-update.js`,
    from: 'const printableAscii = /^[ -~]*$/u;',
    to: `const printableAscii = ${SIMPLE_TEXT};`,
    more: '',
  },
  {
    file: `${INK}output.js`,
    from: 'caches = new OutputCaches();',
    to: 'caches = keptCaches();',
    more: keptCaches,
  },
  {
    file: `${INK}render-node-to-output.js`,
    from: "import widestLine from 'widest-line';",
    to: "import measureText from './measure-text.js';",
    more: '\nfunction widestLine(text) {\n  return measureText(text).width;\n}\n',
  },
];

/** Files that were found. */
const changed = new Set();
/**
 * Ink takes every line of a frame apart into characters with their styles, and measures it, and forgets both with the
 * frame; the next one has nearly the same lines. Kept for the next frames it halves what a key costs. Nothing changes
 * what was kept.
 */
const packages = {
  name: 'packages',
  transform(code, id) {
    const change = CHANGES.find(({file}) => id.endsWith(file));
    if (change === undefined) return null;
    const {file, from, to, more} = change;
    if (code.split(from).length !== 2) {
      throw new Error(`${file} is another one now: look at what scripts/bundle.js changes in it, and why`);
    }
    changed.add(file);
    return {code: code.replace(from, to) + more, map: null};
  },
  buildEnd(error) {
    if (error === undefined && changed.size < CHANGES.length) {
      throw new Error(`only ${changed.size} of ${CHANGES.length} changes to packages found their files`);
    }
  },
};

/** The compiled modules that these import, directly or not, and not only when they are wanted. */
async function staticImports(...entries) {
  const found = new Set();
  const queue = entries.map((entry) => path.join(SOURCE, entry));
  for (const file of queue) {
    if (found.has(file)) continue;
    found.add(file);
    const code = await readFile(file, 'utf8');
    for (const [, name] of code.matchAll(/^(?:import|export)\b[^'";]*? from ['"](\.[^'"]+)['"]/gm)) {
      queue.push(path.resolve(path.dirname(file), name));
    }
  }
  return found;
}

// What every command loads is one file, with small parts that most load; the version is told without it.
const core = await staticImports(
  'main.js',
  'compose.js',
  'commands/command.js',
  'text/paragraph.js',
  'text/sizes.js',
  'domain/oslo/python-text.js',
  'domain/python-number.js',
  'app/decode.js',
  'domain/fleet/vaulted.js',
  'domain/shell-quote.js',
  'text/line-diff.js',
);
core.delete(path.join(SOURCE, 'version.js'));
const conf = await staticImports('commands/conf.js', 'adapters/files/replace-file.js');
// What only flavors need; the rest of what this command loads is shared with others.
const flavor = await staticImports('commands/flavor.js');
// The package that reads YAML, for whoever does.
const yaml = await staticImports('adapters/files/yaml-package.js', 'adapters/openstack/pyyaml.js');
// What fills a template in, with the package for it; what it shares with others is not in it.
const template = await staticImports('commands/template-render.js', 'compose-templates.js');
const isOfTemplates = (id) => template.has(id) && /template/.test(id.slice(SOURCE.length));
const isOfFlavors = (id) => flavor.has(id) && /\/[^/]*flavor/.test(id.slice(SOURCE.length));

const bundle = await rolldown({
  input: 'build/source/cli.js',
  preserveEntrySignatures: 'allow-extension',
  platform: 'node',
  // Ink asks for React's developer tools where DEV is set and somebody has installed them.
  external: ['ssh2', 'inquirer', 'react-devtools-core'],
  plugins: [builtins, packages],
  // React's development build is neither loaded nor shipped.
  transform: {define: {'process.env.NODE_ENV': '"production"'}},
  logLevel: 'warn',
  checks: {ineffectiveDynamicImport: false},
});
await bundle.write({
  dir: OUT,
  cleanDir: true,
  format: 'esm',
  sourcemap: true,
  minify: {compress: true, mangle: true, codegen: {removeWhitespace: true}},
  codeSplitting: {
    groups: [
      {name: 'core', test: (id) => core.has(id) || id.includes('/node_modules/commander/'), priority: 2},
      {name: 'conf', test: (id) => conf.has(id), priority: 1},
      {name: 'flavor', test: isOfFlavors, priority: 1},
      {
        name: 'template',
        test: (id) => isOfTemplates(id) || id.includes('/node_modules/liquidjs/'),
        priority: 1,
      },
      {name: 'yaml', test: (id) => yaml.has(id) || id.includes('/node_modules/yaml/'), priority: 0.5},
    ],
    includeDependenciesRecursively: false,
  },
});
await cp('source/node', `${OUT}/node`, {recursive: true, filter: (name) => !name.endsWith('.ts')});
await cp('source/ansible', `${OUT}/ansible`, {recursive: true});
await chmod(`${OUT}/cli.js`, 0o755);

// What the shipped templates say about themselves, for who renders one: reading YAML takes a third of the time of that.
await mkdir(`${OUT}/templates`);
for await (const file of glob('templates/*/template.yaml')) {
  const name = path.basename(path.dirname(file));
  await writeFile(`${OUT}/templates/${name}.json`, JSON.stringify(parse(await readFile(file, 'utf8'))));
}
