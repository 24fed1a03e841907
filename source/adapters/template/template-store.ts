import {isUtf8} from 'node:buffer';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import {
  TemplateProblem,
  type DescriptionText,
  type StoredTemplate,
  type TemplateStore,
} from '../../app/template/template-ports.js';
import {errorCode} from '../files/error-code.js';
import {systemReason} from '../files/system-reason.js';
import {readYaml, YamlProblem} from '../files/yaml.js';

// Nothing else goes on while templates are read: calls that wait need less of Node, and are faster.

const DESCRIPTION = 'template.yaml';
/** Of a description, and of a file of a template: bytes. */
const MOST_BYTES = 1024 * 1024;

/** A folder of templates. `named`: a user has named it, so that it must be there. */
export type TemplateFolder = {
  readonly path: string;
  readonly isShipped: boolean;
  readonly isNamed: boolean;
  /**
   * A folder with the same descriptions as JSON, each by its template's name, made when the program was built: they are
   * read without loading what reads YAML. One that is older than its template does not count.
   */
  readonly descriptions?: string;
};

/** Templates in these folders; of two with one name that of the first folder counts. */
export function templateStore(folders: readonly TemplateFolder[]): TemplateStore {
  return {
    async all() {
      const found = new Map<string, StoredTemplate>();
      for (const folder of folders) {
        for (const name of namesIn(folder)) {
          if (!found.has(name)) found.set(name, stored(folder, name));
        }
      }
      return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async find(name) {
      if (!isName(name)) return undefined;
      for (const folder of folders) {
        if (namesIn(folder, name).includes(name)) return stored(folder, name);
      }
      return undefined;
    },
  };
}

/** A folder itself as a template: for `template test ./mine`. */
export function templateAt(folder: string): StoredTemplate {
  return stored({path: path.dirname(folder), isShipped: false, isNamed: true}, path.basename(folder));
}

/** Whether this can be a template's name. */
export function isName(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]*$/.test(name);
}

/** Folders with a name that a template may have; of one name whether it is there. */
function namesIn(folder: TemplateFolder, only?: string): readonly string[] {
  try {
    if (only !== undefined) {
      if (isFolder(path.join(folder.path, only))) return [only];
      if (folder.isNamed) readdirSync(folder.path);
      return [];
    }
    return readdirSync(folder.path).filter((name) => isName(name) && isFolder(path.join(folder.path, name)));
  } catch (error) {
    if (!folder.isNamed && errorCode(error) === 'ENOENT') return [];
    throw new UserError(
      'usage',
      `templates in ${folder.path} cannot be read: ${systemReason(error) ?? String(error)}`,
      {cause: error},
    );
  }
}

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

function stored({path: parent, isShipped, descriptions}: TemplateFolder, name: string): StoredTemplate {
  const folder = path.join(parent, name);
  const file = path.join(folder, DESCRIPTION);
  return {
    name,
    folder,
    file,
    isShipped,
    read: async (source) => readText(path.join(folder, source)),
    async description(): Promise<DescriptionText> {
      const built =
        descriptions === undefined ? undefined : readBuilt(path.join(descriptions, `${name}.json`), file);
      if (built !== undefined) return built;
      const text = readText(file);
      if (text === undefined)
        throw new TemplateProblem('a template has this file, and there is none', undefined);
      try {
        const document = await readYaml(text, '1.2');
        const [repeated] = document.repeated;
        if (repeated !== undefined) throw new YamlProblem(`${repeated.key} is there twice`, repeated.line);
        return {data: document.data, lineOf: (steps) => document.lineOf(steps)};
      } catch (error) {
        if (!(error instanceof YamlProblem)) throw error;
        throw new TemplateProblem(`it is no YAML: ${error.message}`, error.line);
      }
    },
  };
}

/** What was made of a description when the program was built; undefined where there is none that holds. */
function readBuilt(name: string, source: string): DescriptionText | undefined {
  try {
    if (statSync(name).mtimeMs < statSync(source).mtimeMs) return undefined;
    return {data: JSON.parse(readFileSync(name, 'utf8')) as unknown, lineOf: () => undefined};
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function readText(name: string): string | undefined {
  try {
    const {size} = statSync(name);
    if (size > MOST_BYTES) {
      throw new UserError('usage', `${name} is larger than ${MOST_BYTES} bytes, the most that is read`);
    }
    const bytes = readFileSync(name);
    if (!isUtf8(bytes)) throw new UserError('usage', `${name} cannot be read: it is not UTF-8`);
    // A byte-order mark is no part of the text.
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (errorCode(error) === 'ENOENT') return undefined;
    const reason = systemReason(error) ?? String(error);
    throw new UserError('usage', `${name} cannot be read: ${reason}`, {cause: error});
  }
}
