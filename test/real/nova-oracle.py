"""Answers of the installed Nova (Debian: python3-nova) about flavors: one JSON object a line in, one a line out."""

import json
import logging
import sys

logging.disable(logging.CRITICAL)

from nova import exception, objects  # noqa: E402
from nova.api.validation.extra_specs import validators  # noqa: E402
from nova.compute import api  # noqa: E402
from nova.virt import hardware  # noqa: E402
from nova.virt.libvirt import config, driver  # noqa: E402

objects.register_all()

IMAGE = "155d900f-4e14-4e4c-a73d-069cbf4541e6"


def refused(error, stage=None):
    kind = "nova" if isinstance(error, exception.NovaException) else "python"
    answer = {"error": type(error).__name__, "kind": kind}
    return answer if stage is None else {**answer, "stage": stage}


def triple(topology):
    return [topology.sockets, topology.cores, topology.threads]


def asked(case):
    flavor = objects.Flavor(
        id=1,
        name="asked",
        flavorid="asked",
        vcpus=case["vcpus"],
        memory_mb=case["memory_mb"],
        root_gb=0,
        ephemeral_gb=0,
        swap=0,
        extra_specs=dict(case["extra_specs"]),
    )
    image = {"id": IMAGE, "name": "asked", "properties": dict(case["image_props"])}
    return flavor, image


def topology_of(flavor, meta):
    try:
        preferred, maximum = hardware.get_cpu_topology_constraints(flavor, meta)
    except Exception as error:
        return refused(error, "constraints")
    limits = {"preferred": triple(preferred), "maximum": triple(maximum)}
    try:
        possible = hardware._get_possible_cpu_topologies(flavor.vcpus, maximum, True)
    except Exception as error:
        return {**refused(error, "possible"), **limits}
    desired = [triple(one) for one in hardware._sort_possible_cpu_topologies(possible, preferred)]
    return {**limits, "possible": [triple(one) for one in possible], "desired": desired, "best": desired[0]}


def cell_of(cell):
    return {
        "id": cell.id,
        "cpuset": sorted(cell.cpuset),
        "pcpuset": sorted(cell.pcpuset),
        "memory_mb": cell.memory,
        "pagesize_kb": cell.pagesize,
        "cpu_policy": cell.cpu_policy,
        "cpu_thread_policy": cell.cpu_thread_policy,
    }


def numa_of(flavor, meta):
    try:
        numa = hardware.numa_get_constraints(flavor, meta)
    except Exception as error:
        return refused(error, "constraints")
    if numa is None:
        return None
    cells = [cell_of(cell) for cell in numa.cells]
    return {"cells": cells, "emulator_threads_policy": numa.emulator_threads_policy}


class Guest:
    device = None

    def add_device(self, device):
        self.device = device


def watchdog_of(flavor, meta):
    guest = Guest()
    try:
        driver.LibvirtDriver._guest_add_watchdog_action(guest, flavor, meta)
    except Exception as error:
        return refused(error, "compute")
    return None if guest.device is None else guest.device.to_xml(pretty_print=False)


def cpu_of(flavor, meta):
    try:
        numa = hardware.numa_get_constraints(flavor, meta)
        best = hardware.get_best_cpu_topology(flavor, meta)
    except Exception:
        return None
    size = numa.cells[0].pagesize if numa else None
    is_huge = size is not None and (size in (-2, -3) or size > 4)
    cpu = config.LibvirtConfigGuestCPU()
    cpu.mode = "host-model"
    cpu.sockets, cpu.cores, cpu.threads = triple(best)
    cpu.numa = driver.LibvirtDriver._get_cpu_numa_config_from_instance(None, numa, is_huge)
    return cpu.to_xml(pretty_print=False)


def boot_of(flavor, image):
    try:
        api.API._validate_flavor_image_numa_pci(image, flavor)
    except Exception as error:
        return refused(error)
    return {"ok": True}


def stored(name, value):
    try:
        validators.validate(name, value)
    except exception.ValidationError:
        return "ValidationError"
    return "accept"


def answer(case):
    flavor, image = asked(case)
    answers = {
        "boot": boot_of(flavor, image),
        "store": {name: stored(name, value) for name, value in case["extra_specs"].items()},
    }
    try:
        meta = api._get_image_meta_obj(image)
    except Exception as error:
        gone = refused(error, "image")
        return {**answers, "topology": gone, "numa": gone, "watchdog": gone, "cpu": None}
    return {
        **answers,
        "topology": topology_of(flavor, meta),
        "numa": numa_of(flavor, meta),
        "watchdog": watchdog_of(flavor, meta),
        "cpu": cpu_of(flavor, meta),
    }


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
