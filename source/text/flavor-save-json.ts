import type {SaveEnd, SavePlan} from '../app/flavor/save-types.js';
import {saveCalls, saveCommands} from './flavor-save-calls.js';
import {saveEndSentence} from './flavor-save.js';

type Fields = Record<string, unknown>;

/** One flavor of `flavor create --json`. */
export function saveToJson(plan: SavePlan, end: SaveEnd, cloud: string | undefined): Fields {
  const {message, remedy} = saveEndSentence(end, plan, cloud);
  const id = 'flavor' in end ? (end.flavor?.id ?? plan.existing?.id) : plan.existing?.id;
  const remains = 'remains' in end ? end.remains : undefined;
  return {
    ...planFields(plan),
    id: end.kind === 'saved' ? end.id : (id ?? (remains?.kind === 'left' ? remains.id : null)),
    outcome: end.kind,
    ok: end.kind === 'saved' || end.kind === 'unchanged',
    unchecked: end.kind === 'saved' && end.wasUnchecked,
    ...(remains === undefined ? {} : {left: remains.kind}),
    message,
    remedy: remedy ?? null,
  };
}

/** One flavor of `flavor create --dry-run --json`. */
export function wouldSaveToJson(plan: SavePlan, cloud: string | undefined): Fields {
  const isSo = plan.steps.length === 0;
  return {
    ...planFields(plan),
    id: plan.existing?.id ?? plan.wish.settings.id ?? null,
    outcome: isSo ? 'unchanged' : 'would-save',
    ok: true,
    unchecked: plan.unchecked.length > 0,
    message: isSo ? 'the cloud has it so already' : 'would be saved; nothing was done',
    remedy: null,
    calls: saveCalls(plan),
    commands: saveCommands(plan, cloud),
  };
}

function planFields({wish, existing, release, judgement, steps, kept, uses}: SavePlan): Fields {
  const set = steps.flatMap((step) => (step.kind === 'set-specs' ? Object.entries(step.specs) : []));
  const removed = steps.flatMap((step) => (step.kind === 'remove-spec' ? [step.name] : []));
  const access = (kind: 'add-access' | 'remove-access') =>
    steps.flatMap((step) => (step.kind === kind ? [step.project.id] : []));
  return {
    name: wish.flavor.name,
    action: existing === undefined ? 'create' : 'update',
    release: release.name,
    verdict: judgement.verdict,
    findings: judgement.findings.map(({severity, code, property, message, suggestion}) => ({
      severity,
      code,
      property,
      message,
      suggestion,
    })),
    changes: {
      set: Object.fromEntries(set),
      removed,
      kept,
      access_added: access('add-access'),
      access_removed: access('remove-access'),
    },
    servers:
      uses?.rows.map(({id, name, projectId, status, host}) => ({
        id,
        name,
        project_id: projectId ?? null,
        status,
        host: host ?? null,
      })) ?? [],
    servers_complete: uses === undefined || (uses.isComplete && uses.scope === 'all-projects'),
  };
}
