import {hostname, networkInterfaces} from 'node:os';
import {readProc} from './proc.js';
import type {Machine} from '../../domain/oslo/options.js';

/** This machine, as Nova's computed defaults see it. */
export function readMachine(): Machine {
  return {hostname: hostname(), address: defaultAddress()};
}

/** The first IPv4 address of the interface of the default route, as oslo.utils' `get_my_ipv4` finds it. */
function defaultAddress(): string {
  const routes = readProc('/proc/net/route');
  const name = routes
    .split('\n')
    .map((row) => row.split('\t'))
    .find(
      ([, destination, , flags]) => destination === '00000000' && (Number.parseInt(flags ?? '', 16) & 2) > 0,
    )?.[0];
  const addresses = name === undefined ? [] : (networkInterfaces()[name] ?? []);
  return addresses.find((one) => one.family === 'IPv4')?.address ?? '127.0.0.1';
}
