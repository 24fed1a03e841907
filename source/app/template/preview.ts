import type {TemplateValues} from '../../domain/template/value.js';
import {checkFile} from './check-file.js';
import {leftBehind, type LeftBehind} from './left-behind.js';
import {placeFiles, refuseObstacles, replaces, writePlaced, type PlacedFile} from './place-files.js';
import {renderTemplate, type RenderPorts} from './render-template.js';
import type {CheckPorts, FileCheck, OutputFolder} from './template-ports.js';
import type {Template} from './template-types.js';

/** A file as it would be written, what stands in its place, and what was found out about it. */
export type PreviewedFile = PlacedFile & {readonly checks: readonly FileCheck[]};

/** What a template makes with some values, and how it is used. */
export type Preview = {readonly files: readonly PreviewedFile[]; readonly usage: readonly string[]};

export type PreviewPorts = RenderPorts & CheckPorts & {readonly folder: (name: string) => OutputFolder};

/** Everything that is worth knowing before files are written; nothing is. Rejects as `renderTemplate` does. */
export async function previewTemplate(
  template: Template,
  values: TemplateValues,
  folder: string,
  ports: PreviewPorts,
): Promise<Preview> {
  const {files, usage} = await renderTemplate(template, values, ports);
  const placed = await placeFiles(files, ports.folder(folder), ports.digest);
  const previewed: PreviewedFile[] = [];
  for (const one of placed) previewed.push({...one, checks: await checkFile(one, ports)});
  return {files: previewed, usage};
}

/** What is to be written where, and which files that replaces. */
export type WritePlan = {
  readonly folder: string;
  readonly placed: readonly PlacedFile[];
  readonly replaced: readonly PlacedFile[];
  readonly left: LeftBehind;
  readonly usage: readonly string[];
};

/** Looks once more, just before files are written. Rejects with `UserError` (refused) where one cannot be. */
export async function planWrite(
  template: Template,
  values: TemplateValues,
  folder: string,
  ports: PreviewPorts,
): Promise<WritePlan> {
  const {files, usage} = await renderTemplate(template, values, ports);
  const output = ports.folder(folder);
  const placed = await placeFiles(files, output, ports.digest);
  refuseObstacles(placed, folder);
  const left = await leftBehind(template.name, placed, output);
  return {folder, placed, replaced: placed.filter(replaces), left, usage};
}

/** Files that were written, beside those that were as wanted. */
export type Written = WritePlan & {readonly written: ReadonlySet<PlacedFile>};

/** Writes what was planned; what has changed since then stops it. Rejects as `OutputFolder.write` does. */
export async function carryOutWrite(plan: WritePlan, ports: Pick<PreviewPorts, 'folder'>): Promise<Written> {
  return {...plan, written: new Set(await writePlaced(plan.placed, ports.folder(plan.folder)))};
}
