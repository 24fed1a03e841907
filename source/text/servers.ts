import type {KnownServer} from '../app/servers/server-ports.js';
import {commandLine} from './command-line.js';

/** A server's name and id: the name is whatever somebody typed, the id is what counts. */
export function serverWords({name, id}: Pick<KnownServer, 'name' | 'id'>): string {
  return `${name} (${id})`;
}

/** Where and what a server is, to tell it from others of its name. */
export function serverPlace({id, projectId, host, status, taskState}: KnownServer): string {
  return [
    id,
    taskState === undefined ? status : `${status}, ${taskState}`,
    projectId === undefined ? undefined : `project ${projectId}`,
    host === undefined ? undefined : `on ${host}`,
  ]
    .filter((word) => word !== undefined)
    .join(', ');
}

/** A command of the OpenStack client, with the cloud where it has a name in clouds.yaml. */
export function openstackCommand(words: readonly string[], cloud: string | undefined): string {
  const place = cloud === undefined || cloud === 'envvars' ? [] : ['--os-cloud', cloud];
  return commandLine(['openstack', ...place, ...words]);
}

/** What happened to one server, and what to do about it. */
export type Sentence = {readonly message: string; readonly remedy: string | undefined};
