// Joins the compiled modules to the program that is installed: a command then loads a dozen files instead of a
// hundred, which is a third of the time in which a short command is done. Ink and React are in it too, in a file of
// their own that only screens load: as some 500 files they take twice as long to the first picture. Packages that are
// large, seldom wanted or particular about how they are loaded stay outside.
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
  // Ink asks for React's developer tools where DEV is set and somebody has installed them.
  external: ['ssh2', 'inquirer', 'react-devtools-core'],
  // React's development build is neither loaded nor shipped.
  define: {'process.env.NODE_ENV': '"production"'},
  // Commander is CommonJS and asks for Node's own modules by require.
  banner: {
    js: "import {createRequire as createRequireOfBundle} from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  logLevel: 'warning',
});
await cp('source/node', `${OUT}/node`, {recursive: true, filter: (path) => !path.endsWith('.ts')});
await chmod(`${OUT}/cli.js`, 0o755);
