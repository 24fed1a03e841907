import type {ComparedSide, FlavorComparison} from '../app/flavor/compare-flavors.js';
import {findingFields} from '../domain/flavor/finding.js';
import {judgementFields} from '../domain/flavor/judgement-fields.js';
import {changedFacts, resizeSentences} from './flavor-diff.js';
import {flavorFields, usersFields} from './flavor-show-json.js';

type Fields = Readonly<Record<string, unknown>>;

/** What `flavor diff --json` prints. */
export function comparisonFields(comparison: FlavorComparison): Fields {
  const {before, after, differences, gone, come, resize, servers, image, problems} = comparison;
  return {
    same: differences.length === 0,
    release: before.judgement.release.name,
    image: image ?? null,
    before: sideFields(before),
    after: sideFields(after),
    differences: differences.map(({property, before: was, after: is}) => ({
      property,
      before: was ?? null,
      after: is ?? null,
    })),
    effects: changedFacts(comparison),
    findings: {gone: gone.map(findingFields), new: come.map(findingFields)},
    resize: {
      needed: differences.length > 0,
      problems: resize,
      words: resizeSentences(comparison).map(({text}) => text),
    },
    servers: usersFields(servers),
    problems,
  };
}

/** The flavor with what Nova makes of it, as `flavor show` has it. */
function sideFields(side: ComparedSide): Fields {
  const {findings: _findings, name: _name, ...judged} = judgementFields(side.judgement);
  return {...flavorFields(side), ...judged};
}
