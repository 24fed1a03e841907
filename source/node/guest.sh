# Watches one libvirt domain until the time is up, and changes nothing: its state each second, and its events as virsh
# prints them. Values: sysroot, tools, id, limit_seconds.
# shellcheck shell=sh disable=SC2154,SC2034

watch_guest() {
  choose_tool || return
  is_uuid "$id" || return
  # Whoever reads us may be gone: then the next line cannot be written, and all of this ends.
  events=
  trap 'exit 1' HUP INT TERM PIPE
  trap '[ -z "$events" ] || kill "$events" 2>/dev/null' EXIT
  {
    prefix='exec'
    virsh_here event --domain "$id" --all --loop --timestamp --timeout "$limit_seconds" 2>/dev/null
  } &
  events=$!
  read_uptime
  deadline=$((${uptime%.*} + limit_seconds))
  while [ "${uptime%.*}" -lt "$deadline" ]; do
    state=$(virsh_here domstate --reason "$id" 2>&1)
    encode "${state%%"$NL"*}"
    printf 'state\t%s\t%s\n' "$(date +%s.%N)" "$encoded" || exit 1
    sleep 1
    read_uptime
  done
}

main() {
  begin guest || return 1
  case $limit_seconds in
    '' | *[!0-9]*) limit_seconds=60 ;;
  esac
  watch_guest
  emit end guest
}

main </dev/null
