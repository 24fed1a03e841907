import {shellQuote} from '../../domain/shell-quote.js';
import type {Chart} from './doctor-types.js';

const PLAIN_WORD = /^[A-Za-z0-9_.,:@%+=/-]+$/;

/** A command of this program, ready to be typed. */
export function reprieve(...words: readonly string[]): string {
  return line(['reprieve', ...words]);
}

/** A command of the OpenStack client, with the cloud where it has a name in clouds.yaml. */
export function openstack({cloud: {cloud}}: Pick<Chart, 'cloud'>, ...words: readonly string[]): string {
  return line(['openstack', ...(cloud === 'envvars' ? [] : ['--os-cloud', cloud]), ...words]);
}

/** What a shell would take for more than a word is quoted: hosts and names are whatever somebody called them. */
function line(words: readonly string[]): string {
  return words.map((word) => (PLAIN_WORD.test(word) ? word : shellQuote(word))).join(' ');
}
