#!/usr/bin/env node
import process from 'node:process';

// Before anything imports React: its development build costs twice the time.
process.env['NODE_ENV'] ??= 'production';
const {main} = await import('./main.js');
process.exitCode = await main(process.argv.slice(2));
