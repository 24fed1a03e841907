import {
  NEWEST_RELEASE,
  NOVA_RELEASES,
  parseNovaRelease,
  type NovaRelease,
} from '../domain/flavor/nova-release.js';
import {option, optionWithDefault, type Flag} from './flag.js';

const FORMS = 'a series or version from ussuri on, such as zed, 2025.1 or 31.2';
const EXTRAS = {
  completes: NOVA_RELEASES.map(({name}) => name),
  notInProfile: 'it is about the flavors of one command',
};

/** `--release` of a command that judges without a cloud. */
export function releaseFlag(): Flag<NovaRelease> {
  return optionWithDefault(
    '--release <name>',
    `the Nova whose rules count: ${FORMS}`,
    parseRelease,
    NEWEST_RELEASE.name,
    EXTRAS,
  );
}

/** `--release` of a command that can ask the cloud for its own. */
export function cloudReleaseFlag(): Flag<NovaRelease | undefined> {
  return option(
    '--release <name>',
    `the Nova whose rules count, if not the cloud's: ${FORMS}`,
    parseRelease,
    EXTRAS,
  );
}

function parseRelease(text: string): NovaRelease {
  const release = parseNovaRelease(text);
  if (release !== undefined) return release;
  throw new RangeError(
    `"${text}" is no Nova that is known: ${NOVA_RELEASES.map(({name}) => name).join(', ')}`,
  );
}
