import type {CommandDefinition} from './command.js';

/** A command that is loaded when it is asked for. */
export type CommandEntry = {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandDefinition>;
};

/** Every command, in the order of the help. A new one is a file in this folder and an entry here. */
export const registry: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'questions, one after the other; writes the profile',
    load: async () => (await import('./init.js')).init,
  },
  {
    name: 'inventory',
    summary: 'the nodes, their roles, and how each is reached',
    load: async () => (await import('./inventory.js')).inventory,
  },
  {
    name: 'setup',
    summary: 'guided: delayed delete on nodes and API',
    load: async () => (await import('./setup.js')).setup,
  },
  {
    name: 'status',
    summary: 'per node: effective value, the file it comes from, service, clock, drift',
    load: async () => (await import('./status.js')).status,
  },
  {
    name: 'plan',
    summary: 'what would change, as a diff and as a plan file',
    load: async () => (await import('./plan.js')).plan,
  },
  {
    name: 'apply',
    summary: 'carry a plan out, or set an interval directly',
    load: async () => (await import('./apply.js')).apply,
  },
  {
    name: 'resume',
    summary: 'go on with a run that was interrupted',
    load: async () => (await import('./resume.js')).resume,
  },
  {
    name: 'rollback',
    summary: 'put every node of a run back as it was',
    load: async () => (await import('./rollback.js')).rollback,
  },
  {
    name: 'runs',
    summary: 'past runs, and one in detail',
    load: async () => (await import('./runs.js')).runs,
  },
  {
    name: 'watch',
    summary: 'soft-deleted servers, and how long each has left',
    load: async () => (await import('./watch.js')).watch,
  },
  {
    name: 'restore',
    summary: 'bring soft-deleted servers back, and follow each until it runs',
    load: async () => (await import('./restore.js')).restore,
  },
  {
    name: 'purge',
    summary: 'destroy soft-deleted servers now, for ever',
    load: async () => (await import('./purge.js')).purge,
  },
  {
    name: 'doctor',
    summary: 'why is it still there; what is wrong with the set-up',
    load: async () => (await import('./doctor.js')).doctor,
  },
  {
    name: 'verify',
    summary: "compare a server's libvirt domain with what its flavor and image ask for",
    load: async () => (await import('./verify.js')).verify,
  },
  {
    name: 'drill',
    summary: 'guided: crash a guest on purpose, and see what its watchdog does',
    load: async () => (await import('./drill.js')).drill,
  },
  {
    name: 'flavor',
    summary: 'flavors with watchdog, CPU topology and NUMA, judged as Nova judges them',
    load: async () => (await import('./flavor.js')).flavor,
  },
  {
    name: 'template',
    summary: 'what is set up or designed here, as files for the tool that owns the configuration',
    load: async () => (await import('./template.js')).template,
  },
  {
    name: 'conf',
    summary: 'read or edit oslo.config files on this machine, as Nova reads them',
    load: async () => (await import('./conf.js')).conf,
  },
  {
    name: 'demo',
    summary: 'a cloud to try everything on, in this process; nothing needed but Node',
    load: async () => (await import('./demo.js')).demo,
  },
  {
    name: 'completion',
    summary: 'completion for bash, zsh or fish',
    load: async () => (await import('./completion.js')).completion,
  },
];
