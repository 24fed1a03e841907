import {POSITIVE, valueProblem, type SpecDefinition} from './spec-definition.js';

const PARTS = ['sockets', 'cores', 'threads'] as const;

/**
 * Nova's API knew the limits under wrong names, `hw:max_cpu_sockets` and so on, from Ussuri until 30.3.0, 31.2.0 and
 * 32.0.0: from microversion 2.86 on it refused the right ones, and took the wrong ones, which nothing reads (nova
 * commit 4119634bf1, bug 2120862). Below 2.86 the right ones can be written everywhere.
 */
export function knowsLimits(version: number): boolean {
  return version >= 3200 || (version >= 3102 && version < 3200) || (version >= 3003 && version < 3100);
}

/** The names that the API of this release checks. */
export function limitSpecs(version: number): SpecDefinition[] {
  const isRight = knowsLimits(version);
  return PARTS.map((part) => ({
    name: isRight ? `hw:cpu_max_${part}` : `hw:max_cpu_${part}`,
    value: POSITIVE,
    meaning: isRight ? `most ${part} that the guest may have` : 'read by nothing',
    since: 0,
    until: Infinity,
  }));
}

/** `hw:cpu_max_cores` for `hw:max_cpu_cores`; undefined for any other name. */
export function rightLimitName(name: string): string | undefined {
  const part = /^hw:max_cpu_(sockets|cores|threads)$/.exec(name)?.[1];
  return part === undefined ? undefined : `hw:cpu_max_${part}`;
}

/** Whether it is a limit with a value that every release reads, whether its API stores it or not. */
export function isGoodLimit(name: string, value: string): boolean {
  return isLimitName(name) && valueProblem(value, POSITIVE) === undefined;
}

export function isLimitName(name: string): boolean {
  return /^hw:cpu_max_(?:sockets|cores|threads)$/.test(name);
}
