import {shellQuote} from '../../domain/shell-quote.js';

/**
 * A stand-in for systemctl: it shows what the service manager wrote down about a unit, and leaves what it is asked
 * to do as a file in `jobs`. Nobody answers those once the embedded cloud is gone: then it ends whatever waits.
 *
 * @param owner PID of the process that is the service manager
 */
export function systemctlProgram(jobs: string, node: string, owner: number): string {
  return `#!/bin/sh
jobs=${shellQuote(jobs)}
node=${shellQuote(node)}
[ -d "/proc/${owner}" ] || kill -9 0
cd "$SYSROOT/manager" || exit 1
act=$1
shift
code=0
separator=
for unit; do
  case $unit in -*) continue ;; esac
  case $unit in
    *.service) ;;
    *) unit=$unit.service ;;
  esac
  case $act in
    show)
      printf '%s' "$separator"
      separator='
'
      if [ -f "$unit" ]; then
        cat -- "$unit"
      else
        printf '%s\\n' "Id=$unit" LoadState=not-found ActiveState=inactive SubState=dead Result=success MainPID=0 \\
          NRestarts=0 ExecMainStartTimestampMonotonic=0 ControlGroup= TimeoutStopUSec=1min\\ 30s UnitFileState= Job=0
      fi
      ;;
    is-active)
      state=inactive
      [ ! -f "$unit" ] || state=$(sed -n 's/^ActiveState=//p' "$unit")
      echo "$state"
      [ "$state" = active ] || code=3
      ;;
    start | stop | restart)
      if [ -f "$unit" ]; then
        : >"$jobs/$node:$unit:$act:$$"
      else
        echo "Failed to $act $unit: Unit $unit not found." >&2
        code=5
      fi
      ;;
  esac
done
exit "$code"
`;
}
