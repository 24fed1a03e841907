import type {FileCheck} from '../../app/template/template-ports.js';
import type {RenderedFile} from '../../app/template/template-types.js';
import {lineInWords} from '../../domain/template/characters.js';
import {readYaml, YamlProblem} from '../files/yaml.js';
import {readScript} from './read-script.js';

/** Reads a file as what reads its language would; it is told where nothing here can. */
export async function readRendered({format, text}: RenderedFile): Promise<FileCheck> {
  switch (format.name) {
    case 'yaml':
    case 'ansible':
    case 'hiera':
    case 'prometheus':
      return asYaml(text);
    case 'json':
      return asJson(text);
    case 'oslo':
      return asConfiguration(text);
    case 'kolla':
      return /\{[{%#]/.test(text)
        ? {
            verdict: 'none',
            text: 'Jinja is in it: what oslo.config gets is known only when Kolla-Ansible ran',
          }
        : asConfiguration(text);
    case 'shell':
      return readScript(text);
    default:
      return {verdict: 'none', text: `nothing here reads ${format.name}: it was not checked`};
  }
}

async function asYaml(text: string): Promise<FileCheck> {
  try {
    const {repeated} = await readYaml(text);
    const [twice] = repeated;
    return twice === undefined
      ? {verdict: 'ok', text: 'it can be read as YAML'}
      : {verdict: 'failed', text: `${lineInWords(text, twice.line)}: ${twice.key} is there twice`};
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    return {verdict: 'failed', text: `${lineInWords(text, error.line)}: it is no YAML: ${error.message}`};
  }
}

function asJson(text: string): FileCheck {
  try {
    JSON.parse(text);
    return {verdict: 'ok', text: 'it can be read as JSON'};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, line] = /\(line (\d+) column \d+\)/.exec(error.message) ?? [];
    const place = line === undefined ? '' : `${lineInWords(text, Number(line))}: `;
    return {verdict: 'failed', text: `${place}it is no JSON: ${error.message}`};
  }
}

async function asConfiguration(text: string): Promise<FileCheck> {
  const {readDocument} = await import('../../domain/oslo/document.js');
  const {failure} = readDocument(new TextEncoder().encode(text));
  return failure === undefined
    ? {verdict: 'ok', text: 'oslo.config reads it'}
    : {
        verdict: 'failed',
        text: `${lineInWords(text, failure.line)}: oslo.config refuses it: ${failure.reason}`,
      };
}
