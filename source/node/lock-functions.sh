# The lock of a node: the folder /run/reprieve/lock with one file, owner-RUN. Every step is one rename that only
# one can win: a filled folder onto the lock (fails where that is not empty), the owner's file to another name
# (fails where the owner changed). So there is never a lock without an owner, nor one with two. An empty folder
# is no lock.
# Values of every program that locks: run, operator, bastion, pid, boot_id, steal.
# shellcheck shell=sh disable=SC2154,SC2034

# owner_of FOLDER: sets holder, the run that holds it; empty where it does not say.
owner_of() {
  holder=
  for owner in "$1"/owner-*; do
    [ ! -f "$owner" ] || holder=${owner##*/owner-}
  done
}

emit_lock() {
  for owner in "$runtime"/lock/*; do
    [ -e "$owner" ] || return 0
  done
  owner_of "$runtime/lock"
  emit locked 1
  printf 'lock\trun\t%s\n' "$holder"
  [ -z "$holder" ] || grep -h "^lock$TAB" "$runtime/lock/owner-$holder" 2>/dev/null
  return 0
}

# make_runtime: sets private, the folder that the lock is made in, and message where it fails.
make_runtime() {
  private=$runtime/.$run.$$.private
  [ -d "$runtime" ] || message=$(mkdir -p -- "$private" 2>&1)
}

# sweep_runtime: removes private folders of programs that were killed.
sweep_runtime() {
  for left in "$runtime"/.*.private; do
    [ -e "$left" ] || continue
    maker=${left##*/.}
    maker=${maker#*.}
    [ -d "/proc/${maker%.*}" ] || rm -rf -- "$left"
  done
}

# take_lock: 0 with the lock held; 1 where somebody else has it; 2 where it cannot be made, with message.
take_lock() {
  make_runtime || return 2
  sweep_runtime
  [ -d "$private" ] || message=$(mkdir -- "$private" 2>&1) || return 2
  clock
  encode "$operator"
  text="lock${TAB}operator$TAB$encoded"
  encode "$bastion"
  text="$text${NL}lock${TAB}bastion$TAB$encoded${NL}lock${TAB}pid$TAB$pid${NL}lock${TAB}boot$TAB$boot_id"
  text="$text${NL}lock${TAB}since$TAB$now"
  if write_text "$private/owner-$run" "$text"; then
    try_lock
    locked=$?
  else
    locked=2
  fi
  leave_private
  return "$locked"
}

leave_private() {
  [ ! -d "$private" ] || rm -rf -- "$private"
}

try_lock() {
  for attempt in 1 2 3 4 5; do
    message=$(mv -fT -- "$private" "$runtime/lock" 2>&1) && return 0
    [ -d "$runtime/lock" ] || continue
    owner_of "$runtime/lock"
    if [ "$holder" = "$run" ]; then
      refresh_owner && return 0
    elif [ -n "$steal" ] && [ "$holder" = "$steal" ]; then
      mv -T -- "$runtime/lock/owner-$steal" "$runtime/lock/owner-$run" 2>/dev/null || continue
      message=$(mv -fT -- "$private/owner-$run" "$runtime/lock/owner-$run" 2>&1) && return 0
    else
      return 1
    fi
  done
  [ -d "$runtime/lock" ] && return 1
  return 2
}

# refresh_owner: a run that goes on has another process. Written in place, and only where the file still is: a
# rename would bring it back where somebody just took the lock over.
refresh_owner() {
  [ "$(sed "/^lock${TAB}since/d" "$private/owner-$run")" != "$(sed "/^lock${TAB}since/d" "$runtime/lock/owner-$run" 2>/dev/null)" ] ||
    return 0
  dd if="$private/owner-$run" of="$runtime/lock/owner-$run" conv=nocreat 2>/dev/null
}

# release_lock: only this run's own. 1 where it is not held by this run. Removes the owner's file, which one can do
# only once, and then the folder, where nobody else has it by then.
release_lock() {
  [ -f "$runtime/lock/owner-$run" ] || return 1
  message=$(rm -d -- "$runtime/lock/owner-$run" "$runtime/lock" 2>&1) && return 0
  case $message in
    *"owner-$run"*) return 1 ;;
  esac
}

# take_turn: programs of one run on one node go one after the other; one that was left behind when the line was
# cut is waited for, 30 s. 0, 1 (still busy) or 2 (cannot, with message). The turn is a symbolic link whose text is
# PID and start time, so it is made or refused in one step, with its content. A killed one's turn is stale.
take_turn() {
  make_runtime || return 2
  turn=$runtime/work-$run
  start_of /proc $$
  own="$$ $started"
  waits=0
  until message=$(ln -sT -- "$own" "$turn" 2>&1); do
    worker_of "$turn"
    working=$worker
    if is_there "$turn" && ! is_alive "$working"; then
      mv -fT -- "$turn" "$turn.$$.old" 2>/dev/null || continue
      worker_of "$turn.$$.old"
      [ "$worker" = "$working" ] || ln -PT -- "$turn.$$.old" "$turn" 2>/dev/null
      rm -f -- "$turn.$$.old"
    fi
    waits=$((waits + 1))
    if [ "$waits" -gt 150 ]; then
      leave_private
      is_there "$turn" && return 1
      return 2
    fi
    [ -z "$working" ] || ! is_alive "$working" || sleep 0.2
  done
  for left in "$turn".*; do
    is_there "$left" || continue
    maker=${left#"$turn".}
    [ -d "/proc/${maker%%.*}" ] || rm -f -- "$left"
  done
  return 0
}

end_turn() {
  rm -f -- "$turn"
}
