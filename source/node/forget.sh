# Removes what a run left on a node: its backups and records. Never one of the newest five, nor one that works.
# Values: sysroot, run.
# shellcheck shell=sh disable=SC2154,SC2034

forget() {
  is_run "$run" || {
    message="$run is no run id"
    return
  }
  outcome=missing
  [ -d "$library/$run" ] && [ ! -L "$library/$run" ] || return
  owner_of "$runtime/lock"
  outcome=busy
  [ "$holder" != "$run" ] || return
  worker_of "$runtime/work-$run"
  ! is_alive "$worker" || return
  newer=0
  found=0
  for folder in "$library"/*-*-*; do
    is_run "${folder##*/}" || continue
    if [ "$found" = 1 ]; then newer=$((newer + 1)); fi
    [ "${folder##*/}" != "$run" ] || found=1
  done
  outcome=recent
  [ "$newer" -ge 5 ] || return
  outcome=failed
  message=$(rm -rf -- "${library:?}/${run:?}" 2>&1) && message=$(sync "$library" 2>&1) && outcome=ok
}

main() {
  trap '' HUP PIPE INT TERM
  begin forget || return 1
  outcome=failed message=
  forget
  encode "$message"
  printf 'result\t%s\t%s\n' "$outcome" "$encoded"
  emit end forget
}

main </dev/null
