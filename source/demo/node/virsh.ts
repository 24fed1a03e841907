/** Where a node keeps the domains that its virsh shows: a line of id, state and XML for each. */
export const DOMAINS_FILE = 'manager/domains';

/** A stand-in for virsh that reads: it shows the domains which the node had when it was made, and nothing happens. */
export const VIRSH_PROGRAM = `#!/bin/sh
domains=$SYSROOT/${DOMAINS_FILE}
while :; do
  case $1 in
    -r | --readonly) shift ;;
    -c) shift 2 ;;
    *) break ;;
  esac
done
act=$1
shift
case $act in
  uri) echo qemu:///system ;;
  dumpxml | domstate)
    for id; do :; done
    line=$(grep "^$id	" "$domains") || {
      echo "error: failed to get domain '$id'" >&2
      exit 1
    }
    rest=\${line#*	}
    case $act in
      dumpxml) printf '%s\\n' "\${rest#*	}" ;;
      domstate) printf '%s\\n\\n' "\${rest%%	*}" ;;
    esac
    ;;
  event)
    seconds=60
    while [ $# -gt 0 ]; do
      [ "$1" != --timeout ] || seconds=$2
      shift
    done
    exec sleep "$seconds"
    ;;
  *)
    echo "error: unknown command: '$act'" >&2
    exit 1
    ;;
esac
`;
