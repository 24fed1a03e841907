import type {Finding} from '../../domain/flavor/finding.js';
import {flavorDifferences, type FlavorDifference} from '../../domain/flavor/flavor-differences.js';
import type {Judgement} from '../../domain/flavor/judge.js';
import {resizeProblems, type ResizedFlavor, type ResizeProblem} from '../../domain/flavor/resize-outlook.js';
import type {FlavorReference} from './flavor-reference.js';
import {lookAround, tried, type LookOptions} from './look-around.js';
import {findFlavor, type NamedFlavor, type NamingPorts} from './named-flavor.js';
import {judgeNamed, serversOf, type FlavorServers} from './show-flavor.js';

/** A flavor of two. */
export type ComparedSide = NamedFlavor & {readonly judgement: Judgement};

/** Two flavors, and what is different. */
export type FlavorComparison = {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  /** Sizes, settings and extra specs; names and ids are no difference. */
  readonly differences: readonly FlavorDifference[];
  /** Findings of one of them that the other does not have. */
  readonly gone: readonly Finding[];
  readonly come: readonly Finding[];
  /** What stands in the way of servers of the first that are to be resized to the second. */
  readonly resize: readonly ResizeProblem[];
  /** Servers that carry a copy of the first; undefined for a flavor of a file, and where it could not be asked. */
  readonly servers: FlavorServers | undefined;
  /** The name of the image that both are judged with. */
  readonly image: string | undefined;
  /** What could not be asked, for people. */
  readonly problems: readonly string[];
};

/** Finds two flavors, judges both by the same rules, and compares them. */
export async function compareFlavors(
  [first, second]: readonly [FlavorReference, FlavorReference],
  ports: NamingPorts,
  options: LookOptions,
  signal: AbortSignal,
): Promise<FlavorComparison> {
  const one = await findFlavor(first, ports, signal);
  const other = await findFlavor(second, ports, signal);
  const isOfCloud = [one, other].some(({origin}) => origin.kind === 'cloud') || options.image !== undefined;
  const cloud = isOfCloud ? await ports.cloud() : undefined;
  const problems: string[] = [];
  const [around, servers] = await Promise.all([
    lookAround(cloud, options, signal),
    cloud === undefined ? undefined : tried(problems, 'servers', async () => serversOf(one, cloud, signal)),
  ]);
  const before = {...one, judgement: judgeNamed(one, around)};
  const after = {...other, judgement: judgeNamed(other, around)};
  return {
    before,
    after,
    differences: [
      ...flavorDifferences(one.flavor, other.flavor),
      ...settingDifferences(one, other),
      ...imageDifferences(before.judgement, after.judgement),
    ],
    gone: findingsOnlyIn(before, after),
    come: findingsOnlyIn(after, before),
    resize: resizeProblems(resized(one), resized(other)),
    servers,
    image: around.image?.name,
    problems: [...around.problems, ...problems],
  };
}

/** What of two flavors of the cloud is neither size of the guest nor extra spec. Files do not say it. */
function settingDifferences({origin: one}: NamedFlavor, {origin: other}: NamedFlavor): FlavorDifference[] {
  if (one.kind !== 'cloud' || other.kind !== 'cloud') return [];
  const [was, is] = [one.row, other.row];
  const rows: readonly (readonly [string, unknown, unknown])[] = [
    ['ephemeral', was.ephemeralGib, is.ephemeralGib],
    ['swap', was.swapMib, is.swapMib],
    ['rxtx_factor', was.rxtxFactor, is.rxtxFactor],
    ['is_public', was.isPublic, is.isPublic],
    ['disabled', was.isDisabled, is.isDisabled],
    ['description', was.description ?? '', is.description ?? ''],
  ];
  return rows
    .filter(([, before, after]) => before !== after)
    .map(([property, before, after]) => ({property, before: String(before), after: String(after)}));
}

/** Files may say which image each flavor is to be judged with. */
function imageDifferences(
  {imageProperties: was}: Judgement,
  {imageProperties: is}: Judgement,
): FlavorDifference[] {
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...names]
    .toSorted()
    .filter((property) => was[property] !== is[property])
    .map((property) => ({property, before: was[property], after: is[property]}));
}

function findingsOnlyIn({judgement: one}: ComparedSide, {judgement: other}: ComparedSide): Finding[] {
  const key = ({code, message}: Finding): string => `${code} ${message}`;
  const known = new Set(other.findings.map(key));
  return one.findings.filter((finding) => !known.has(key(finding)));
}

function resized({flavor: {diskGib}, origin}: NamedFlavor): ResizedFlavor {
  const row = origin.kind === 'cloud' ? origin.row : undefined;
  return {id: row?.id, diskGib, ephemeralGib: row?.ephemeralGib, isDisabled: row?.isDisabled};
}
