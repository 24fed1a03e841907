import {createHash} from 'node:crypto';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {
  CheckPorts,
  Digest,
  OutputFolder,
  StoredTemplate,
  TemplateEngine,
  TemplateStore,
} from './app/template/template-ports.js';
import {liquidEngine} from './adapters/template/engine.js';
import {readRendered} from './adapters/template/read-rendered.js';
import {templateAt, templateStore, type TemplateFolder} from './adapters/template/template-store.js';
import {readVersion} from './version.js';

/** What works with templates needs from outside. */
export type TemplatePorts = {
  readonly store: TemplateStore;
  /** A folder itself as a template. */
  readonly at: (folder: string) => StoredTemplate;
  /** Where a template that is begun is put. */
  readonly ownFolder: string;
  readonly engine: TemplateEngine;
  readonly digest: Digest;
  readonly version: string;
  readonly folder: (name: string) => OutputFolder;
} & CheckPorts;

/** Which folders hold templates. */
export type TemplateRequest = {
  /** `--templates`; it must be there. */
  readonly folder: string | undefined;
  /** Templates may lie beside a profile that is named. */
  readonly profile: string | undefined;
  /** The profile's place where none is named. */
  readonly defaultProfile: string;
  /** Whether a template is to be made in the folder: then it may be missing. */
  readonly isNew: boolean;
};

/** Those of the command line come first, then those beside the profile, those of the user, and the shipped ones. */
export function composeTemplates({folder, profile, defaultProfile, isNew}: TemplateRequest): TemplatePorts {
  const beside = path.join(path.dirname(path.resolve(profile ?? defaultProfile)), 'templates');
  const own = path.join(path.dirname(defaultProfile), 'templates');
  const folders: TemplateFolder[] = [
    ...(folder === undefined ? [] : [{path: path.resolve(folder), isShipped: false, isNamed: !isNew}]),
    {path: beside, isShipped: false, isNamed: false},
    ...(own === beside ? [] : [{path: own, isShipped: false, isNamed: false}]),
    {
      path: fileURLToPath(new URL('../../templates', import.meta.url)),
      isShipped: true,
      isNamed: true,
      descriptions: fileURLToPath(new URL('./templates', import.meta.url)),
    },
  ];
  return {
    store: templateStore(folders),
    at: (name) => templateAt(path.resolve(name)),
    ownFolder: folder ?? beside,
    engine: liquidEngine(),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    version: readVersion(),
    folder: writtenFolder,
    read: readRendered,
  };
}

/** What writes is loaded when first needed: most templates are looked at far more often. */
function writtenFolder(name: string): OutputFolder {
  const opened = async (): Promise<OutputFolder> => {
    const {outputFolder} = await import('./adapters/template/output-folder.js');
    return outputFolder(name);
  };
  return {
    beginnings: async () => (await opened()).beginnings(),
    look: async (file) => (await opened()).look(file),
    write: async (files) => (await opened()).write(files),
  };
}
