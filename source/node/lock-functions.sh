# The lock of a node: a folder in /run/reprieve. It is filled under a private name and then renamed, and a rename
# onto a folder that is not empty fails: so one wins, and there is never a lock without its owner.
# shellcheck shell=sh disable=SC2154,SC2034

# Run ids, and who: values of every program that locks are run, operator, bastion, pid, boot_id, steal.

# owner_of FOLDER: sets holder, the run that holds it; empty where it does not say.
owner_of() {
  holder=$(sed -n "s/^lock${TAB}run${TAB}//p" "$1/owner" 2>/dev/null)
}

emit_lock() {
  [ -d "$runtime/lock" ] || return 0
  emit locked 1
  grep -h "^lock$TAB" "$runtime/lock/owner" 2>/dev/null
  return 0
}

# make_runtime: sets message where it fails.
make_runtime() {
  [ -d "$runtime" ] || message=$(mkdir -p -- "$runtime" 2>&1)
}

# sweep_runtime: removes private folders of programs that were killed.
sweep_runtime() {
  for left in "$runtime"/.*.private "$runtime"/.*.stolen; do
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
    printf 'lock\trun\t%s\nlock\toperator\t%s\n' "$run" "$(encode "$operator")"
    printf 'lock\tbastion\t%s\nlock\tpid\t%s\n' "$(encode "$bastion")" "$pid"
    printf 'lock\tboot\t%s\nlock\tsince\t%s\n' "$boot_id" "$(date +%s)"
  } | cat 2>&1 >"$private/owner") || {
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
      # Ours already: a resumed run has another process, so the owner is written anew.
      mv -fT -- "$private/owner" "$runtime/lock/owner" 2>/dev/null && return 0
    elif [ -n "$steal" ] && [ "$holder" = "$steal" ]; then
      stolen=$runtime/.$run.$$.stolen
      mv -fT -- "$runtime/lock" "$stolen" 2>/dev/null || continue
      owner_of "$stolen"
      if [ "$holder" = "$steal" ]; then
        rm -rf -- "$stolen"
      else
        # Somebody else took it in between: it goes back.
        mv -fT -- "$stolen" "$runtime/lock" 2>/dev/null
        return 1
      fi
    else
      return 1
    fi
  done
  [ -d "$runtime/lock" ] && return 1
  return 2
}

# release_lock: only this run's own. 1 where it is not held by this run.
release_lock() {
  owner_of "$runtime/lock"
  [ "$holder" = "$run" ] || return 1
  released=$runtime/.$run.$$.stolen
  mv -fT -- "$runtime/lock" "$released" 2>/dev/null || return 1
  rm -rf -- "$released"
}

# take_turn: programs of one run on one node go one after the other; one that was left behind when the line was
# cut is waited for, 30 s. 0, 1 (still busy) or 2 (cannot, with message). A killed one's turn is stale: the turn
# holds PID and start time. A hard link is made or refused in one step, with its content.
take_turn() {
  make_runtime || return 2
  turn=$runtime/work-$run
  start_of /proc $$
  message=$(printf '%s %s\n' "$$" "$started" | cat 2>&1 >"$turn.$$") || return 2
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
