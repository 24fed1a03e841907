import type {ServicesFigures} from './services-figures.js';
import type {SetupFigures, Trouble, Verdict} from './setup-figures.js';

/**
 * The verdict on the set-up together with what Nova says of its services: on a compute that is down a delete is
 * final, however it is set up.
 */
export function homeVerdict(setup: SetupFigures, services: ServicesFigures | undefined): Verdict {
  const {verdict, troubles} = setup;
  if (verdict.kind !== 'on' && verdict.kind !== 'wrong') return verdict;
  const down = (services?.silent ?? []).filter(
    ({binary, state}) => binary === 'nova-compute' && state === 'down',
  );
  const ofServices = troubles.filter(({about}) => about !== 'clock');
  const wrong = namesOf(ofServices.filter((one) => !isUnseen(one)));
  for (const {host} of down) wrong.add(firstPart(host));
  const unseen = namesOf(ofServices.filter(isUnseen));
  for (const host of wrong) unseen.delete(host);
  return wrong.size + unseen.size === 0
    ? verdict
    : {
        kind: 'wrong',
        intervalSeconds: verdict.intervalSeconds,
        wrong: wrong.size,
        unseen: unseen.size,
      };
}

/** Nova's name of a host and the inventory's often differ in their domain only. */
function firstPart(host: string): string {
  return host.split('.')[0] ?? host;
}

function namesOf(troubles: readonly Trouble[]): Set<string> {
  return new Set(troubles.map(({host}) => firstPart(host)));
}

function isUnseen({kind}: Trouble): boolean {
  return kind === 'unseen' || kind === 'not-listed';
}
