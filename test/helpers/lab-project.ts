/** Projects of the lab's Keystone besides the admin's own, with the admin at work in them. */
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {parse} from 'yaml';
import {z} from 'zod';
import {type LabCloud, openLabCloud} from './lab-cloud.js';
import type {Lab} from './lab.js';

export type LabProject = {
  readonly id: string;
  /** Nova, as the admin in this project. */
  readonly cloud: LabCloud;
  /** Takes the admin out again, and the project away where it was made for this. */
  remove(): Promise<void>;
};

const ids = z.array(z.object({id: z.string()}));
const file = z.object({
  clouds: z.object({lab: z.looseObject({auth: z.record(z.string(), z.string())})}),
});

/** Lets the admin into a project of that name, which is made where there is none. `cloud`: the admin's own. */
export async function openLabProject(lab: Lab, cloud: LabCloud, name: string): Promise<LabProject> {
  const ask = async (wanted: readonly number[], method: string, where: string, body?: unknown) => {
    const answer = await cloud.identity(method, where, body);
    if (!wanted.includes(answer.status)) {
      throw new Error(`${method} ${where}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  };
  const idOf = async (kind: 'users' | 'roles' | 'projects', wanted: string) => {
    const body = await ask([200], 'GET', `/${kind}?name=${encodeURIComponent(wanted)}`);
    return ids.parse(z.record(z.string(), z.unknown()).parse(body)[kind])[0]?.id;
  };
  const known = await idOf('projects', name);
  const id = known ?? (await make());
  const grant = `/projects/${id}/users/${await idOf('users', 'admin')}/roles/${await idOf('roles', 'admin')}`;
  await ask([204], 'PUT', grant);

  async function make(): Promise<string> {
    const body = await ask([201], 'POST', '/projects', {project: {name, domain_id: 'default'}});
    return z.object({project: z.object({id: z.string()})}).parse(body).project.id;
  }

  const {clouds} = file.parse(parse(await readFile(lab.cloudsFile, 'utf8')));
  const dir = await mkdtemp(path.join(tmpdir(), 'reprieve-project-'));
  const cloudsFile = path.join(dir, 'clouds.yaml');
  const auth = {...clouds.lab.auth, project_name: name};
  // JSON is YAML.
  await writeFile(cloudsFile, JSON.stringify({clouds: {lab: {...clouds.lab, auth}}}));
  return {
    id,
    cloud: await openLabCloud({...lab, cloudsFile}),
    async remove() {
      await rm(dir, {recursive: true, force: true});
      await ask([204], 'DELETE', grant);
      if (known === undefined) await ask([204], 'DELETE', `/projects/${id}`);
    },
  };
}
