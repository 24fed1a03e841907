/** A topology that one key asks for: two sockets at most, one, or what Nova does alone. */
export type TopologyPreset = 'windows' | 'flat' | 'as-nova';

const NOTHING = {
  'hw:cpu_max_sockets': '',
  'hw:cpu_max_cores': '',
  'hw:cpu_max_threads': '',
  'hw:cpu_sockets': '',
  'hw:cpu_cores': '',
  'hw:cpu_threads': '',
};

const WORDS: Readonly<Record<TopologyPreset, string>> = {
  windows: 'two sockets at most, for desktop Windows',
  flat: 'one socket',
  'as-nova': 'as Nova does alone',
};

/** The extra specs of a topology for so many vCPUs, the empty ones to be taken away, and what it is called. */
export function topologyPreset(
  which: TopologyPreset,
  vcpus: number,
): {readonly specs: Readonly<Record<string, string>>; readonly words: string} {
  const words = WORDS[which];
  if (which === 'as-nova') return {specs: NOTHING, words};
  const sockets = which === 'windows' && vcpus % 2 === 0 ? 2 : 1;
  const wishes = {
    'hw:cpu_sockets': String(sockets),
    'hw:cpu_cores': String(vcpus / sockets),
    'hw:cpu_threads': '1',
  };
  return {specs: {...NOTHING, ...wishes}, words};
}
