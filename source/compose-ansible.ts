import {tmpdir} from 'node:os';
import path from 'node:path';
import type {AnsiblePorts} from './app/rollout/ansible/ansible-ports.js';
import {openTemplate} from './app/template/open-template.js';
import {isReadByAnsible} from './adapters/ansible/ansible-reads.js';
import {createPlaybook} from './adapters/ansible/playbook.js';
import {readText} from './compose-cloud.js';
import type {TemplatePorts} from './compose-templates.js';

/** What a run that Ansible carries out has of this machine. */
export type AnsibleRequest = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file that the operator's inventory is read from; undefined where there is none. */
  readonly inventory: string | undefined;
  readonly templates: TemplatePorts;
};

/** Builds what a run needs that the operator's own Ansible carries out. */
export async function composeAnsible({env, inventory, templates}: AnsibleRequest): Promise<AnsiblePorts> {
  const file = inventory === undefined ? undefined : path.resolve(inventory);
  const isOwn = file !== undefined && (await isReadByAnsible(file));
  const {store, engine, digest, version} = templates;
  return {
    playbook: createPlaybook({
      env,
      temporary: env['TMPDIR'] ?? tmpdir(),
      inventory: isOwn ? file : undefined,
      plugin: await readText(new URL('ansible/reprieve_events.py', import.meta.url)),
    }),
    template: async () => openTemplate(store, 'ansible'),
    render: {engine, digest, version},
  };
}
