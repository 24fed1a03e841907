# What tells why something does not work on a node: the ends of logs, what keeps the clock, who may read the files, and
# which tool owns them. Function definitions only; secrets are taken out before anything is printed.
# shellcheck shell=sh disable=SC2154,SC2034,SC2016

# So much of a log is read, and so many of its lines are looked at.
log_bytes=2097152
log_lines=1500

# Lines that matter; kind_of tells them apart.
log_pattern="Running periodic task ComputeManager\._reclaim_queued_deletes|Starting [a-z-]+ node \(version|Reclaiming deleted instance|Error during ComputeManager\._reclaim_queued_deletes|Periodic reclaim failed to delete instance|AMQP server.* is unreachable|AMQP server .*closed the connection|Connection failed: .*retrying in|Reconnected to AMQP server|MessagingTimeout|DBConnectionError|Can't connect to MySQL|Lost connection to MySQL|The \[cinder\] section of your nova|Failed to delete volume: |Ignoring .* for volume|Unable to load auth from \[service_user\]| CRITICAL "

# log_of UNIT PID ROLE: sets log, a regular file that the process has open for its log, else the usual one; log_place,
# as the node calls it. Both empty where there is none.
log_of() {
  log='' log_place=''
  if [ "$2" != 0 ]; then
    for descriptor in "$proc/$2/fd"/*; do
      [ -f "$descriptor" ] || continue
      log_place=$(readlink -- "$descriptor" 2>/dev/null)
      case $log_place in
        *.log | */log/*)
          log=$descriptor
          log_place=${log_place#"$sysroot"}
          return 0
          ;;
      esac
    done
    log_place=
  elif [ -f "./var/log/nova/nova-$3.log" ]; then
    log=./var/log/nova/nova-$3.log
    log_place=${log#.}
  fi
}

# log_end UNIT: the lines that matter of the end of log, or of the journal. One that was rotated just now goes on in the
# file before it.
log_end() {
  if [ -n "$log" ]; then
    older=.$log_place.1
    if [ -f "$older" ] && [ -z "$(find -L "$log" -size +256k 2>/dev/null)" ]; then
      tail -c "$log_bytes" -- "$older"
    fi
    tail -c "$log_bytes" -- "$log"
  else
    timeout 5 journalctl --quiet --no-pager --output=short-unix --lines=3000 --unit="$1"
  fi 2>/dev/null | grep -a -E -e "$log_pattern" | tail -n "$log_lines" | tr '\000-\011\013-\037\177' ' '
}

# kind_of LINE: sets kind.
kind_of() {
  case $1 in
    *'Running periodic task ComputeManager'*) kind=alive ;;
    *'Error during ComputeManager._reclaim_queued_deletes'*) kind=reclaim_error ;;
    *'Periodic reclaim failed to delete instance: Instance '*'could not be found'*) kind=ghost ;;
    *'Periodic reclaim failed to delete instance'*) kind=reclaim_failed ;;
    *'Reclaiming deleted instance'*) kind=reclaimed ;;
    *'The [cinder] section of your nova'* | *'Failed to delete volume: '* | *Ignoring*' for volume'*) kind=cinder ;;
    *'Unable to load auth from [service_user]'*) kind=service_user ;;
    *DBConnectionError* | *"Can't connect to MySQL"* | *'Lost connection to MySQL'*) kind=database ;;
    *'Reconnected to AMQP server'*) kind=bus_back ;;
    *AMQP*'is unreachable'* | *AMQP*'closed the connection'* | *'Connection failed: '*'retrying in'*) kind=bus_lost ;;
    *MessagingTimeout*) kind=bus_timeout ;;
    *Starting*' node (version'*) kind=start ;;
    *' CRITICAL '*) kind=critical ;;
    *) kind= ;;
  esac
}

log_kinds='alive start reclaimed reclaim_error reclaim_failed ghost bus_lost bus_back bus_timeout database cinder service_user critical'

# send_log UNIT PID ROLE: of each kind of line the first and the last one, with their number.
send_log() {
  log_of "$1" "$2" "$3"
  printf 'log\t%s\t%s\n' "$1" "${log_place:-journal}"
  for kind in $log_kinds; do
    eval "count_$kind=0"
  done
  found=$(log_end "$1")
  IFS=$NL
  set -f
  for line in $found; do
    kind_of "$line"
    [ -n "$kind" ] || continue
    eval "count_$kind=\$((count_$kind + 1)); last_$kind=\$line; [ \$count_$kind != 1 ] || first_$kind=\$line"
  done
  set +f
  IFS=" $TAB$NL"
  for kind in $log_kinds; do
    eval "count=\$count_$kind"
    [ "$count" != 0 ] || continue
    eval "printf 'sign\t%s\t%s\tfirst\t%s\t%s\n' \"\$1\" \"\$kind\" \"\$count\" \"\$first_$kind\""
    eval "printf 'sign\t%s\t%s\tlast\t%s\t%s\n' \"\$1\" \"\$kind\" \"\$count\" \"\$last_$kind\""
  done
}

# mask: lines without what may be a secret: passwords in addresses, values after telling names, tokens. Cut after that,
# so that no half of an address escapes.
mask() {
  sed -E \
    -e 's#(://)[^@[:blank:]]*@#\1***@#g' \
    -e "s#((pass(word|wd|phrase)?|secret|token|credential|api_?key|auth_?key)[A-Za-z0-9_-]*[\"']?[[:blank:]]*[=:][[:blank:]]*)(\"[^\"]*\"|'[^']*'|[^[:blank:],;)}]+)#\1***#gI" \
    -e 's#gAAAAA[A-Za-z0-9_=-]{20,}#***#g' |
    cut -b -1100
}

# send_rights UNIT PID: files that the account of the process cannot read: a service that starts again does not start.
send_rights() {
  account='' account_group='' account_groups=''
  while read -r word rest; do
    case $word in
      Uid:) account=${rest%%[!0-9]*} ;;
      Gid:) account_group=${rest%%[!0-9]*} ;;
      Groups:) account_groups=$rest ;;
    esac
  done 2>/dev/null <"$proc/$2/status"
  case $account in
    '' | 0) return 0 ;;
  esac
  IFS=" $TAB"
  # shellcheck disable=SC2086
  set -- "$1" $account_groups
  unit=$1
  shift
  IFS=,
  account_groups=$*
  IFS=" $TAB$NL"
  as_account "$account" "$account_group" "${account_groups:-$account_group}" \
    '[ -r "$path" ] || printf "denied\t%s\t%s\n" "$1" "$path"' "$unit"
}

# as_account USER GROUP GROUPS TEST WORD: does TEST for each file that was sent, as another account.
as_account() {
  printf '%s\n' "$files" | setpriv --reuid="$1" --regid="$2" --groups="$3" -- \
    sh -c 'test=$2; while IFS= read -r path; do [ -z "$path" ] || { path=.$path; eval "$test"; }; done' sh "$5" "$4" 2>/dev/null
}

# send_marks: lines in the heads of files that name the tool that wrote them.
send_marks() {
  IFS=$NL
  set -f
  set --
  for path in $files; do
    [ ! -r ".$path" ] || set -- "$@" ".$path"
  done
  set +f
  IFS=" $TAB$NL"
  [ $# -gt 0 ] || return 0
  owned=$(sed -s -n -E -e '1,15{/^[[:blank:]]*[#;].*((managed|maintained|generated|written) by|do not edit|ansible|puppet|chef|juju|salt ?stack|kolla)/I{F;p}}' -- "$@" 2>/dev/null)
  IFS=$NL
  set -f
  path=
  for line in $owned; do
    case $line in
      ./*) path=$line ;;
      *) printf 'mark\t%s\t%s\n' "$path" "$line" ;;
    esac
  done
  set +f
  IFS=" $TAB$NL"
}

# send_signs: after the facts, of the units in examined: lines of unit, process and role.
send_signs() {
  emit zone "$(date +%z)"
  IFS=$NL
  for one in $examined; do
    IFS=" $TAB$NL"
    # shellcheck disable=SC2086
    set -- $one
    send_log "$@"
    [ "$2" = 0 ] || send_rights "$1" "$2"
  done | mask
  IFS=" $TAB$NL"
  as_account 65534 65534 65534 '[ ! -r "$path" ] || printf "open\t%s\n" "$path"' -
  send_marks | mask
  grep -s -h -x -E -e 'chronyd|ntpd|ntpsec|openntpd|phc2sys|systemd-timesyn|puppet|chef-client|salt-minion|jujud.*' "$proc"/[0-9]*/comm |
    sort -u | sed "s/^/daemon$TAB/"
  [ -z "${tracking:-}" ] || printf '%s\n' "$tracking" | sed "s/^/tracking$TAB/"
}
