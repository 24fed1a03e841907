import {type FlavorDraft, readDraft, type SizeName} from '../../../app/flavor/draft.js';

/** What is wrong with a field of a draft, as a sentence without its stop. */
type FormProblem = {readonly field: SizeName | 'name'; readonly text: string};

/** What is wrong with the fields of a draft, by the labels that they have in the form. */
export function formProblems(draft: FlavorDraft): readonly FormProblem[] {
  return Array.from(readDraft(draft).problems, ([field, problem]) => ({
    field,
    text: `${field === 'vcpus' ? 'vCPUs' : field} ${problem}`,
  }));
}
