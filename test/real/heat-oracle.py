"""Prints, as JSON, the properties that Heat reads from the resource `flavor` of each template that is named."""
import json
import sys

from heat.common import template_format
from heat.engine import properties
from heat.engine import template
from heat.engine.resources.openstack.nova import flavor

SCHEMA = flavor.NovaFlavor.properties_schema
read = []
for name in sys.argv[1:]:
    with open(name, encoding='utf-8') as file:
        stack = template.Template(template_format.parse(file.read()))
    stack.validate()
    resource = stack.resource_definitions(None)['flavor']
    unknown = set(resource.properties(SCHEMA).data) - set(SCHEMA)
    if resource.resource_type != 'OS::Nova::Flavor' or unknown:
        sys.exit(f'{name}: {resource.resource_type} with {unknown}')
    given = properties.Properties(SCHEMA, resource.properties(SCHEMA).data)
    read.append({key: given[key] for key in SCHEMA})
json.dump(read, sys.stdout)
