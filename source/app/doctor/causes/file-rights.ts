import {decodeCondensed} from '../../../domain/oslo/condensed.js';
import type {FileFacts} from '../../../domain/fleet/node-facts.js';
import type {Cause, Evidence, Finding} from '../doctor-types.js';
import {byHand, nodeFinding, serviceName} from '../node-finding.js';

/** A file that the account of the service cannot read, and one with passwords that everybody can. */
export const fileRights: Cause = {
  code: 'FileRights',
  title: 'owner and mode of configuration files',
  about: 'node',
  holdsServers: false,
  find: (node) => {
    const findings: Finding[] = [];
    for (const {role, unit, config} of node.roles) {
      const denied = config.files.filter(({path}) =>
        node.signs.denied.some((one) => one.unit === unit?.unit && one.path === path),
      );
      if (denied.length > 0) {
        findings.push(
          nodeFinding(node, fileRights.code, {
            severity: 'error',
            certainty: 'certain',
            because: 'it was tried with the account of the process',
            message: `${serviceName(role)} cannot read ${denied.map(({path}) => path).join(', ')}`,
            evidence: denied.map((file) => rightsOf(file)),
            cause:
              'The process that runs read it before. It does not start again: oslo.config ends with ConfigFilesPermissionDeniedError.',
            remedies: denied.map(({path}) =>
              byHand('give it back', `chown root:nova ${path} && chmod 640 ${path}`),
            ),
          }),
        );
      }
    }
    const read = new Map(node.roles.flatMap(({config}) => config.files.map((file) => [file.path, file])));
    const open = [...read.values()].filter(
      (file) => node.signs.open.includes(file.path) && holdsSecrets(file),
    );
    if (open.length > 0) {
      findings.push(
        nodeFinding(node, fileRights.code, {
          severity: 'warning',
          certainty: 'certain',
          because: 'it was tried with an account that has no rights',
          message: `anybody on it can read the passwords in ${open.map(({path}) => path).join(', ')}`,
          evidence: open.map((file) => rightsOf(file)),
          cause: 'The file holds passwords of Nova, and every account of the node can read it.',
          remedies: open.map(({path}) => byHand('close it', `chown root:nova ${path} && chmod 640 ${path}`)),
        }),
      );
    }
    return findings;
  },
};

function rightsOf({path, owner, group, mode}: FileFacts): Evidence {
  return {from: 'file', place: path, lines: [`${owner}:${group} ${mode}`], proof: mode};
}

/** `send_service_user_token` is a switch. */
const SECRET = /^(?!send_)(.*_)?(password|secret|token)$|^(transport_url|connection)$/;

function holdsSecrets({condensed}: FileFacts): boolean {
  const decoded = decodeCondensed(condensed);
  if (decoded.kind === 'damaged') return false;
  return decoded.document.assignments.some(({key, raw}) => SECRET.test(key) && raw !== '');
}
