// Puts beside the compiled code what tsc leaves out: the programs that run on nodes, and the plugin for Ansible.
import {chmod, cp} from 'node:fs/promises';

await cp('source/node', 'build/source/node', {
  recursive: true,
  filter: (path) => !path.endsWith('.ts'),
});
await cp('source/ansible', 'build/source/ansible', {recursive: true});
await chmod('build/source/cli.js', 0o755);
