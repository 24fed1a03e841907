import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {UserError} from '../../app/errors.js';
import type {ProfileChange} from '../../app/init/init-types.js';
import {isMapping} from '../../domain/fleet/inventory-yaml.js';
import {errorCode} from './error-code.js';
import {writePrivateFile} from './private-file.js';
import {renderProfile} from './profile-text.js';
import {replaceFile} from './replace-file.js';
import {systemReason} from './system-reason.js';
import {readYaml, YamlProblem} from './yaml.js';

/** Settings of one section; undefined takes one out, those that are not named stay. */
export type SectionValues = Readonly<Record<string, ProfileChange['value']>>;

/**
 * Keeps settings in a section of a profile, `watch:`. The rest of the file stays as it is, byte for byte, and so do
 * the comments in the section; where there is no file one is made, for this user only. It is written whole or not at
 * all. Throws `UserError` where it cannot be written, is not YAML, or changed meanwhile; then nothing was written.
 */
export async function keepSection(file: string, section: string, values: SectionValues): Promise<void> {
  const before = await readIfThere(file);
  const text = before?.toString('utf8');
  if (before !== undefined && !Buffer.from(text ?? '').equals(before)) throw unkept(file, 'it is not UTF-8');
  const after = await withSection(text, section, values).catch((error: unknown) => {
    if (!(error instanceof YamlProblem)) throw error;
    throw unkept(`${file}:${error.line}`, `it is not YAML: ${error.message}`, error);
  });
  if (after === undefined) throw unkept(file, `it is written so that only a person can change ${section}`);
  if (
    after === text ||
    (before === undefined && Object.values(values).every((value) => value === undefined))
  ) {
    return;
  }
  if (before === undefined) return makeFile(file, after);
  if ((await replaceFile(file, before, Buffer.from(after))) === 'changed') {
    throw new UserError('refused', `profile ${file} was changed meanwhile; nothing was written`, {
      remedy: 'do it once more',
    });
  }
}

/**
 * The text of a profile with these settings in a section; undefined where that cannot be written without a change
 * of anything else. Throws `YamlProblem`.
 */
export async function withSection(
  text: string | undefined,
  section: string,
  values: SectionValues,
): Promise<string | undefined> {
  const changes = Object.entries(values).map(([key, value]) => ({keys: [section, key], value}));
  if (text === undefined) return renderProfile(undefined, changes);
  const held = await dataOf(text);
  const expected = changed(held, section, values);
  if (isDeepStrictEqual(held, expected)) return text;
  const {parseDocument} = await import('./yaml-package.js');
  // The reader takes the first of several documents, but they cannot be written as one.
  if (parseDocument(text, {version: '1.1'}).errors.length > 0) return undefined;
  for (const write of [spliced, renderProfile]) {
    const result = await write(text, changes);
    if (isDeepStrictEqual(await dataOf(result).catch(ifYaml), expected)) return result;
  }
  return undefined;
}

/** Changes nothing but the lines of these settings. The text stays where that cannot be done. */
async function spliced(text: string, changes: readonly ProfileChange[]): Promise<string> {
  let result = text;
  for (const change of changes) result = await splicedOnce(result, change);
  return result;
}

