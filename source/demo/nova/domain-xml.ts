import {formatElement, previewElements} from '../../domain/flavor/guest-xml-preview.js';
import {judgeFlavor} from '../../domain/flavor/judge.js';
import {listCpus} from '../../domain/flavor/cpu-set.js';
import {Refusal} from '../../domain/flavor/refusal.js';
import type {Server} from './model.js';

/** The domain that libvirt would have of a server, in one line: what its flavor and image decide of it. */
export function domainXml({id, number, flavor, image}: Server): string {
  const {name, vcpus, ram, disk, extraSpecs} = flavor;
  const judgement = judgeFlavor(
    {name, vcpus, memoryMib: ram, diskGib: disk, extraSpecs},
    {image: image.properties},
  );
  const {xml, numa} = judgement;
  const cells = numa === undefined || numa instanceof Refusal ? [] : numa.cells;
  const pins = cells.flatMap(({pinned, shared}) => [
    ...listCpus(pinned).map((cpu) => `<vcpupin vcpu="${cpu}" cpuset="${cpu + 4}"/>`),
    ...listCpus(shared).map((cpu) => `<vcpupin vcpu="${cpu}" cpuset="0-3"/>`),
  ]);
  const memory = previewElements(judgement, 0)
    .filter((element) => element.name === 'memoryBacking')
    .map((element) => formatElement(element).replaceAll(/size="[^"\d][^"]*"/g, 'size="2048"'));
  return [
    '<domain type="kvm">',
    `<name>instance-${number.toString(16).padStart(8, '0')}</name><uuid>${id}</uuid>`,
    `<memory unit="KiB">${ram * 1024}</memory><vcpu placement="static">${vcpus}</vcpu>`,
    '<os><type arch="x86_64" machine="pc-i440fx-9.2">hvm</type></os>',
    ...memory,
    ...(pins.length === 0 ? [] : [`<cputune>${pins.join('')}<emulatorpin cpuset="0-3"/></cputune>`]),
    xml.cpu ?? '',
    `<devices>${xml.watchdog ?? ''}</devices></domain>`,
  ].join('');
}
