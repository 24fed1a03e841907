import type {Format} from './format.js';
import {hcl} from './formats/hcl.js';
import {kolla, salt} from './formats/jinja.js';
import {json} from './formats/json.js';
import {markdown} from './formats/markdown.js';
import {oslo} from './formats/oslo.js';
import {plain} from './formats/plain.js';
import {python} from './formats/python.js';
import {shell} from './formats/shell.js';
import {systemd} from './formats/systemd.js';
import {xml} from './formats/xml.js';
import {ansible, hiera, prometheus, yaml} from './formats/yaml.js';

/** Every language that values can be quoted for. A new one is a file in `formats/` and an entry here. */
export const FORMATS: readonly Format[] = [
  shell,
  python,
  yaml,
  ansible,
  hiera,
  prometheus,
  salt,
  oslo,
  kolla,
  systemd,
  hcl,
  json,
  xml,
  markdown,
  plain,
];

/** A language by its name. */
export function formatNamed(name: string): Format | undefined {
  return FORMATS.find((format) => format.name === name);
}

/** The language of a file by the end of its name. */
export function formatOfFile(name: string): Format | undefined {
  return FORMATS.find(({endings}) => endings.some((ending) => name.endsWith(ending)));
}