async function splicedOnce(text: string, change: ProfileChange): Promise<string> {
  const {isMap, isNode, isScalar, parseDocument} = await import('./yaml-package.js');
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lineAfter = (index: number): number => text.indexOf('\n', index) + 1 || text.length;
  const ended = (part: string): string => (part === '' || part.endsWith('\n') ? part : part + newline);
  /** Where the pair of a key begins, where its colon ends, and where its value ends. */
  const find = (map: unknown, name: string | undefined) => {
    const pair = isMap(map) ? map.items.find(({key}) => isScalar(key) && key.value === name) : undefined;
    const key = isScalar(pair?.key) ? pair.key.range : undefined;
    if (!key) return undefined;
    const colon = text.indexOf(':', key[1]) + 1;
    const range = isNode(pair?.value) ? pair.value.range : undefined;
    return {start: key[0], colon, end: Math.max(colon, range?.[1] ?? colon), value: pair?.value};
  };
  const {
    keys: [sectionName, name],
    value,
  } = change;
  const section = find(parseDocument(text, {version: '1.1'}).contents, sectionName);
  if (section === undefined)
    return value === undefined ? text : ended(text) + (await settingText([change], newline));
  const {start, colon, end} = section;
  if (!isMap(section.value)) {
    if (text.slice(colon, end).trim() !== '' || value === undefined) return text;
    const rest = lineAfter(colon);
    const line = await settingText([{keys: [name ?? ''], value}], newline);
    return `${ended(text.slice(0, rest))}  ${line}${text.slice(rest)}`;
  }
  const setting = find(section.value, name);
  const isLast = section.value.items.length === 1 && setting !== undefined;
  if (value === undefined && isLast) {
    const rest = text.slice(start, end).endsWith('\n') ? end : lineAfter(end);
    return text.slice(0, start) + text.slice(rest);
  }
  if (section.value.flow === true) {
    const part = text.slice(colon, end);
    const isWhole = parseDocument(part, {version: '1.1'}).errors.length === 0;
    const after = isWhole
      ? await renderProfile(`x:${part}`, [{keys: ['x', name ?? ''], value}])
      : `x:${part}`;
    return text.slice(0, colon) + after.slice('x:'.length).trimEnd() + text.slice(end);
  }
  if (setting === undefined) {
    if (value === undefined) return text;
    const [first] = section.value.items;
    const [from = 0] = (isScalar(first?.key) ? first.key.range : undefined) ?? [];
    const indent = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
    const line = await settingText([{keys: [name ?? ''], value}], newline);
    const rest = text.slice(start, end).endsWith('\n') ? end : lineAfter(end);
    return `${ended(text.slice(0, rest))}${indent}${line}${text.slice(rest)}`;
  }
  const hasEnd = text.slice(setting.start, setting.end).endsWith('\n');
  if (value === undefined) {
    const line = text.lastIndexOf('\n', setting.start - 1) + 1;
    return text.slice(0, line) + text.slice(hasEnd ? setting.end : lineAfter(setting.end));
  }
  const line = await settingText([{keys: ['x'], value}], newline);
  const written = hasEnd ? line : line.trimEnd();
  return text.slice(0, setting.colon) + written.slice('x:'.length) + text.slice(setting.end);
}

/** Settings as they stand in a profile that holds nothing else. */
async function settingText(changes: readonly ProfileChange[], newline: string): Promise<string> {
  return (await renderProfile('', changes)).replaceAll('\n', newline);
}

function changed(held: unknown, section: string, values: SectionValues): unknown {
  const data = isMapping(held) ? held : {};
  const old = data[section];
  const merged = Object.entries({...(isMapping(old) ? old : {}), ...values});
  const kept = Object.fromEntries(merged.filter(([, value]) => value !== undefined));
  const {[section]: _, ...others} = data;
  if (Object.keys(kept).length > 0) return {...others, [section]: kept};
  return section in data ? others : held;
}

/** What a profile holds; of an empty one nothing, however that is written. */
async function dataOf(text: string): Promise<unknown> {
  const {data, repeated} = await readYaml(text);
  const [twice] = repeated;
  if (twice !== undefined) throw new YamlProblem(`"${twice.key}" is there twice`, twice.line);
  if (data === null || data === undefined) return {};
  if (!isMapping(data)) throw new YamlProblem('a profile is a mapping of settings', 1);
  return data;
}

function ifYaml(error: unknown): undefined {
  if (!(error instanceof YamlProblem)) throw error;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw unkept(file, systemReason(error) ?? String(error), error);
  }
}

async function makeFile(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
  } catch (error) {
    throw unkept(file, systemReason(error) ?? String(error), error);
  }
  await writePrivateFile(file, text);
}

function unkept(place: string, reason: string, cause?: unknown): UserError {
  return new UserError('usage', `profile ${place}: nothing can be kept in it: ${reason}`, {
    cause,
    remedy: 'repair it, or name another one with --profile FILE',
  });
}
