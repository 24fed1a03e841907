# Watches one libvirt domain until the time is up, and changes nothing: its state each second, and its events as virsh
# prints them. Values: sysroot, tools, id, limit_seconds.
# shellcheck shell=sh disable=SC2154,SC2034

# Runs virsh until it ends by itself, 3, or stdin ends, 0. It is beside virsh, in the container too: to end what leads
# into one ends nothing in it.
# shellcheck disable=SC2016
keeper='exec 3<&0
"$@" </dev/null 3<&- &
virsh=$!
{ while read -r line; do :; done; kill "$virsh"; } <&3 2>/dev/null &
reader=$!
exec 3<&-
wait "$virsh"
code=$?
kill "$reader" 2>/dev/null
[ "$code" -eq 143 ] || exit 3'

# listen: libvirt's events as long as stdin is open. Where virsh loses libvirt it is called again; `deaf` says so.
listen() {
  while :; do
    # shellcheck disable=SC2086
    $lead sh -c "$keeper" sh "$virsh" -r -c qemu:///system event --domain "$id" --all --loop --timestamp \
      --timeout "$((limit_seconds + 5))" 2>/dev/null && return
    emit deaf "$(date +%s.%N)" || return
    sleep 1
  done
}

# tell_states: the domain's state each second. Ends when nobody reads it any more: the next line cannot be written.
tell_states() {
  read_uptime
  deadline=$((${uptime%.*} + limit_seconds))
  while [ "${uptime%.*}" -lt "$deadline" ]; do
    if state=$(virsh_here domstate --reason "$id" 2>&1); then
      kind=state
      encode "${state%%"$NL"*}"
    else
      why_not "$?" "$state"
      kind=silent
      case $why in
        *'failed to get domain'* | *'Domain not found'*) kind=absent ;;
      esac
    fi
    printf '%s\t%s\t%s\n' "$kind" "$(date +%s.%N)" "$encoded" || exit 1
    sleep 1
    read_uptime
  done
}

main() {
  begin guest || return 1
  case $limit_seconds in
    '' | *[!0-9]*) limit_seconds=60 ;;
  esac
  if choose_tool && is_uuid "$id"; then
    # The pipe carries nothing: it ends when the states do, whatever ends them, and so does the listening.
    exec 4>&1
    tell_states 5>&1 >&4 4>&- | listen >&4 4>&-
  fi
  emit end guest
}

main </dev/null
