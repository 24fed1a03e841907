/** A value that Ansible would decrypt; it is never read. */
export const VAULTED: unique symbol = Symbol('vaulted');
