// Joins the compiled modules to the program that is installed: a command then loads a dozen files instead of a
// hundred, which is a third of the time in which a short command is done. Packages that are large, seldom wanted or
// particular about how they are loaded stay outside.
import {chmod, cp, rm} from 'node:fs/promises';
import {build} from 'esbuild';

const OUT = 'build/bin';

await rm(OUT, {recursive: true, force: true});
await build({
  entryPoints: ['build/source/cli.js'],
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  external: ['ssh2', 'ink', 'react', 'inquirer', 'yaml', 'zod'],
  // Commander is CommonJS and asks for Node's own modules by require.
  banner: {
    js: "import {createRequire as createRequireOfBundle} from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  logLevel: 'warning',
});
await cp('source/node', `${OUT}/node`, {recursive: true, filter: (path) => !path.endsWith('.ts')});
await chmod(`${OUT}/cli.js`, 0o755);
