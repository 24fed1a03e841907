import type {NodeState} from '../../source/app/rollout/events.js';
import type {JournalEntry} from '../../source/app/rollout/journal.js';
import {summarizeRun, type RunSummary} from '../../source/app/rollout/run-history.js';
import {begin, compute, plan} from '../fixtures/plans.js';

export type RunShape = {
  readonly run: string;
  /** From the beginning to the end; undefined: it has not ended. */
  readonly seconds?: number;
  readonly from?: number;
  readonly to?: number;
  readonly by?: string;
  readonly outcome?: 'done' | 'partial' | 'failed' | 'interrupted' | 'rolled-back' | 'waiting';
  readonly nodes?: number;
  /** Nodes that ended otherwise than well, with what was said. */
  readonly odd?: Readonly<Record<string, readonly [NodeState, string]>>;
  readonly isLive?: boolean;
  readonly next?: readonly string[];
};

/** The entries of a run on so many computes. */
export function entriesOf(shape: RunShape): readonly JournalEntry[] {
  const {run, seconds, from = 0, to = 7200, by = 'm.keller', outcome = 'done', nodes = 3, odd = {}} = shape;
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(run) ?? [];
  const started = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  const hosts = Array.from({length: nodes}, (_, index) => `fra1-cmp-${String(index + 1).padStart(3, '0')}`);
  const targets = hosts.map((host) =>
    compute(host, {
      before: from === 0 ? {kind: 'unset'} : {kind: 'value', seconds: from},
      after: {kind: 'value', seconds: to},
      change: from === 0 ? 'on' : to > from ? 'longer' : 'shorter',
    }),
  );
  const results = hosts.flatMap((host): JournalEntry[] => {
    const [state, message] = odd[host] ?? ['done', 'heartbeat seen twice'];
    const id = `${host}/compute`;
    const time = started + 5000;
    return [
      {type: 'intent', time, target: id, action: 'change'},
      {
        type: 'event',
        event: {
          kind: 'step',
          time,
          run,
          host,
          step: 'gate',
          state: state === 'done' ? 'done' : 'failed',
          message,
        },
      },
      {type: 'result', time, target: id, state, message},
    ];
  });
  return [
    {
      ...begin,
      run,
      time: started,
      wish: {kind: 'interval', intervalSeconds: to, hosts: undefined},
      operator: {...begin.operator, name: by},
    },
    {type: 'plan', time: started + 1000, plan: plan({intervalSeconds: to, targets})},
    ...results,
    ...(seconds === undefined
      ? []
      : [
          {
            type: 'event' as const,
            event: {
              kind: 'end' as const,
              time: started + seconds * 1000,
              run,
              outcome,
              nodes: Object.fromEntries(hosts.map((host) => [host, odd[host]?.[0] ?? 'done'])),
              next: [...(shape.next ?? [])],
            },
          },
        ]),
  ];
}

/** A run as its journal tells it. */
export function summaryOf(shape: RunShape): RunSummary {
  const summary = summarizeRun(entriesOf(shape), shape.isLive ?? false);
  if (summary === undefined) throw new Error('no beginning');
  return summary;
}

/** The runs of the picture, newest first. */
export const RUNS: readonly RunShape[] = [
  {
    run: '20261120-162040-k3v9',
    seconds: 752,
    from: 86_400,
    to: 7200,
    outcome: 'partial',
    nodes: 6,
    odd: {
      'fra1-cmp-002': ['put-back', 'active, but no heartbeat for 120 s'],
      'fra1-cmp-004': ['not-touched', 'nova.conf changed since the plan'],
    },
    next: ['reprieve plan --hosts fra1-cmp-002,fra1-cmp-004 --interval 2h'],
  },
  {run: '20261013-140211-a7x2', seconds: 460, to: 86_400},
  {run: '20261012-091155-p0q8', seconds: 124, to: 86_400, outcome: 'rolled-back', by: 'a.nguyen'},
  {
    run: '20261012-085002-z1c4',
    seconds: 31,
    to: 86_400,
    outcome: 'interrupted',
    by: 'a.nguyen',
    next: ['reprieve resume 20261012-085002-z1c4'],
  },
  {run: '20260903-153041-m2d6', seconds: 48, from: 7200, to: 7200, by: 'r.silva'},
];
