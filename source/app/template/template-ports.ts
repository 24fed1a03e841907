import type {Format} from '../../domain/template/format.js';
import type {Kind} from '../../domain/template/kinds.js';
import type {RenderedFile, TemplateOrigin} from './template-types.js';

/** A folder that may be a template; what its description holds is not looked at yet. */
export type StoredTemplate = TemplateOrigin & {
  readonly name: string;
  /** The file of the description, for messages. */
  readonly file: string;
  /** Rejects with `TemplateProblem` where there is none, or it is no YAML. */
  readonly description: () => Promise<DescriptionText>;
};

export type DescriptionText = {
  readonly data: unknown;
  /** The line, from 1, of what stands at this path. */
  readonly lineOf: (path: readonly (string | number)[]) => number | undefined;
};

/** Templates: the shipped ones, and those of the team, which come first. */
export interface TemplateStore {
  /** Names in order, each once: the one that counts. Rejects with `UserError` where a named folder cannot be read. */
  all(): Promise<readonly StoredTemplate[]>;
  find(name: string): Promise<StoredTemplate | undefined>;
}

/** Values by name. `lineOf`: the line of one, from 1, where that is known. */
export type ValuesFile = {
  readonly file: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly lineOf?: (name: string) => number | undefined;
};

/** A name in a text, and its line from 1. */
export type NameInText = {readonly name: string; readonly line: number};

/** What a text asks for, in any branch, in conditions and loops as well as where it is printed. */
export type NamesInText = {
  /** Of values: what the text itself assigns or goes through is none. */
  readonly values: readonly NameInText[];
  /** What is taken of a value or of a row, such as `size` in `hosts.size`. */
  readonly parts: readonly NameInText[];
};

/** A way that a text can go: a branch of a condition, or into a loop. */
export type Branch = {
  /** Of the text, from 1. */
  readonly line: number;
  /** What is true as long as it is not gone, such as `paging is never true`. */
  readonly words: string;
  /** The number of the branch that it stands in. */
  readonly within: number | undefined;
};

/** Text in which values are wanted. */
export type CompiledText = {
  readonly names: NamesInText;
  readonly branches: readonly Branch[];
  /**
   * Throws `TemplateProblem`.
   *
   * @param taken is told the number of each branch that is gone through
   */
  readonly render: (values: Readonly<Record<string, unknown>>, taken?: (branch: number) => void) => string;
};

/** The language in which templates are written: Liquid, without what reads files, clocks or chance. */
export interface TemplateEngine {
  /**
   * Throws `TemplateProblem` where the text does not parse, and where it compares or joins what cannot be.
   *
   * @param kinds what its values are; of others nothing is known
   */
  compile(text: string, format: Format, kinds: ReadonlyMap<string, Kind>): CompiledText;
}

/** Something is wrong in a template's own text. */
export class TemplateProblem extends Error {
  override readonly name = 'TemplateProblem';
  /** From 1; undefined where it is about the whole. */
  readonly line: number | undefined;

  constructor(message: string, line: number | undefined) {
    super(message);
    this.line = line;
  }
}

/** What stands where a file is to be written. `refused`: it cannot be written there. */
export type Standing =
  | {readonly kind: 'absent'}
  | {readonly kind: 'file'; readonly text: string; readonly isExecutable: boolean}
  | {readonly kind: 'refused'; readonly reason: string};

/** The folder that files are written to. */
export interface OutputFolder {
  /** Follows no symbolic link below the folder. */
  look(path: string): Promise<Standing>;
  /** The beginnings of the files below it, as far as it is looked through; no symbolic link is followed. */
  beginnings(): Promise<FolderBeginnings>;
  /**
   * Writes all of them or none: each lies complete beside its place before the first takes it. Rejects with
   * `UserError`, and where one has not `before` in it any more.
   */
  write(files: readonly FileToWrite[]): Promise<void>;
}

/** `isWhole`: whether all of the folder was looked through; one may be too large, or have folders that cannot be read. */
export type FolderBeginnings = {
  readonly files: readonly {readonly path: string; readonly text: string}[];
  readonly isWhole: boolean;
};

export type FileToWrite = {
  readonly path: string;
  readonly text: string;
  readonly isExecutable: boolean;
  /** What stands there; undefined: nothing. */
  readonly before: string | undefined;
};

/** What was found out about a file; `none`: nothing here could look. */
export type FileCheck = {readonly verdict: 'ok' | 'warning' | 'failed' | 'none'; readonly text: string};

/** Reads a file in its language. */
export type CheckPorts = {readonly read: (file: RenderedFile) => Promise<FileCheck>};

/** SHA-256 of a text's UTF-8, in hexadecimal digits. */
export type Digest = (text: string) => string;
