import {UserError} from '../../app/errors.js';
import type {ValuesFile} from '../../app/template/template-ports.js';
import {readTextFile} from '../files/private-file.js';
import {readYaml, YamlProblem} from '../files/yaml.js';

/** Values by name from a file in YAML or JSON. Rejects with `UserError` (usage), with the line where one is to blame. */
export async function readValuesFile(file: string): Promise<ValuesFile> {
  const text = await readTextFile(file);
  try {
    const {data, repeated, lineOf} = await readYaml(text, '1.2');
    const [twice] = repeated;
    if (twice !== undefined) throw new YamlProblem(`${twice.key} is there twice`, twice.line);
    if (data === null) return {file, values: {}};
    if (typeof data !== 'object' || Array.isArray(data)) {
      throw new YamlProblem('it must be a table of values by name', 1);
    }
    return {file, values: Object.fromEntries(Object.entries(data)), lineOf: (name) => lineOf([name])};
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    throw new UserError('usage', `${file}:${error.line}: ${error.message}`, {cause: error});
  }
}
