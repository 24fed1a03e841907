import type {RenderedFile} from '../../app/template/template-types.js';
import {readYaml, YamlProblem} from '../files/yaml.js';

/** What this program itself reads, by the names of languages. */
const READERS: Readonly<Record<string, 'YAML' | 'JSON' | 'oslo.config'>> = {
  yaml: 'YAML',
  ansible: 'YAML',
  hiera: 'YAML',
  prometheus: 'YAML',
  json: 'JSON',
  oslo: 'oslo.config',
};

/** Who reads files of a language here; undefined where nobody does. */
export function readerOf(format: string): string | undefined {
  return READERS[format];
}

/** Why a file cannot be read in its language; undefined where it can, or where nothing here reads that language. */
export async function readable({format, text}: RenderedFile): Promise<string | undefined> {
  switch (READERS[format.name]) {
    case 'YAML':
      try {
        const {repeated} = await readYaml(text);
        const [twice] = repeated;
        return twice === undefined ? undefined : `line ${twice.line}: ${twice.key} is there twice`;
      } catch (error) {
        if (!(error instanceof YamlProblem)) throw error;
        return `line ${error.line}: it is no YAML: ${error.message}`;
      }
    case 'JSON':
      try {
        JSON.parse(text);
        return undefined;
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return `it is no JSON: ${error.message}`;
      }
    case 'oslo.config': {
      const {readDocument} = await import('../../domain/oslo/document.js');
      const {failure} = readDocument(new TextEncoder().encode(text));
      return failure === undefined
        ? undefined
        : `line ${failure.line}: oslo.config refuses it: ${failure.reason}`;
    }
    default:
      return undefined;
  }
}
