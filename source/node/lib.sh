# Ground of all programs that run on nodes. The values come before this text, as assignments; the last line of
# what is sent calls main, so that a text that arrives cut does nothing. Needed: a POSIX shell, GNU coreutils,
# grep and sed. Output: lines of key, tab, value; what may hold anything is encoded.
# Each process costs a node about a millisecond, and a fleet is as fast as that: what the shell can do itself it
# does, functions give their results in variables, and one call of a tool does the work for several files.
# shellcheck shell=sh disable=SC2154,SC2034
set -u
umask 077
LC_ALL=C
export LC_ALL
unset POSIXLY_CORRECT GREP_OPTIONS CDPATH TIME_STYLE
PATH=${PATH:-/usr/bin}:/usr/bin:/bin:/usr/sbin:/sbin
TAB='	'
NL='
'
IFS=" $TAB$NL"

# begin PROGRAM: goes to the root that is worked on. Relative paths (./etc/nova) keep the sysroot out of output.
begin() {
  printf 'begin\t%s\n' "$1"
  if [ -n "$sysroot" ]; then
    cd -P -- "$sysroot" || return 1
    sysroot=$PWD
    [ "$sysroot" != / ] || sysroot=
  fi
  cd -- "${sysroot:-/}" || return 1
  proc=/proc
  cgroups=/sys/fs/cgroup
  systemctl=systemctl
  if [ -n "$sysroot" ]; then
    SYSROOT=$sysroot
    export SYSROOT
    [ ! -d ./proc ] || proc=./proc
    [ ! -d ./sys/fs/cgroup ] || cgroups=./sys/fs/cgroup
    [ ! -x ./usr/bin/systemctl ] || systemctl=./usr/bin/systemctl
  fi
  library=$sysroot/var/lib/reprieve
  runtime=$sysroot/run/reprieve
}

emit() {
  printf '%s\t%s\n' "$1" "$2"
}

# encode TEXT: sets encoded: the text after an equals sign where it is printable ASCII, else its base64.
encode() {
  case $1 in
    '') encoded= ;;
    *[!\ -~]*) encoded=$(printf '%s' "$1" | base64 -w0) ;;
    *) encoded="=$1" ;;
  esac
}

# clock: sets now, in seconds since 1970. Asked once, then counted on by the time since boot.
clock() {
  read -r now rest </proc/uptime
  now=${now%%.*}
  [ -n "${boot_time:-}" ] || boot_time=$(($(date +%s) - now))
  now=$((boot_time + now))
}

# write_text FILE TEXT: a whole small file in one write. A shell does not say why it cannot write; cat does. Sets
# message where it fails.
write_text() {
  { printf '%s\n' "$2" >"$1"; } 2>/dev/null && return 0
  message=$(printf '%s\n' "$2" | cat 2>&1 >"$1")
}

# append_text FILE TEXT: the same at the end of a file; what a failed write left is ended first.
append_text() {
  { printf '%s\n' "$2" >>"$1"; } 2>/dev/null && return 0
  message=$(printf '\n%s\n' "$2" | cat 2>&1 >>"$1")
}

is_there() {
  [ -e "$1" ] || [ -L "$1" ]
}

is_run() {
  case $1 in
    [0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]-[0-9a-z][0-9a-z][0-9a-z][0-9a-z]) return 0 ;;
  esac
  return 1
}

is_unit() {
  case $1 in
    '' | -* | *[!A-Za-z0-9:_.@\\-]*) return 1 ;;
  esac
  return 0
}

# digest_of PATH: sets digest; empty where the file cannot be read.
digest_of() {
  digest=$(sha256sum <"$1") || digest=
  digest=${digest%% *}
}

# digests_of FILE...: sets digests, one before each blank, in that order. 1 where one of the files cannot be read.
digests_of() {
  read_digests "$(sha256sum -- "$@" 2>/dev/null || echo failed)"
}

# read_digests OUTPUT: sets digests from lines of sha256sum; a backslash before one says that its name is escaped.
read_digests() {
  digests=
  case $1 in
    *failed) return 1 ;;
  esac
  IFS=$NL
  set -f
  for line in $1; do
    line=${line#\\}
    digests="$digests${line%% *} "
  done
  set +f
  IFS=" $TAB$NL"
}

# start_of PROC PID: sets started, field 22 of its stat, in clock ticks since boot. The name of the process,
# field 2, may hold blanks and parentheses, so the fields are counted from the last parenthesis.
start_of() {
  started=
  [ -r "$1/$2/stat" ] || return 1
  while IFS= read -r line; do
    started="$started$line "
  done 2>/dev/null <"$1/$2/stat"
  case $started in
    *') '*) ;;
    *)
      started=
      return 1
      ;;
  esac
  # shellcheck disable=SC2086
  set -- ${started##*') '}
  started=${20:-}
  [ -n "$started" ]
}

# worker_of FILE: sets worker, "PID START" of the program whose turn it is; empty where there is none.
worker_of() {
  worker=
  [ ! -L "$1" ] || worker=$(readlink -- "$1" 2>/dev/null)
}

# is_alive "PID START": whether that very process still runs. Our own programs are real processes, also below
# a sysroot, so this looks at the real /proc.
is_alive() {
  case $1 in
    *[!0-9\ ]* | '' | *' '*' '*) return 1 ;;
    *' '*) ;;
    *) return 1 ;;
  esac
  start_of /proc "${1% *}" && [ "$started" = "${1#* }" ]
}

