import {UserError} from '../errors.js';
import {fillValues, valuesOf} from './fill-values.js';
import {openTemplate} from './open-template.js';
import {renderTemplate, type RenderPorts} from './render-template.js';
import type {TemplateStore} from './template-ports.js';

/** What a guest needs to feed its watchdog where systemd runs: of one template, whose first file is user data. */
const TEMPLATE = 'systemd';

/**
 * The guest half of the watchdog as user data for cloud-init, with the values that its template has by itself; a team's
 * template of that name counts before ours. Rejects as `openTemplate` and `renderTemplate`.
 */
export async function renderGuestHalf(ports: RenderPorts & {readonly store: TemplateStore}): Promise<string> {
  const template = await openTemplate(ports.store, TEMPLATE);
  const filled = fillValues(template, {written: [], files: [], known: {}});
  const {files} = await renderTemplate(template, valuesOf(filled), ports);
  const [first] = files;
  if (first !== undefined) return first.text;
  throw new UserError('usage', `template ${TEMPLATE} makes no file without values of its own`, {
    remedy: `see: reprieve template show ${TEMPLATE}`,
  });
}
