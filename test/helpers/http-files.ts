import type {LoadOptions} from '../../source/adapters/openstack/configuration.js';

/** Files that exist only here: text by absolute path. `denied` may not be read. */
export function surroundings(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  denied: readonly string[] = [],
): LoadOptions {
  return {
    env,
    cwd: '/here',
    home: '/home/op',
    async readFile(path) {
      await Promise.resolve();
      const text = files[path];
      if (denied.includes(path)) throw Object.assign(new Error('denied'), {code: 'EACCES'});
      if (text === undefined) throw Object.assign(new Error('absent'), {code: 'ENOENT'});
      return text;
    },
  };
}
