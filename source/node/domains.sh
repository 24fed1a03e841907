# Reads libvirt domains through virsh, and changes nothing: every connection is read-only.
# Values: sysroot, tools (how virsh is called, a line for each way, the likeliest first), ids (UUIDs).
# shellcheck shell=sh disable=SC2154,SC2034

read_domains() {
  choose_tool || return
  for id in $ids; do
    is_uuid "$id" || continue
    if xml=$(virsh_here dumpxml "$id" 2>&1); then
      state=$(virsh_here domstate --reason "$id" 2>/dev/null) || state=
      printf 'domain\t%s\t%s\t%s\n' "$id" "${state%%"$NL"*}" "$(printf '%s' "$xml" | base64 -w0)"
    else
      encode "$xml"
      printf 'missing\t%s\t%s\n' "$id" "$encoded"
    fi
  done
}

main() {
  begin domains || return 1
  read_domains
  emit end domains
}

main </dev/null
