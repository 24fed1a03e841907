import path from 'node:path';

type Surroundings = {readonly env: Readonly<Record<string, string | undefined>>; readonly home: string};

/** The profile that is read where none is named. */
export function defaultProfileFile(request: Surroundings): string {
  const configured = request.env['XDG_CONFIG_HOME'] ?? '';
  // The XDG base directory specification: a relative path counts as not set.
  const folder = path.isAbsolute(configured) ? configured : path.join(request.home, '.config');
  return path.join(folder, 'reprieve', 'config.yaml');
}
