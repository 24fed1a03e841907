import {mkdir, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {type Command, mustRun} from './command.js';
import type {Fleet} from './fleet.js';
import {OPTION} from './host-files.js';

const PLAY = `- hosts: compute
  gather_facts: false
  tasks:
    - name: Set the interval
      community.general.ini_file:
        path: "{{ nova_conf }}"
        section: DEFAULT
        option: ${OPTION}
        value: "{{ interval }}"
        backup: true
      notify: Restart
  handlers:
    - name: Restart
      ansible.builtin.command: "{{ restart }}"
`;

/** How Ansible is set up here, for the report. */
export const ANSIBLE_SETUP =
  '`community.general.ini_file` with `backup: true`, `--diff`, a handler for the restart; pipelining on, no ' +
  'gathering of facts, interpreter named, no compression. Its connections are ended before each run, as if the ' +
  'last one had been a while ago; "connected" is a run that finds them open';

/** Writes play and configuration; gives the command of one run. */
export async function ansiblePlay(fleet: Fleet, interval: string, forks: number): Promise<Command> {
  const play = path.join(fleet.folder, 'play.yml');
  const config = path.join(fleet.folder, 'ansible.cfg');
  await mkdir(path.join(fleet.folder, 'cp'), {recursive: true});
  await writeFile(play, PLAY);
  await writeFile(
    config,
    `[defaults]
interpreter_python = /usr/bin/python3
retry_files_enabled = false
local_tmp = ${fleet.folder}/ansible-tmp
[ssh_connection]
pipelining = true
control_path_dir = ${fleet.folder}/cp
ssh_args = -F ${fleet.sshConfig} -o ControlMaster=auto -o ControlPersist=10m
`,
  );
  const vars = JSON.stringify({interval});
  const options = ['--diff', '--forks', String(forks), '--extra-vars', vars];
  return {
    words: ['ansible-playbook', '--inventory', fleet.inventory, ...options, play],
    env: {ANSIBLE_CONFIG: config, LC_ALL: 'C.UTF-8'},
  };
}

/** Ends the connections that Ansible keeps open, as if its last run had been a while ago. */
export async function closeAnsibleConnections(fleet: Fleet): Promise<void> {
  const folder = path.join(fleet.folder, 'cp');
  const sockets = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const socket of sockets) {
    await mustRun({
      words: ['ssh', '-F', 'none', '-o', `ControlPath=${path.join(folder, socket)}`, '-O', 'exit', 'any'],
    });
  }
}
