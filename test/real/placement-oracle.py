"""What the scheduler of the installed Nova asks Placement for: one JSON object a line in, one a line out."""

import json
import logging
import sys
from urllib import parse

logging.disable(logging.CRITICAL)

import nova.conf  # noqa: E402
from nova import context, objects  # noqa: E402
from nova.scheduler import request_filter, utils  # noqa: E402

nova.conf.CONF([], project="nova", default_config_files=[])
objects.register_all()


def asked(case, pinned):
    flavor = objects.Flavor(
        id=1,
        name="asked",
        flavorid="asked",
        vcpus=case["vcpus"],
        memory_mb=case["memory_mb"],
        root_gb=case["disk_gb"],
        ephemeral_gb=case["ephemeral_gb"],
        swap=case["swap_mb"],
        extra_specs=dict(case["extra_specs"]),
    )
    image = objects.ImageMeta.from_dict({"properties": dict(case["image_props"])})
    spec = objects.RequestSpec(
        flavor=flavor,
        image=image,
        num_instances=1,
        availability_zone=None,
        request_level_params=objects.RequestLevelParams(),
        requested_networks=objects.NetworkRequestList(objects=[]),
    )
    request_filter.process_reqspec(context.get_admin_context(), spec)
    request = utils.ResourceRequest.from_request_spec(spec, enable_pinning_translate=pinned)
    query = parse.parse_qsl(request.to_querystring(), keep_blank_values=True)
    return {"query": query, "isPinned": bool(request.cpu_pinning_requested)}


def answer(case):
    try:
        return {"first": asked(case, True), "fallback": asked(case, False)["query"]}
    except Exception as error:
        return {"error": type(error).__name__}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
