/**
 * What a value of a template may be: a text, a whole or other number, yes or no, a list of texts, or a table of texts by
 * name. An interval is a whole number of seconds. Nothing else reaches a template.
 */
export type TemplateValue = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;

/** Values by name; undefined: not given, and no default. */
export type TemplateValues = Readonly<Record<string, TemplateValue | undefined>>;

/** `interval`: seconds, written as `90s`, `2h` or `7d` by people. `choice`: one of the listed texts. */
export const VALUE_TYPES = [
  'text',
  'integer',
  'number',
  'boolean',
  'interval',
  'choice',
  'list',
  'table',
] as const;

export type ValueType = (typeof VALUE_TYPES)[number];

/** One value that a template asks for. */
export type ValueDefinition = {
  readonly name: string;
  readonly type: ValueType;
  /** One sentence for the person who fills it in. */
  readonly help: string;
  readonly default: TemplateValue | undefined;
  /** Without it nothing is rendered. */
  readonly isRequired: boolean;
  /** Where it comes from if nobody gives it: the first of these paths that is known, such as `plan.interval`. */
  readonly from: readonly string[];
  /** Least and most of a number or an interval, of the length of a text, of the items of a list or table. */
  readonly least: number | undefined;
  readonly most: number | undefined;
  /** What may be chosen; empty for all other types. */
  readonly choices: readonly string[];
  /** A regular expression for a whole text, or for each item of a list. */
  readonly pattern: RegExp | undefined;
};

/** A value that was read, or why it is none, without its name. */
export type ValueResult =
  | {readonly kind: 'value'; readonly value: TemplateValue}
  | {readonly kind: 'refused'; readonly reason: string};

/** Whether this is a table, and not a list. */
export function isTable(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
