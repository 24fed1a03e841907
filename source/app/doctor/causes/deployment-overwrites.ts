import type {Cause, Evidence} from '../doctor-types.js';
import {byHand, nodeFinding, unitEvidence} from '../node-finding.js';

/** An edit in a file that a tool writes lasts until that tool comes by. */
export const deploymentOverwrites: Cause = {
  code: 'DeploymentOverwrites',
  title: 'a tool that will write the file anew',
  about: 'node',
  holdsServers: false,
  find: (node) => {
    const files = node.roles.flatMap(({config}) => config.files);
    const marks = node.signs.marks.filter(({path}) => files.some((file) => file.path === path));
    const owned = node.roles.find(({deploymentProblem}) => deploymentProblem !== undefined);
    const deployment = owned?.deploymentProblem;
    if (marks.length === 0 && deployment === undefined) return [];
    const isOurs = files.some(({digest}) =>
      node.facts.records.some(({digestAfter}) => digestAfter === digest),
    );
    const tools = node.signs.daemons.filter((name) => /^(puppet|chef-client|salt-minion|jujud)/.test(name));
    return [
      nodeFinding(node, deploymentOverwrites.code, {
        severity: isOurs ? 'warning' : 'info',
        certainty: deployment !== undefined || tools.length > 0 ? 'likely' : 'possible',
        because:
          tools.length > 0
            ? `${tools.join(', ')} runs there`
            : deployment !== undefined
              ? 'the kind of deployment is known for it'
              : 'the head of the file says so; whether the tool still comes is not known',
        message: isOurs
          ? 'a tool will undo what reprieve wrote there'
          : 'its file belongs to a tool, which undoes what is changed by hand',
        evidence: [
          ...(owned === undefined ? [] : [unitEvidence(owned)]),
          ...marks.map(({path, line}): Evidence => ({
            from: 'file',
            place: path,
            lines: [line],
            proof: undefined,
          })),
          ...(tools.length === 0
            ? []
            : [{from: 'process', place: undefined, lines: tools, proof: undefined} as const]),
        ],
        cause:
          deployment?.message ??
          'The next run of that tool writes the file from its own templates, and the interval with it.',
        remedies: [
          byHand('set the interval where the tool has its settings too; reprieve template helps with that'),
        ],
      }),
    ];
  },
};
