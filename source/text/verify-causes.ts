import type {GuestWish} from '../app/guest/guest-ports.js';
import type {GuestServer} from '../app/servers/server-ports.js';
import type {TraitComparison} from '../domain/guest/compare-guest.js';

/** Why a part is as it is, and what to do; both undefined where there is nothing to say. */
export function explain(
  {verdict, isByImage, mayBeImage, trait}: TraitComparison,
  server: Pick<GuestServer, 'id' | 'status'>,
  wish: GuestWish,
): {readonly cause: string | undefined; readonly remedy: string | undefined} {
  const byImage = isByImage
    ? `The image asks for it: its properties count before the flavor's${trait === 'watchdog' ? ' (hw_watchdog_action)' : ''}.`
    : undefined;
  switch (verdict) {
    case 'same':
      return {cause: byImage, remedy: undefined};
    case 'old-copy':
      return {
        cause:
          'The server carries the flavor as it was when it was made or last resized; the flavor was changed since. A reboot or a rebuild keeps the old copy.',
        remedy:
          'Resize it to a flavor with the new specs; Nova refuses a resize to the flavor that it has, so that takes one with another id.',
      };
    case 'unknown':
      return {
        cause: unknownCause(wish),
        remedy: undefined,
      };
    case 'differs':
      return {
        cause: mayBeImage
          ? `${imageGone(wish, server)}, so a property may have asked for this when the server was made; else the domain was changed on the host, or libvirt took it otherwise.`
          : `${byImage === undefined ? '' : `${byImage} `}The domain is another than Nova makes: it was changed on the host, or libvirt took it otherwise, or Nova made it before its configuration was changed.`,
        remedy: madeAnew(server),
      };
  }
}

function unknownCause({asked, copy}: GuestWish): string {
  if (copy === undefined) return 'Nova does not tell the copy of the flavor (that takes 2.47).';
  if (asked === undefined) return "Nova does not tell the flavor's extra specs to this account.";
  return 'Nova would refuse a server of this flavor and image today, so nothing is asked for.';
}

/** When Nova makes the domain anew (nova: nova/compute/vm_states.py, `ALLOW_HARD_REBOOT`). */
function madeAnew({id, status}: Pick<GuestServer, 'id' | 'status'>): string {
  switch (status) {
    case 'SHUTOFF':
      return `Nova makes the domain anew when it starts it: openstack server start ${id}`;
    case 'RESCUE':
      return `Nova makes the domain anew when the rescue ends: openstack server unrescue ${id}`;
    case 'ACTIVE':
    case 'PAUSED':
    case 'SUSPENDED':
    case 'ERROR':
      return `Nova makes the domain anew at a hard reboot, which cuts the guest off: openstack server reboot --hard ${id}`;
    default:
      return `It is ${status}: look again when it is ACTIVE.`;
  }
}

function imageGone({image}: GuestWish, {status}: Pick<GuestServer, 'status'>): string {
  if (status === 'RESCUE') return 'In rescue the properties of the rescue image count';
  if (image.from === 'volume') {
    return image.properties === undefined
      ? 'It starts from a volume, and Cinder tells no properties of its image'
      : 'The image is read from its volume, as that is today';
  }
  if (image.from === 'image') {
    return 'The image is read as it is today (Nova tells what the server keeps of it from 2.98 on)';
  }
  return 'The properties of its image are not known';
}
