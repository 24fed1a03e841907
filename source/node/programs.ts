/** The programs that run on nodes. */
export type NodeProgram =
  'facts' | 'examine' | 'change' | 'lock' | 'service' | 'forget' | 'domains' | 'guest';

/**
 * Files in this folder that make up each program, in this order, joined by newlines. The last one's last line
 * calls `main`. The values that each wants are those of `domain/fleet/node-requests.ts`.
 */
export const PROGRAM_FILES: Readonly<Record<NodeProgram, readonly string[]>> = {
  facts: ['lib.sh', 'lock-functions.sh', 'condense.sh', 'process.sh', 'facts.sh'],
  examine: ['lib.sh', 'lock-functions.sh', 'condense.sh', 'process.sh', 'signs.sh', 'facts.sh'],
  change: ['lib.sh', 'lock-functions.sh', 'record.sh', 'hand-over.sh', 'change.sh'],
  lock: ['lib.sh', 'lock-functions.sh', 'lock.sh'],
  service: ['lib.sh', 'lock-functions.sh', 'service.sh'],
  forget: ['lib.sh', 'lock-functions.sh', 'forget.sh'],
  domains: ['lib.sh', 'virsh.sh', 'domains.sh'],
  guest: ['lib.sh', 'virsh.sh', 'guest.sh'],
};
