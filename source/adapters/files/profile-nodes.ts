import {UserError} from '../../app/errors.js';
import type {NodeOverrides} from '../../domain/fleet/inventory.js';
import {nearestNames} from '../../domain/nearest-names.js';

/** Overrides of the nodes that a host's name, a group or a pattern picks. */
export type ProfileNodeRule = {
  readonly pattern: string;
  readonly overrides: NodeOverrides;
  /** The account that logs in there. */
  readonly user?: string;
  /** For messages: `profile FILE:LINE: nodes.PATTERN`. */
  readonly place: string;
};

const KEYS = ['user', 'sysroot', 'config', 'service', 'restart'];

type PlaceOf = (keys: readonly (string | number)[]) => string;

/**
 * Reads `nodes` of a profile: overrides by host, group or pattern. Throws `UserError` (usage) with file, line
 * and reason. The validator is loaded only where there are any.
 */
export async function readNodeRules(
  data: unknown,
  placeOf: PlaceOf,
): Promise<{readonly rules: readonly ProfileNodeRule[]; readonly notices: readonly string[]}> {
  if (data === undefined || data === null) return {rules: [], notices: []};
  const {nodeRules} = await import('./profile-nodes-schema.js');
  const result = nodeRules.safeParse(data, {reportInput: false});
  if (!result.success) {
    const [issue] = result.error.issues;
    const keys = ['nodes', ...(issue?.path ?? []).map(String)];
    throw new UserError('usage', `profile ${placeOf(keys)}: ${keys.join('.')}: ${sentenceOf(issue)}`);
  }
  const notices: string[] = [];
  const rules = Object.entries(result.data).map(([pattern, rule]) => {
    const place = placeOf(['nodes', pattern]);
    for (const key of Object.keys(rule ?? {})) {
      if (!KEYS.includes(key)) notices.push(unknownKey(key, placeOf(['nodes', pattern, key]), KEYS));
    }
    return {
      pattern,
      overrides: overridesOf(rule ?? {}),
      ...(rule?.user === undefined ? {} : {user: rule.user}),
      place: `profile ${place}: nodes.${pattern}`,
    };
  });
  return {rules, notices};
}

type Issue = {
  readonly message: string;
  readonly code?: string;
  readonly errors?: readonly (readonly Issue[])[];
};

/** A union reports every way in which it failed; the last one, the list, says most. */
function sentenceOf(issue: Issue | undefined): string {
  const inner = issue?.errors?.flat().find((error) => error.code === 'custom');
  return inner?.message ?? issue?.message ?? 'it is not valid';
}

type Given = {
  readonly sysroot?: string | undefined;
  readonly config?: readonly string[] | undefined;
  readonly service?: string | undefined;
  readonly restart?: string | undefined;
};

function overridesOf({sysroot, config, service, restart}: Given): NodeOverrides {
  return {
    ...(sysroot === undefined ? {} : {sysroot}),
    ...(config === undefined ? {} : {config}),
    ...(service === undefined ? {} : {service}),
    ...(restart === undefined ? {} : {restart}),
  };
}

/** The sentence for a key that nobody knows. */
export function unknownKey(key: string, place: string, known: readonly string[]): string {
  const [nearest] = nearestNames(key.replaceAll('_', '-'), known, 1);
  const suggestion = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return `profile ${place}: "${key}" is not a setting and is passed over${suggestion}`;
}
