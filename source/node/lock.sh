# Takes or releases the lock of a node.
# Values: sysroot, action (lock, unlock), run, operator, bastion, pid, boot_id, steal.
# shellcheck shell=sh disable=SC2154,SC2034

main() {
  trap '' HUP PIPE INT TERM
  begin lock || return 1
  message=
  outcome=failed
  if ! is_run "$run"; then
    message="$run is no run id"
  elif [ "$action" = lock ]; then
    take_lock
    case $? in
      0) outcome=ok message='' ;;
      1) outcome=locked message='another run holds the lock of this node' ;;
    esac
  elif [ "$action" = unlock ]; then
    if release_lock; then outcome=ok; else outcome=not-held; fi
    message=
  else
    message="$action is no action"
  fi
  emit_lock
  encode "$message"
  printf 'result\t%s\t%s\n' "$outcome" "$encoded"
  emit end lock
}

main </dev/null
