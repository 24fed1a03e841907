import path from 'node:path';
import {UserError} from '../../app/errors.js';
import {type ConfigItem, readConfigFile} from './config-file.js';
import {matchesList} from './patterns.js';
import type {SshOptions} from './settings.js';

/** What ssh_config says about one host, before defaults and tokens. */
export type HostConfig = {
  /** First value of each keyword, lower case; words as they stand. */
  readonly first: ReadonlyMap<string, readonly string[]>;
  /** Every IdentityFile, in order. */
  readonly identityFiles: readonly string[];
  /** What could not be decided here, for the user. */
  readonly notices: readonly string[];
};

/** The names that Host and Match lines are compared with. */
export type HostQuestion = {
  readonly alias: string;
  /** Values that win over the files, as on ssh's command line. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly localUser: string;
};

/** The configuration files of this user, read once. */
export async function loadConfig(options: SshOptions): Promise<readonly ConfigItem[]> {
  const userFolder = path.join(options.home, '.ssh');
  const places = {home: options.home, userFolder, systemFolder: options.systemFolder};
  if (options.configFile !== undefined) {
    const items = await readConfigFile(options.configFile, places, {isUserFile: true, isChecked: false});
    return [{kind: 'include', files: [items]}];
  }
  const user = await readConfigFile(path.join(userFolder, 'config'), places, {
    isUserFile: true,
    isChecked: true,
  });
  const system = await readConfigFile(path.join(options.systemFolder, 'ssh_config'), places, {
    isUserFile: false,
    isChecked: false,
  });
  return [{kind: 'include', files: [user, system]}];
}

/** The values for one host: for each keyword the first one counts, `Match final` gets its second pass. */
export function configFor(items: readonly ConfigItem[], question: HostQuestion): HostConfig {
  const pass = new Pass(question);
  pass.walk(items, true, false);
  if (pass.wantsFinal) {
    pass.beginFinal();
    pass.walk(items, true, false);
  }
  return {first: pass.first, identityFiles: pass.identityFiles, notices: [...pass.notices]};
}

class Pass {
  readonly first: Map<string, readonly string[]>;
  readonly identityFiles: string[] = [];
  readonly notices = new Set<string>();
  wantsFinal = false;
  readonly #question: HostQuestion;
  #isFinal = false;
  #host: string;

  constructor(question: HostQuestion) {
    this.#question = question;
    this.#host = question.alias;
    this.first = new Map(question.given);
  }

  /** The second pass sees the real host name where the first saw what was typed. */
  beginFinal(): void {
    this.#isFinal = true;
    this.#host = this.#hostName();
  }

  walk(items: readonly ConfigItem[], isActiveBefore: boolean, isSkipped: boolean): void {
    let isActive = isActiveBefore;
    for (const item of items) {
      if (item.kind === 'include') {
        for (const file of item.files) this.walk(file, isActive, isSkipped || !isActive);
      } else if (item.keyword === 'host') {
        isActive = !isSkipped && matchesList(this.#host, item.words);
      } else if (item.keyword === 'match') {
        isActive = !isSkipped && this.#matches(item.words, item.place);
      } else if (isActive) {
        this.#set(item.keyword, item.words);
      }
    }
  }

  #set(keyword: string, words: readonly string[]): void {
    const [value] = words;
    if (value === undefined) return;
    if (keyword === 'identityfile') {
      if (!this.identityFiles.includes(value)) this.identityFiles.push(value);
      return;
    }
    // Of ProxyJump and ProxyCommand the one that comes first shuts the other out.
    if (keyword === 'proxyjump' && this.first.has('proxycommand')) return;
    if (keyword === 'proxycommand' && this.first.has('proxyjump')) return;
    if (!this.first.has(keyword)) this.first.set(keyword, words);
  }

  #matches(words: readonly string[], place: string): boolean {
    let doesMatch = true;
    let undecided: string | undefined;
    for (let index = 0; index < words.length; index += 1) {
      const [word = '', ...attached] = (words[index] ?? '').split('=');
      const isNegated = word.startsWith('!');
      const criterion = word.slice(isNegated ? 1 : 0).toLowerCase();
      if (criterion === 'all') continue;
      if (criterion === 'canonical' || criterion === 'final') {
        if (criterion === 'final') this.wantsFinal = true;
        doesMatch &&= isNegated !== (criterion === 'final' && this.#isFinal);
        continue;
      }
      const value = attached.length > 0 ? attached.join('=') : words[++index];
      if (value === undefined) throw new UserError('usage', `${place}: Match ${criterion} needs a value.`);
      const subject = this.#subject(criterion);
      if (subject === undefined) undecided = criterion;
      else doesMatch &&= isNegated !== matchesList(subject, value.split(','));
    }
    if (doesMatch && undecided !== undefined) {
      this.notices.add(
        `${place}: "Match ${undecided}" is not decided by the built-in transport; the block is left out. ` +
          'Use --transport openssh if it matters.',
      );
      return false;
    }
    return doesMatch;
  }

  #subject(criterion: string): string | undefined {
    switch (criterion) {
      case 'host':
        return this.#hostName().toLowerCase();
      case 'originalhost':
        return this.#question.alias.toLowerCase();
      case 'user':
        return this.first.get('user')?.[0] ?? this.#question.localUser;
      case 'localuser':
        return this.#question.localUser;
      default:
        return undefined;
    }
  }

  #hostName(): string {
    const name = this.first.get('hostname')?.[0];
    return name === undefined ? this.#host : name.replaceAll('%h', this.#question.alias);
  }
}
