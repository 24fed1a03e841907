#!/usr/bin/env node
import process from 'node:process';
import {readVersion} from './version.js';

// Before anything imports React: its development build costs twice the time.
process.env['NODE_ENV'] ??= 'production';

const args = process.argv.slice(2);
if (args.length === 1 && args[0] === '--version') {
  // Nothing else is loaded for it: scripts ask often, and it must cost no more than Node itself.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.stdout.write(`${readVersion()}\n`);
} else {
  const {main} = await import('./main.js');
  process.exitCode = await main(args);
  // What is left is taking Node's memory apart, which costs a short command a tenth of its time.
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
}
