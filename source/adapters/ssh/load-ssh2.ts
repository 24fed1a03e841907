import {createRequire, registerHooks} from 'node:module';

export type Ssh2 = typeof import('ssh2');

let loaded: Ssh2 | undefined;

/**
 * The ssh2 package in pure JavaScript. Its native addon, and that of cpu-features, may have been built where
 * the program was installed globally; built with recent headers it aborts the process (mscdex/ssh2#1511).
 * While ssh2 is loaded, which is synchronous, nothing that is or loads such a file can be resolved; ssh2 then
 * goes on without, as it does where the build failed.
 */
export function loadSsh2(): Ssh2 {
  if (loaded !== undefined) return loaded;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier.endsWith('.node') || specifier === 'cpu-features') {
        throw Object.assign(new Error(`${specifier} is kept out`), {code: 'MODULE_NOT_FOUND'});
      }
      return next(specifier, context);
    },
  });
  try {
    const ssh2: Ssh2 = createRequire(import.meta.url)('ssh2');
    loaded = ssh2;
    return ssh2;
  } finally {
    hooks.deregister();
  }
}
