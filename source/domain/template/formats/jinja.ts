import type {Format} from '../format.js';
import {oslo} from './oslo.js';
import {yaml} from './yaml.js';

/** A language whose files a tool reads as templates of Jinja first, comments included. */
function behindJinja(name: string, endings: readonly string[], base: Format): Format {
  const {list, table} = base;
  return {
    ...base,
    name,
    endings,
    remark: (line) => base.remark(line).replace(/\{(?=[{%#])/g, '{ '),
    text: (text, place) => withoutJinja(base.text(text, place)),
    list: list && ((items) => withoutJinja(list(items))),
    table: table && ((rows) => withoutJinja(table(rows))),
    embed: (text, at) => withoutJinja(base.embed(text, at)),
  };
}

/** What Jinja prints as this text. */
function withoutJinja(text: string): string {
  return text.replace(/\{[{%#]/g, "{{ '$&' }}");
}

/** Configuration files for Kolla-Ansible. */
export const kolla = behindJinja('kolla', [], oslo);

/** States and pillars of Salt. */
export const salt = behindJinja('salt', ['.sls'], yaml);
