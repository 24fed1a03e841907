import path from 'node:path';
import {CloudError} from '../../app/errors.js';
import {cleanLine} from './clean-text.js';
import type {Surroundings} from './clouds-files.js';
import {textIn, type PlainMap} from './pyyaml.js';
import {Secret} from './secret.js';

/** How TLS is done with one cloud: nothing of it touches the process or other clouds. */
export type TlsSettings = {
  /** `false` only where `verify: false` or `insecure: true` asks for it. */
  readonly isVerified: boolean;
  /** PEM of the authorities that alone are trusted; absent: those of Node and of the system. */
  readonly authorities?: string;
  /** PEM of a client certificate, and of its key where that is in a file of its own. */
  readonly certificate?: string;
  readonly key?: Secret;
};

/** Reads the PEM files that a cloud's settings name. `where` begins each message. */
export async function readTls(
  where: string,
  settings: PlainMap,
  options: Surroundings,
): Promise<TlsSettings> {
  const verify = settings['verify'];
  const isOff = verify === false || (typeof verify === 'string' && /^(false|no|0)$/i.test(verify));
  const isVerified = !isOff && settings['insecure'] !== true;
  // A text that is neither true nor false is what requests takes it for: a file of authorities.
  const verifyFile =
    typeof verify === 'string' && !/^(true|yes|1|false|no|0|)$/i.test(verify) ? verify : undefined;
  const caFile = textIn(settings['cacert']) ?? verifyFile;
  const read = async (key: string, file: string | undefined): Promise<string | undefined> => {
    if (file === undefined) return undefined;
    const place = path.resolve(options.cwd, file.replace(/^~(?=\/|$)/, options.home));
    try {
      return await options.readFile(place);
    } catch (error) {
      throw new CloudError(
        'configuration',
        `${where}: ${key} names ${cleanLine(place)}, which cannot be read.`,
        {
          remedy: 'Name a PEM file that you may read.',
          cause: error,
        },
      );
    }
  };
  const authorities = isVerified ? await read('cacert', caFile) : undefined;
  const certificate = await read('cert', textIn(settings['cert']));
  const key = certificate === undefined ? undefined : await read('key', textIn(settings['key']));
  return {
    isVerified,
    ...(authorities === undefined ? {} : {authorities}),
    ...(certificate === undefined ? {} : {certificate}),
    ...(key === undefined ? {} : {key: new Secret(key)}),
  };
}

/** Python's requests, below openstacksdk, takes the authorities from these variables if none are configured. */
export function withBundle(settings: PlainMap, env: Surroundings['env']): PlainMap {
  const bundle = env['REQUESTS_CA_BUNDLE'] || env['CURL_CA_BUNDLE'];
  return settings['cacert'] || !bundle ? settings : {...settings, cacert: bundle};
}
