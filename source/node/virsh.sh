# How virsh is called on a node, on the host itself or in a container.
# shellcheck shell=sh disable=SC2154,SC2034

# is_uuid TEXT: whether it is one, and so nothing else.
is_uuid() {
  case $1 in
    *[!0-9a-f-]*) return 1 ;;
    ????????-????-????-????-????????????) return 0 ;;
  esac
  return 1
}

# virsh_here ARGUMENT...: virsh, read-only. The words of the tool are words on purpose. With prefix=exec it takes the
# place of the shell, so that the shell's process id is its own.
virsh_here() {
  # shellcheck disable=SC2086
  set -- $tool -r -c qemu:///system "$@"
  if [ -n "$sysroot" ] && [ -x "./usr/bin/$1" ]; then
    program=./usr/bin/$1
    shift
    ${prefix:-} "$program" "$@"
  else
    ${prefix:-} "$@"
  fi
}

# choose_tool: sets tool, the first way by which libvirt answers. Says what stood in the way where none does.
choose_tool() {
  tool='' why='' prefix=''
  IFS=$NL
  set -f
  for line in $tools; do
    IFS=" $TAB$NL"
    tool=$line
    is_command "${tool%% *}" || continue
    if said=$(virsh_here uri 2>&1); then
      set +f
      emit tool "$tool"
      return 0
    fi
    [ -n "$why" ] || why="${tool}: $said"
  done
  set +f
  IFS=" $TAB$NL"
  encode "${why:-virsh is not installed, and no container is known that has it}"
  emit problem "$encoded"
  return 1
}

# is_command NAME: whether the node has that program.
is_command() {
  [ -n "$sysroot" ] && [ -x "./usr/bin/$1" ] && return 0
  command -v "$1" >/dev/null 2>&1
}
