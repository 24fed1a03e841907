#!/usr/bin/env node
import process from 'node:process';
import {readVersion} from './version.js';

// Before anything imports React: its development build costs twice the time.
process.env['NODE_ENV'] ??= 'production';

/** As in package.json: with an older one it would fail somewhere, in words of no help. */
const OLDEST_NODE = 22;

const args = process.argv.slice(2);
if (args.length === 1 && args[0] === '--version') {
  // Nothing else is loaded for it: scripts ask often, and it must cost no more than Node itself.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.stdout.write(`${readVersion()}\n`);
} else if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `reprieve needs Node ${OLDEST_NODE} or newer, and this is ${process.version}: begin it with another one.\n`,
  );
  process.exitCode = 2;
} else {
  const {main} = await import('./main.js');
  process.exitCode = await main(args);
  // What is left is taking Node's memory apart, which costs a short command a tenth of its time.
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
}
