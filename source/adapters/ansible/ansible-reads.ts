import {readFile, stat} from 'node:fs/promises';
import {systemReason} from '../files/system-reason.js';
import {isPrintedList} from '../files/inventory.js';

/**
 * Whether Ansible itself reads an inventory that this program reads: all that it knows, but not what
 * `ansible-inventory --list` printed. What cannot be looked at is left to Ansible, which says why.
 */
export async function isReadByAnsible(file: string): Promise<boolean> {
  let text: string;
  try {
    if ((await stat(file)).isDirectory()) return true;
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemReason(error) === undefined) throw error;
    return true;
  }
  if (!text.trimStart().startsWith('{')) return true;
  try {
    return !isPrintedList(JSON.parse(text) as unknown);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return true;
  }
}
