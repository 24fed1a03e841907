"""Prints, as JSON, what the installed openstack client prints of two flavors: for each command and format a text."""
import io
import json
from unittest import mock

from openstack.compute.v2 import flavor as sdk
from openstackclient.compute.v2 import flavor as client

ANSWER = {
    'id': 'a1', 'name': 'm1.safe', 'ram': 8192, 'disk': 20, 'swap': '', 'vcpus': 8, 'rxtx_factor': 1.0,
    'OS-FLV-EXT-DATA:ephemeral': 0, 'OS-FLV-DISABLED:disabled': False, 'os-flavor-access:is_public': False,
    'links': [{'rel': 'self', 'href': 'http://127.0.0.1/flavors/a1'}], 'description': None,
    'extra_specs': {'hw:cpu_sockets': '2', 'hw:watchdog_action': 'poweroff'},
}


def flavor(**changes):
    return sdk.Flavor.existing(**{**ANSWER, **changes})


app = mock.Mock()
compute = app.client_manager.sdk_connection.compute
compute.flavors.return_value = [flavor(), flavor(id='a2', name='plain', vcpus=1, extra_specs={})]
compute.find_flavor.return_value = flavor()
compute.get_flavor_access.return_value = [{'tenant_id': 'p1', 'flavor_id': 'a1'}]

printed = {}
for name, command, words in (
    ('list', client.ListFlavor, ['--long']),
    ('short list', client.ListFlavor, []),
    ('show', client.ShowFlavor, ['a1']),
):
    for form in ('json', 'yaml', 'table'):
        app.stdout = io.StringIO()
        run = command(app, None)
        run.run(run.get_parser('flavor').parse_args([*words, '-f', form]))
        printed[f'{name} {form}'] = app.stdout.getvalue()
print(json.dumps(printed))
