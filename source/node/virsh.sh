# How virsh is called on a node, on the host itself or in a container.
# shellcheck shell=sh disable=SC2154,SC2034

# Seconds that one call of virsh may take: a hung libvirt answers nobody, for ever.
patience=${patience:-10}

# is_uuid TEXT: whether it is one, and so nothing else.
is_uuid() {
  case $1 in
    *[!0-9a-f-]*) return 1 ;;
    ????????-????-????-????-????????????) return 0 ;;
  esac
  return 1
}

# is_command NAME: whether the node has that program; sets program, what to call.
is_command() {
  program=$1
  if [ -n "$sysroot" ] && [ -x "./usr/bin/$1" ]; then
    program=./usr/bin/$1
    return 0
  fi
  command -v "$1" >/dev/null 2>&1
}

# split_tool TOOL: sets lead, the words that lead into the container, and virsh, what virsh is called there.
split_tool() {
  virsh=${1##* }
  lead=${1%"$virsh"}
  is_command "${1%% *}" || return 1
  if [ -n "$lead" ]; then lead="$program ${lead#* }"; else virsh=$program; fi
}

# virsh_here ARGUMENT...: virsh, read-only; 124 where it does not answer in time. The words of lead are words on purpose.
virsh_here() {
  set -- timeout -k 2 "$patience" "$virsh" -r -c qemu:///system "$@"
  if [ -z "$lead" ]; then
    "$@"
    return
  fi
  # To end what leads into a container ends nothing in it: there virsh has a limit of its own.
  # shellcheck disable=SC2086
  timeout -k 2 "$((patience + 5))" $lead "$@"
}

# why_not CODE TEXT: sets why and encoded: what virsh said, or that it said nothing.
why_not() {
  why=$2
  [ "$1" -ne 124 ] && [ "$1" -ne 137 ] || why="virsh did not answer in $patience s"
  encode "$why"
}

# choose_tool: sets lead and virsh, by the first way in which libvirt answers. Says what stood in the way where none does.
choose_tool() {
  first=''
  IFS=$NL
  set -f
  for tool in $tools; do
    IFS=" $TAB$NL"
    split_tool "$tool" || continue
    said=$(virsh_here uri 2>&1) && {
      set +f
      emit tool "$tool"
      return 0
    }
    why_not "$?" "$said"
    [ -n "$first" ] || first="$tool: $why"
  done
  set +f
  IFS=" $TAB$NL"
  encode "${first:-virsh is not installed, and no container is known that has it}"
  emit problem "$encoded"
  return 1
}
