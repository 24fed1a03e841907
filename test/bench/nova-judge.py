"""Seconds of processor time that the installed Nova's own functions (Debian: python3-nova) need to judge flavors.

Arguments: a file with one flavor as JSON a line, how often all are judged before the clock runs, and how often while it
runs. Prints the seconds of each of these last rounds as a JSON list. What is called is what Nova itself calls: on writing
each extra spec, on creating a server, and on building the guest.
"""

import json
import logging
import sys
import time

logging.disable(logging.CRITICAL)

from nova import exception, objects  # noqa: E402
from nova.api.validation.extra_specs import validators  # noqa: E402
from nova.compute import api  # noqa: E402
from nova.virt import hardware  # noqa: E402
from nova.virt.libvirt import config, driver  # noqa: E402

objects.register_all()

IMAGE = {"id": "155d900f-4e14-4e4c-a73d-069cbf4541e6", "name": "image", "properties": {}}


class Guest:
    def add_device(self, device):
        device.to_xml(pretty_print=False)


def flavor_of(row):
    return objects.Flavor(
        id=1,
        name=row["name"],
        flavorid=row["name"],
        vcpus=row["vcpus"],
        memory_mb=row["memoryMib"],
        root_gb=row["diskGib"],
        ephemeral_gb=0,
        swap=0,
        extra_specs=row["extraSpecs"],
    )


def judge(row):
    flavor = flavor_of(row)
    for name, value in row["extraSpecs"].items():
        try:
            validators.validate(name, value)
        except exception.ValidationError:
            pass
    # A server is refused at the first error.
    try:
        api.API._validate_flavor_image_numa_pci(IMAGE, flavor)
        meta = api._get_image_meta_obj(IMAGE)
        numa = hardware.numa_get_constraints(flavor, meta)
        best = hardware.get_best_cpu_topology(flavor, meta)
        cpu = config.LibvirtConfigGuestCPU()
        cpu.sockets, cpu.cores, cpu.threads = best.sockets, best.cores, best.threads
        cpu.numa = driver.LibvirtDriver._get_cpu_numa_config_from_instance(None, numa, False)
        cpu.to_xml(pretty_print=False)
        driver.LibvirtDriver._guest_add_watchdog_action(Guest(), flavor, meta)
    except Exception:
        pass


def main(file, warm, rounds):
    with open(file, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    seconds = []
    for turn in range(warm + rounds):
        began = time.process_time()
        for row in rows:
            judge(row)
        if turn >= warm:
            seconds.append(time.process_time() - began)
    print(json.dumps(seconds))


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
