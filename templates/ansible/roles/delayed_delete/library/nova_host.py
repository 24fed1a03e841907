"""Asks Nova about a host. Runs where Ansible runs, with openstacksdk and an entry of clouds.yaml; changes nothing."""

import time

from ansible.module_utils.basic import AnsibleModule

try:
    import openstack
    from keystoneauth1.exceptions import ClientException
except ImportError:
    openstack = None

EVERY = 3  # seconds


class Unanswered(Exception):
    """Nova could not be asked, or said no."""


class Nova(object):
    def __init__(self, cloud):
        try:
            self.compute = openstack.connect(cloud=cloud).compute
        except Exception as error:  # A library's own classes for a missing entry, a wrong file, a missing password.
            raise Unanswered('cloud %s: %s' % (cloud, error))

    def get(self, path, key, **query):
        try:
            answer = self.compute.get(path, params=query, microversion='2.1')
        except ClientException as error:
            raise Unanswered(str(error))
        if answer.status_code != 200:
            raise Unanswered('GET %s: %d %s' % (path, answer.status_code, answer.reason))
        return answer.json()[key]

    def computes(self):
        return [service['host'] for service in self.get('/os-services', 'services', binary='nova-compute')]

    def service(self, host):
        found = self.get('/os-services', 'services', binary='nova-compute', host=host)
        return found[0] if found else None

    def servers(self, host, **query):
        """Of all projects. Filters that somebody may not use are left out without a word."""
        if self.get('/servers', 'servers', all_tenants=1, host='no-such-host-here', limit=1):
            raise Unanswered('this user may not ask for the servers of a host: take an administrator')
        return self.get('/servers/detail', 'servers', all_tenants=1, host=host, **query)

    def busy(self, host):
        """What a restart would break off, in words."""
        tasks = [(server['id'], server.get('OS-EXT-STS:task_state')) for server in self.servers(host)]
        found = ['server %s: %s' % task for task in tasks if task[1]]
        moves = self.get('/os-migrations', 'migrations', host=host, status='running')
        return found + ['migration %s: running' % move['id'] for move in moves]


def wait(seconds, ask, is_well):
    """The first good answer; at the end of the time the last one. Raises `Unanswered` where that was none."""
    limit = time.time() + seconds
    while True:
        late = time.time() >= limit
        try:
            answer = ask()
            if late or is_well(answer):
                return answer
        except Unanswered:
            if late:
                raise
        time.sleep(EVERY)


def look(nova, host, seconds):
    """What is there before a change, as soon as nothing is in flight."""
    service = nova.service(host)
    if service is None:
        raise Unanswered('it has no nova-compute on %s; name the host as Nova does, in nova_host' % host)
    if service['state'] != 'up':
        raise Unanswered('it calls nova-compute on %s down; a server that is deleted there now is gone' % host)
    busy = wait(seconds, lambda: nova.busy(host), lambda found: not found)
    if busy:
        raise Unanswered('%s is busy: %s' % (host, ', '.join(busy[:5])))
    return {'soft_deleted': len(nova.servers(host, status='SOFT_DELETED', soft_deleted='true'))}


def heartbeat(nova, host, seconds):
    """Two heartbeats: the first may be of the old process, or all that one says that fails again and again."""
    first = wait(seconds, lambda: nova.service(host), lambda service: service is not None)
    seen = first and first['updated_at']
    last = wait(seconds, lambda: nova.service(host), lambda now: now and now['state'] == 'up' and now['updated_at'] != seen)
    if last is None or last['state'] != 'up' or last['updated_at'] == seen:
        raise Unanswered('it has had no new heartbeat of nova-compute on %s for %d s' % (host, seconds))
    return {'updated_at': last['updated_at']}


def main():
    module = AnsibleModule(
        argument_spec={
            'cloud': {'type': 'str', 'required': True},
            'ask': {'type': 'str', 'required': True, 'choices': ['before', 'heartbeat', 'computes']},
            'host': {'type': 'str', 'default': ''},
            'seconds': {'type': 'int', 'default': 120},
        },
        supports_check_mode=True,
    )
    if openstack is None:
        module.fail_json(msg='openstacksdk is missing where Ansible runs: install it, or leave delayed_delete_cloud empty')
    cloud, ask, host, seconds = [module.params[name] for name in ('cloud', 'ask', 'host', 'seconds')]
    try:
        nova = Nova(cloud)
        if ask == 'before':
            found = look(nova, host, seconds)
        elif ask == 'heartbeat':
            found = heartbeat(nova, host, seconds)
        else:
            found = {'computes': wait(seconds, nova.computes, lambda answer: True)}
    except Unanswered as reason:
        module.fail_json(msg='Nova: %s' % reason)
    module.exit_json(changed=False, **found)


if __name__ == '__main__':
    main()
