import test from 'ava';
import {proofCommands, removalCommand} from '../../source/text/proof-commands.js';
import {FLAVOR, IMAGE} from '../helpers/fake-servers.js';

test('a server that is left is removed by its id, and looked for by its name where that is not known', (t) => {
  const name = 'reprieve-proof-ab12';
  t.is(removalCommand({id: 'i-1', name}, 'fra1'), 'openstack --os-cloud fra1 server delete --force i-1');
  t.is(removalCommand({id: 'i-1', name}, 'envvars'), 'openstack server delete --force i-1');
  t.is(removalCommand({id: undefined, name}, undefined), `openstack server list --name '^${name}$'`);
});

test('a proof by hand is a command for each step, and nothing of the cloud gets into the shell', (t) => {
  const wish = {name: 'reprieve-proof-ab12', flavor: {...FLAVOR, id: '1; rm -rf ~'}, image: IMAGE};
  const [make, remove, wait, restore, destroy, ...more] = proofCommands(wish, "it's");
  t.deepEqual(more, []);
  t.regex(make ?? '', /^id=\$\(openstack --os-cloud 'it'\\''s' .*--flavor '1; rm -rf ~' .* \| tail -n 1\)$/);
  t.regex(remove ?? '', /server delete "\$id"$/);
  t.regex(wait ?? '', /^until .* grep SOFT_DELETED; do sleep 2; done$/);
  t.regex(restore ?? '', /server restore "\$id"$/);
  t.regex(destroy ?? '', /server delete --force --wait "\$id"$/);
});
