import {existsSync, readFileSync} from 'node:fs';

/** Where Debian's nova-common keeps the file that it installs as /etc/nova/nova.conf, without any setting of a site. */
const PACKAGED = '/usr/share/nova-common/nova.conf';

/**
 * Debian's nova.conf (10,000 lines, 350 kB) where the package is installed; else a file of the same size and
 * kind: sections of commented defaults, each below its help text, and a few settings.
 */
export function sampleConfig(): Uint8Array {
  return existsSync(PACKAGED) ? new Uint8Array(readFileSync(PACKAGED)) : generatedConfig();
}

export function generatedConfig(): Uint8Array {
  const groups = [
    'DEFAULT',
    'api',
    'cinder',
    'compute',
    'database',
    'libvirt',
    'neutron',
    'placement',
    'vnc',
  ];
  const lines: string[] = [];
  for (const [place, group] of groups.entries()) {
    lines.push(`[${group}]`, '', '#', `# From nova.conf`, '#', '');
    for (let index = 0; index < 140; index += 1) {
      const isOurs = place === 0 && index === 77;
      const name = isOurs ? 'reclaim_instance_interval' : `${group.toLowerCase()}_option_${index}`;
      lines.push('#', `# Help for ${name}, which explains in some words what it does, and when`);
      lines.push('# to change it. Related options:', '#', `# * ${group.toLowerCase()}_option_${index + 1}`);
      lines.push('#  (integer value)', isOurs ? '#reclaim_instance_interval = 0' : `#${name} = ${index}`, '');
      if (index % 40 === 3) lines.push(`${name} = secret-${place}-${index}`);
    }
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}