# mount_name PATH: sets mount_name, the path as mountinfo writes it.
mount_name() {
  mount_name=$1
  case $1 in
    *' '*) mount_name=$(printf '%s' "$1" | sed 's/ /\\040/g') ;;
  esac
}

# show_units UNIT...: what the service manager says of them, a block of lines for each, in that order.
show_units() {
  "$systemctl" show --no-pager --property=Id,LoadState,ActiveState,SubState,Result,MainPID,NRestarts,ExecMainStartTimestampMonotonic,ControlGroup,TimeoutStopUSec,UnitFileState,Job,ExecStart -- "$@"
}

# read_block BLOCK: sets unit_id, unit_load, unit_active, unit_sub, unit_pid, unit_group, unit_job, unit_start
# and unit_command.
read_block() {
  unit_id='' unit_load='' unit_active='' unit_sub='' unit_pid=0 unit_group='' unit_job='' unit_start=0 unit_command=''
  IFS=$NL
  set -f
  for line in $1; do
    case $line in
      Id=*) unit_id=${line#*=} ;;
      LoadState=*) unit_load=${line#*=} ;;
      ActiveState=*) unit_active=${line#*=} ;;
      SubState=*) unit_sub=${line#*=} ;;
      MainPID=*) unit_pid=${line#*=} ;;
      ControlGroup=*) unit_group=${line#*=} ;;
      Job=*) unit_job=${line#*=} ;;
      ExecMainStartTimestampMonotonic=*) unit_start=${line#*=} ;;
      ExecStart=*) unit_command=${line#*=} ;;
    esac
  done
  set +f
  IFS=" $TAB$NL"
  case $unit_pid in
    '' | *[!0-9]*) unit_pid=0 ;;
  esac
  [ "$unit_job" != 0 ] || unit_job=
}

# emit_block ROLE BLOCK: one line, the properties separated by tabs.
emit_block() {
  printf 'show\t%s' "$1"
  IFS=$NL
  set -f
  for line in $2; do
    case $line in
      ExecStart=*) ;;
      *) printf '\t%s' "$line" ;;
    esac
  done
  set +f
  IFS=" $TAB$NL"
  printf '\n'
}

# read_uptime: sets uptime, in seconds with two decimals; empty where the kernel does not tell.
read_uptime() {
  read -r uptime rest <"$proc/uptime" || uptime=
}

# emit_clocks: what turns clock ticks into ages. Linux counts 100 ticks a second for programs, whatever it counts
# itself, on all machines but Alpha and Itanium (USER_HZ).
emit_clocks() {
  read_uptime
  emit uptime "$uptime"
  emit ticks 100
}

# emit_time: the time of day and the time since boot, of one moment: ages of files come from the one, ages of
# processes from the other, and on a busy node a second may pass between two lines. A few tries for 30 ms at most.
emit_time() {
  for attempt in 1 2 3 4 5 6 7 8; do
    read_uptime
    # A number that begins with 0 would be octal.
    before=1${uptime%.*}${uptime#*.}
    now=$(date +%s.%N)
    read_uptime
    [ "$((1${uptime%.*}${uptime#*.} - before))" -gt 3 ] || break
  done
  emit now "$now"
  emit uptime "$uptime"
  emit ticks 100
}

# pids_of GROUP MAINPID: sets pids, all processes of a unit, by control group (v2, hybrid, v1).
pids_of() {
  pids=
  case $1 in
    '' | / | *..*) ;;
    *)
      for hierarchy in '' /systemd /unified; do
        [ -r "$cgroups$hierarchy$1/cgroup.procs" ] || continue
        pids=$(cat "$cgroups$hierarchy$1/cgroup.procs" "$cgroups$hierarchy$1"/*/cgroup.procs 2>/dev/null)
        [ -z "$pids" ] || break
      done
      ;;
  esac
  [ -n "$pids" ] || pids=$2
}

# emit_listeners UNIT GROUP MAINPID: TCP sockets that processes of the unit listen on, as the kernel writes them.
emit_listeners() {
  listening_unit=$1
  pids_of "$2" "$3"
  descriptors=
  network=
  for pid in $pids; do
    case $pid in
      0 | *[!0-9]*) continue ;;
    esac
    [ -d "$proc/$pid/fd" ] || continue
    descriptors="$descriptors $proc/$pid/fd"
    [ -n "$network" ] || network=$proc/$pid/net
  done
  [ -n "$network" ] || return 0
  # shellcheck disable=SC2086,SC2010,SC2012
  sockets=$(ls -l $descriptors 2>/dev/null | grep -o 'socket:\[[0-9]*\]')
  [ -n "$sockets" ] || return 0
  IFS=$NL
  # shellcheck disable=SC2013
  for line in $(grep -h ' 0A ' "$network/tcp" "$network/tcp6" 2>/dev/null); do
    IFS=' '
    # shellcheck disable=SC2086
    set -- $line
    IFS=$NL
    [ "${4:-}" = 0A ] || continue
    case $sockets in
      *"[${10:-none}]"*) printf 'listener\t%s\t%s\n' "$listening_unit" "$2" ;;
    esac
  done
  IFS=" $TAB$NL"
}
