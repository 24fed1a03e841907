import {Finding} from '../finding.js';
import type {Judged} from '../judged.js';
import type {Refusal} from '../refusal.js';
import {cureRefusal} from './cures.js';

/** What comes of it, as the second half of a sentence. */
function consequence({kind, stage}: Refusal): string {
  if (stage === 'compute' || stage === 'possible') return 'every server goes to ERROR';
  return kind === 'python' ? "Nova's API answers 500 to every server" : "Nova's API refuses every server";
}

/** A refusal of Nova's as a finding. */
export function refusalFinding(judged: Judged, refusal: Refusal): Finding {
  const {error, property, detail} = refusal;
  const message = `${property} ${detail}: ${consequence(refusal)} (${error}).`;
  return new Finding('error', error, property, message, () => cureRefusal(judged, refusal));
}
