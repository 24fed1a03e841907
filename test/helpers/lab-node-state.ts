import {z} from 'zod';
import {allNodes, type Lab, type LabNode, readOn} from './lab.js';

/** How a node stands, looked at by other means than the product's. */
export type NodeState = {
  /** Of /etc/nova/nova.conf. */
  readonly digest: string;
  readonly owner: string;
  readonly mode: string;
  /** `reclaim_instance_interval` as oslo.config reads the files of the running service; null where it cannot. */
  readonly interval: number | null;
  /** Whether the service's process started after the last change of its files. */
  readonly isFresh: boolean;
  readonly active: string;
  readonly startId: string;
  /** Locks, turns, unfinished files: nothing of this may stay after a run. */
  readonly leftovers: readonly string[];
};

const state = z.object({
  digest: z.string(),
  owner: z.string(),
  mode: z.string(),
  interval: z.number().nullable(),
  isFresh: z.boolean(),
  active: z.string(),
  startId: z.string(),
  leftovers: z.array(z.string()),
});

const LOOK = `
exec python3 - "$1" <<'END'
import glob, hashlib, json, os, subprocess, sys
from oslo_config import cfg
unit, path = sys.argv[1], '/etc/nova/nova.conf'
names = ['ActiveState', 'MainPID', 'ExecMainStartTimestampMonotonic']
shown = subprocess.run(['systemctl', 'show', unit] + ['-p' + name for name in names], capture_output=True, text=True)
show = dict(line.split('=', 1) for line in shown.stdout.splitlines())
files = []
if show['MainPID'] != '0':
    words = open('/proc/%s/cmdline' % show['MainPID']).read().split('\\0')
    files = [word.split('=', 1)[1] for word in words if word.startswith('--config-file=')]
files = files or [path]
try:
    conf = cfg.ConfigOpts()
    conf.register_opt(cfg.IntOpt('reclaim_instance_interval', default=0))
    conf(['--config-file=' + one for one in files], project='nova')
    interval = conf.reclaim_instance_interval
except Exception:
    interval = None
boot = __import__('time').time() - float(open('/proc/uptime').read().split()[0])
started = boot + int(show['ExecMainStartTimestampMonotonic']) / 1e6
seen = os.stat(path)
left = glob.glob('/run/reprieve/*') + glob.glob('/run/reprieve/.*') + glob.glob('/etc/nova/.*reprieve*')
left += glob.glob('/var/lib/reprieve/**/*.new', recursive=True)
print(json.dumps({
    'digest': hashlib.sha256(open(path, 'rb').read()).hexdigest(),
    'owner': '%d:%d' % (seen.st_uid, seen.st_gid),
    'mode': '%o' % (seen.st_mode & 0o7777),
    'interval': interval,
    'isFresh': started > max(os.stat(one).st_ctime for one in files),
    'active': show['ActiveState'],
    'startId': show['MainPID'] + ':' + show['ExecMainStartTimestampMonotonic'],
    'leftovers': sorted(left),
}))
END
`;

export async function lookAtNode(lab: Lab, node: LabNode): Promise<NodeState> {
  return state.parse(JSON.parse(await readOn(lab, node.host, LOOK, {args: [node.unit]})));
}

/** Every node by name. */
export async function lookAtNodes(lab: Lab, nodes = allNodes(lab)): Promise<Map<string, NodeState>> {
  const seen = nodes.map(async (node): Promise<[string, NodeState]> => [
    node.host,
    await lookAtNode(lab, node),
  ]);
  return new Map(await Promise.all(seen));
}
