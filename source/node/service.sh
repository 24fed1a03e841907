# Waits on the node until a unit runs anew, or is seen to have stopped, or the time is up; then says how it is.
# Values: sysroot, unit, start_id_before (MainPID:ExecMainStartTimestampMonotonic or empty), limit_seconds (0: look
# once), unlock (a run whose lock is released where the unit is active with start_id_expected, or empty),
# start_id_expected.
# shellcheck shell=sh disable=SC2154,SC2034

# seconds: sets seconds, of the monotonic clock. The real one, also below a sysroot.
seconds() {
  read -r seconds rest </proc/uptime
  seconds=${seconds%%.*}
}

look() {
  block=$(show_units "$unit" 2>/dev/null) || block=
  read_block "$block"
  case $unit_active in
    active)
      if [ "$unit_pid" != 0 ] && [ "$unit_pid:$unit_start" != "$start_id_before" ]; then
        verdict=started
      fi
      stopped=0
      ;;
    failed | inactive)
      # Between two starts a unit is inactive for a moment: two readings, and no job that would start it.
      if [ -z "$unit_job" ]; then stopped=$((stopped + 1)); else stopped=0; fi
      [ "$stopped" -lt 2 ] || verdict=stopped
      ;;
    *) stopped=0 ;;
  esac
}

# unlock_steady: releases the run's lock in the same go, where this look finds the very process that was seen to start.
unlock_steady() {
  [ -n "$unlock" ] || return 0
  unlocked=0
  if is_run "$unlock" && [ "$unit_active" = active ] && [ "$unit_pid:$unit_start" = "$start_id_expected" ]; then
    run=$unlock
    ! release_lock || unlocked=1
  fi
  emit unlocked "$unlocked"
}

main() {
  begin service || return 1
  verdict=waiting
  stopped=0
  case $limit_seconds in
    '' | *[!0-9]*) limit_seconds=0 ;;
  esac
  if is_unit "$unit"; then
    seconds
    deadline=$((seconds + limit_seconds))
    look
    while [ "$verdict" = waiting ] && [ "$seconds" -lt "$deadline" ]; do
      sleep 0.3
      look
      seconds
    done
    emit_clocks
    emit_block any "$block"
    if [ "$unit_pid" != 0 ] && start_of "$proc" "$unit_pid"; then
      printf 'started\t%s\t%s\n' "$unit_pid" "$started"
      emit_listeners "$unit_id" "$unit_group" "$unit_pid"
    fi
    unlock_steady
  else
    emit problem unit
  fi
  emit verdict "$verdict"
  emit end service
}

main </dev/null
