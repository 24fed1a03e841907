import type {Template} from '../../../app/template/template-types.js';
import {byGroup} from '../../../text/template.js';
import {remembered} from '../../remembered.js';
import type {TemplatesState} from './state.js';

/** Templates of one group that fit the filter. */
export type PickGroup = {readonly name: string; readonly templates: readonly Template[]};

/** What can be picked, by group; nothing as long as it is not read. */
export function pickGroups({found, filter}: Pick<TemplatesState, 'found' | 'filter'>): readonly PickGroup[] {
  return found.kind === 'ready' ? groupsIn(found.value.templates, filter.field.text) : [];
}

const groupsIn = remembered((templates: readonly Template[], text: string): readonly PickGroup[] => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({name, title, tool, group}: Template): boolean => {
    const all = `${name} ${title} ${tool} ${group}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  return Array.from(byGroup(templates.filter(fits)), ([name, members]) => ({name, templates: members}));
});

/** The same in the order in which the cursor goes through them. */
export function pickRows(state: Pick<TemplatesState, 'found' | 'filter'>): readonly Template[] {
  return pickGroups(state).flatMap(({templates}) => templates);
}

/** The template with the cursor. */
export function pickedTemplate(
  state: Pick<TemplatesState, 'found' | 'filter' | 'list'>,
): Template | undefined {
  return pickRows(state).find(({name}) => name === state.list.cursor);
}

/** How many templates there are, whatever the filter. */
export function templateCount({found}: Pick<TemplatesState, 'found'>): number {
  return found.kind === 'ready' ? found.value.templates.length : 0;
}
