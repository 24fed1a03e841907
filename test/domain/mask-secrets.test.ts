import test from 'ava';
import {maskSecrets} from '../../source/domain/mask-secrets.js';

test('what looks like a secret is masked, and nothing else', (t) => {
  for (const [text, masked] of [
    ['mysql+pymysql://nova:hush@db/nova', 'mysql+pymysql://***@db/nova'],
    ['rabbit://a:b@h1:5672,c:d@h2:5672/', 'rabbit://***@h1:5672,***@h2:5672/'],
    ['password = hush', 'password = ***'],
    ['admin_password: "two words", next', 'admin_password: ***, next'],
    ['"auth_token": "abc", "state": "down"', '"auth_token": ***, "state": "down"'],
    ['X-Auth-Token: gAAAA', 'X-Auth-Token: ***'],
    ['Authorization: Bearer abc.def', 'Authorization: ***'],
    ['metadata_proxy_shared_secret=hush&x=1', 'metadata_proxy_shared_secret=***&x=1'],
    ['reclaim_instance_interval = 7200', 'reclaim_instance_interval = 7200'],
    ['"OS-EXT-STS:task_state": "deleting"', '"OS-EXT-STS:task_state": "deleting"'],
    ['see http://keystone:5000/v3 for it', 'see http://keystone:5000/v3 for it'],
  ] as const) {
    t.is(maskSecrets(text), masked);
  }
});
