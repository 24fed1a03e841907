import {readFile} from 'node:fs/promises';
import {hostname, networkInterfaces} from 'node:os';
import type {Machine} from '../../domain/oslo/options.js';

/** This machine, as Nova's computed defaults see it. */
export async function readMachine(): Promise<Machine> {
  return {hostname: hostname(), address: await defaultAddress()};
}

/** The first IPv4 address of the interface of the default route, as oslo.utils' `get_my_ipv4` finds it. */
async function defaultAddress(): Promise<string> {
  const routes = await readFile('/proc/net/route', 'latin1').catch(() => '');
  const name = routes
    .split('\n')
    .map((row) => row.split('\t'))
    .find(
      ([, destination, , flags]) => destination === '00000000' && (Number.parseInt(flags ?? '', 16) & 2) > 0,
    )?.[0];
  const addresses = name === undefined ? [] : (networkInterfaces()[name] ?? []);
  return addresses.find((one) => one.family === 'IPv4')?.address ?? '127.0.0.1';
}
