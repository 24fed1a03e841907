import {isSameSpecs, newFlavorOf, projectWords} from '../../../app/flavor/draft.js';
import {createCommands, propertyWords, updateCommands} from '../../../text/flavor-commands.js';
import {commandLine} from '../../../text/command-line.js';
import {existingOf} from './judged.js';
import {readyOf} from './known.js';
import type {FlavorState, StepName} from './state.js';

/** The command that does the same; empty as long as there is no name or no size. */
export function flavorCommand(state: FlavorState): string {
  return wantedCommands(state).join(' && ');
}

/** What makes the draft by hand, one command for each step; of a flavor that exists what changes it. */
export function wantedCommands(state: FlavorState): readonly string[] {
  const {draft, options, facts} = state;
  const cloud = options.cloud ?? readyOf(facts.label);
  const existing = existingOf(state);
  const specs = existing?.extraSpecs;
  if (existing !== undefined && specs !== undefined) {
    return isSameSpecs(specs, draft.extraSpecs)
      ? []
      : updateCommands(existing.name, specs, draft.extraSpecs, cloud);
  }
  const flavor = newFlavorOf(draft);
  if (flavor === undefined) return [];
  return createCommands({flavor, extraSpecs: draft.extraSpecs, projects: projectWords(draft)}, cloud);
}

const OF_STEP: Readonly<Partial<Record<StepName, RegExp>>> = {
  watchdog: /^hw:watchdog/,
  topology: /^hw:cpu_(?:max_)?(?:sockets|cores|threads)$/,
  NUMA: /^hw:(?:numa|mem_page|emulator|cpu_(?:policy|thread_policy|dedicated|realtime))/,
};

/** The part of the command that the step is about, in so many cells: what would be cut is said in short. */
export function stepCommand(state: FlavorState, cells: number): string {
  const {draft, step} = state;
  const wanted = OF_STEP[step];
  if (wanted === undefined) {
    const [first = ''] = wantedCommands(state);
    return first.length <= cells ? first : '';
  }
  const mine = Object.entries(draft.extraSpecs).filter(([name]) => wanted.test(name));
  const tries = [
    commandLine(propertyWords(Object.fromEntries(mine))),
    mine.map(([name, value]) => commandLine([`${name}=${value}`])).join('  '),
    ...mine.toReversed().map((_, left) => {
      const shown = mine.slice(0, mine.length - left - 1);
      return `${commandLine(propertyWords(Object.fromEntries(shown)))} and ${left + 1} more`;
    }),
  ];
  return tries.find((text) => text.length <= cells) ?? '';
}
