import {writeValue} from '../domain/template/read-value.js';
import {formatInterval} from '../domain/duration.js';
import type {ValueDefinition} from '../domain/template/value.js';
import type {Template, TemplateFile} from '../app/template/template-types.js';
import type {Line, Span} from './line.js';
import {paragraph, TEXT_WIDTH} from './paragraph.js';
import {tableLines} from './table.js';

/** Templates by group: what is shown together, in the order in which groups first come. */
export function byGroup(templates: readonly Template[]): ReadonlyMap<string, readonly Template[]> {
  const groups = new Map<string, Template[]>();
  for (const name of GROUPS) groups.set(name, []);
  for (const template of templates) {
    const group = groups.get(template.group) ?? [];
    group.push(template);
    groups.set(template.group, group);
  }
  return new Map(Array.from(groups).filter(([, members]) => members.length > 0));
}

/** The shipped ones, in the order of the work; a team's own come after. */
const GROUPS = ['Delayed delete', 'Flavors', 'Guest half of the watchdog', 'Operations'];

/** Every template with its name and title, by group. */
export function templatesLines(templates: readonly Template[], width: number | undefined): readonly Line[] {
  const lines: Line[] = [];
  for (const [group, members] of byGroup(templates)) {
    if (lines.length > 0) lines.push('');
    lines.push([{text: group, tone: 'strong'}]);
    const rows = members.map(({name, title, origin}): readonly Span[] => [
      `  ${name}`,
      origin.isShipped ? title : `${title} (yours)`,
    ]);
    lines.push(...tableLines([{title: ''}, {title: '', narrowest: 20}], rows, width).slice(1));
  }
  return lines.length === 0 ? ['There are no templates.'] : lines;
}

/** How files are used, with the values of this example. */
export type ExampleUsage = {readonly example: string; readonly lines: readonly string[]};

/** A template: what it is for, what it asks for, what it makes, and how that is used. */
export function templateLines(
  template: Template,
  usage: ExampleUsage | undefined,
  columns: number | undefined,
): readonly Line[] {
  const width = Math.min(columns ?? TEXT_WIDTH, 100);
  const {name, title, purpose, values, files, examples, origin, tool} = template;
  return [
    [{text: name, tone: 'strong'}, `  ${title}`],
    ...paragraph(`for ${tool}, ${origin.isShipped ? 'shipped' : `in ${origin.folder}`}`, 0, '', width),
    '',
    ...purpose
      .trim()
      .split(/\n{2,}/)
      .flatMap((part, index) => [
        ...(index === 0 ? [] : ['']),
        ...paragraph(part.replaceAll('\n', ' '), 0, '', width),
      ]),
    ...titled(
      'Values',
      values.flatMap((value) => valueLines(value, width)),
    ),
    ...titled('Files', files.map(fileWords)),
    ...titled('Examples', [`  ${examples.map((example) => example.name).join(', ')}`]),
    ...titled(
      // What hangs on values is told with those of an example.
      `How it is used${template.usage?.includes('{') === true ? `, as in the example ${usage?.example}` : ''}`,
      (usage?.lines ?? []).map((line) => `  ${line}`),
    ),
  ];
}

/** A value in a path stands there by its name: `hosts/HOST.conf`. */
function fileWords({path, each, when}: TemplateFile): string {
  const shown = path.replace(/\{\{-?\s*(\w+)[^}]*\}\}/g, (_, name: string) => name.toUpperCase());
  const repeated = each === undefined ? '' : `  for each of ${each.list}`;
  return `  ${shown}${repeated}${when === undefined ? '' : `  only with ${when}`}`;
}

function titled(title: string, lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : ['', [{text: title, tone: 'strong'}], ...lines];
}

function valueLines(value: ValueDefinition, width: number): readonly Line[] {
  const {name, isRequired, help, from} = value;
  const kept =
    value.default === undefined ? '' : `, else ${writeValue(value.default, value.type) || 'nothing'}`;
  const range = rangeOf(value);
  const sources = from.length === 0 ? '' : `; from ${from.join(' or ')}`;
  return [
    [
      `  ${name}`,
      {text: `  ${kindOf(value)}${range}${isRequired ? ', needed' : kept}${sources}`, tone: 'muted'},
    ],
    ...paragraph(help, 4, '    ', width),
  ];
}

function kindOf({type, choices}: ValueDefinition): string {
  return type === 'choice' ? choices.join(' | ') : type;
}

function rangeOf({type, least, most}: ValueDefinition): string {
  const told = (bound: number): string => (type === 'interval' ? formatInterval(bound) : String(bound));
  if (least !== undefined && most !== undefined) return ` from ${told(least)} to ${told(most)}`;
  if (least !== undefined) return least === 0 ? '' : ` of at least ${told(least)}`;
  return most === undefined ? '' : ` of at most ${told(most)}`;
}
