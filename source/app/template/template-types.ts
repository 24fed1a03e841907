import type {Format} from '../../domain/template/format.js';
import type {ValueDefinition} from '../../domain/template/value.js';

/** A file that a template makes. */
export type TemplateFile = {
  /** The file of the template's folder that it is made from. */
  readonly source: string;
  /** Where it is written, below the folder that the user names. Values may stand in it. */
  readonly path: string;
  /** Of the description, from 1; undefined where lines are not known. */
  readonly pathLine: number | undefined;
  readonly format: Format;
  /** Nothing in it is a value: it is copied, below its header. */
  readonly isVerbatim: boolean;
  readonly isExecutable: boolean;
  /** Written once for each item of a list, which it knows by this name. */
  readonly each: {readonly list: string; readonly name: string} | undefined;
  /** The name of a value without which it is left out: no, 0, empty or not given. */
  readonly when: string | undefined;
};

/** Values with which a template shows what it makes. */
export type TemplateExample = {readonly name: string; readonly values: Readonly<Record<string, unknown>>};

/** A template: what it is for, what it asks for, and what it makes. */
export type Template = {
  readonly name: string;
  /** A few words for a list. */
  readonly title: string;
  /** What reads the files, such as `ansible`. */
  readonly tool: string;
  /** Templates of one group are shown together. */
  readonly group: string;
  /** Some sentences: what it is for, and what it does not do. */
  readonly purpose: string;
  /** How the files are used: commands, one a line. Values may stand in it. */
  readonly usage: string | undefined;
  /** Where it begins in the description, from 1; undefined where lines are not known. */
  readonly usageLine: number | undefined;
  readonly values: readonly ValueDefinition[];
  readonly files: readonly TemplateFile[];
  readonly examples: readonly TemplateExample[];
  readonly origin: TemplateOrigin;
};

/** Where a template lies; one of a team hides a shipped one with its name. */
export type TemplateOrigin = {
  readonly folder: string;
  readonly isShipped: boolean;
  /** The text of one of its files; undefined where there is none. */
  readonly read: (source: string) => Promise<string | undefined>;
};

/** A file as it is written. */
export type RenderedFile = {
  /** With slashes, below the folder that the user names. */
  readonly path: string;
  readonly text: string;
  readonly isExecutable: boolean;
  readonly format: Format;
};
