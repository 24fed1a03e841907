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

# make_runtime: sets message where it fails.
make_runtime() {
  [ -d "$runtime" ] || message=$(mkdir -p -- "$runtime" 2>&1)
}

# sweep_runtime: removes private folders of programs that were killed.
sweep_runtime() {
  for left in "$runtime"/.*.private "$runtime"/.*.released; do
    [ -e "$left" ] || continue
    worker=${left##*/.}
    worker=${worker#*.}
    [ -d "/proc/${worker%.*}" ] || rm -rf -- "$left"
  done
}

# take_lock: 0 with the lock held; 1 where somebody else has it; 2 where it cannot be made, with message.
take_lock() {
  make_runtime || return 2
  sweep_runtime
  private=$runtime/.$run.$$.private
  message=$(mkdir -- "$private" 2>&1) || return 2
  message=$({
    printf 'lock\toperator\t%s\nlock\tbastion\t%s\n' "$(encode "$operator")" "$(encode "$bastion")"
    printf 'lock\tpid\t%s\nlock\tboot\t%s\nlock\tsince\t%s\n' "$pid" "$boot_id" "$(date +%s)"
  } | cat 2>&1 >"$private/owner-$run") || {
    rm -rf -- "$private"
    return 2
  }
  try_lock
  locked=$?
  rm -rf -- "$private"
  return "$locked"
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

# release_lock: only this run's own. 1 where it is not held by this run.
release_lock() {
  mv -T -- "$runtime/lock/owner-$run" "$runtime/.$run.$$.released" 2>/dev/null || return 1
  rm -f -- "$runtime/.$run.$$.released"
  rmdir -- "$runtime/lock" 2>/dev/null
  return 0
}

# take_turn: programs of one run on one node go one after the other; one that was left behind when the line was
# cut is waited for, 30 s. 0, 1 (still busy) or 2 (cannot, with message). A killed one's turn is stale: the turn
# holds PID and start time. A hard link is made or refused in one step, with its content.
take_turn() {
  make_runtime || return 2
  turn=$runtime/work-$run
  start_of /proc $$
  message=$(printf '%s %s\n' "$$" "$started" | cat 2>&1 >"$turn.$$") || {
    rm -f -- "$turn.$$"
    return 2
  }
  waits=0
  until message=$(ln -T -- "$turn.$$" "$turn" 2>&1); do
    working=$(cat "$turn" 2>/dev/null)
    if [ -e "$turn" ] && ! is_alive "$working"; then
      mv -fT -- "$turn" "$turn.$$.old" 2>/dev/null || continue
      [ "$(cat "$turn.$$.old")" = "$working" ] || ln -T -- "$turn.$$.old" "$turn" 2>/dev/null
      rm -f -- "$turn.$$.old"
    fi
    waits=$((waits + 1))
    if [ "$waits" -gt 150 ]; then
      rm -f -- "$turn.$$"
      [ -e "$turn" ] && return 1
      return 2
    fi
    [ -z "$working" ] || ! is_alive "$working" || sleep 0.2
  done
  rm -f -- "$turn.$$"
  for left in "$turn".*; do
    [ -e "$left" ] || continue
    worker=${left#"$turn".}
    [ -d "/proc/${worker%%.*}" ] || rm -f -- "$left"
  done
  return 0
}

end_turn() {
  rm -f -- "$turn"
}
