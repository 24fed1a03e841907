# Reads libvirt domains through virsh, and changes nothing: every connection is read-only.
# Values: sysroot, tools (how virsh is called, a line for each way, the likeliest first), ids (UUIDs).
# shellcheck shell=sh disable=SC2154,SC2034

# Calls without an answer after which nothing more is asked: what was read until then is worth more.
most_hung=3

# read_domain ID: its XML and state; counts what hangs.
read_domain() {
  if [ "$hung" -ge "$most_hung" ]; then
    printf 'missing\t%s\t=not asked: virsh hung at those before it\n' "$1"
    return
  fi
  if xml=$(virsh_here dumpxml "$1" 2>&1); then
    state=$(virsh_here domstate --reason "$1" 2>/dev/null) || state=
    [ -n "$state" ] || hung=$((hung + 1))
    printf 'domain\t%s\t%s\t%s\n' "$1" "${state%%"$NL"*}" "$(printf '%s' "$xml" | base64 -w0)"
  else
    code=$?
    [ "$code" -lt 124 ] || hung=$((hung + 1))
    why_not "$code" "$xml"
    printf 'missing\t%s\t%s\n' "$1" "$encoded"
  fi
}

main() {
  begin domains || return 1
  hung=0
  if choose_tool; then
    for id in $ids; do
      ! is_uuid "$id" || read_domain "$id"
    done
  fi
  emit end domains
}

main </dev/null
