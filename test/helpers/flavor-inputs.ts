import {flavorYaml} from '../../source/adapters/files/flavor-yaml.js';
import {readInputs, type InputEvent} from '../../source/app/flavor/read-inputs.js';

/** Everything that is found in a text that is handed over as `f`. */
export async function readText(text: string | Uint8Array): Promise<InputEvent[]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const inputs = {read: () => Promise.resolve({kind: 'bytes' as const, bytes})};
  const events: InputEvent[] = [];
  for await (const event of readInputs(['f'], {inputs, yaml: () => Promise.resolve(flavorYaml())}))
    events.push(event);
  return events;
}

/** The flavors of a text, without what else is said about it. */
export async function flavorsIn(text: string | Uint8Array) {
  return (await readText(text)).flatMap((event) => (event.kind === 'flavor' ? [event.input.flavor] : []));
}

/** Names of the flavors that are judged, and what is said as `line: detail`, each `(number name)` if known. */
export async function outcomeOf(text: string | Uint8Array) {
  const judged: string[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const event of await readText(text)) {
    if (event.kind === 'flavor') judged.push(event.input.flavor.name);
    else if (event.kind === 'unusable') problems.push(event.detail);
    else if (event.kind !== 'nothing') {
      const {line, number, name} = event.place;
      const which = [number, name].filter((part) => part !== undefined).join(' ');
      const told = `${line}${which === '' ? '' : ` (${which})`}: ${event.detail}`;
      (event.kind === 'problem' ? problems : warnings).push(told);
    }
  }
  return {judged, problems, warnings};
}
