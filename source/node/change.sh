# Changes one file, or puts it back, and asks for the restart, in one go. Goes on by itself when the line is cut:
# each step is in the state file before it is done, and whoever comes back reads there what is true.
# Values: sysroot, run, role, operator, bastion, pid, boot_id, steal, keep_lock, action (edit, restore, restart),
# file, digest_before, digest_after, offset, length, replacement, source_run, source_role, value_before, value_after,
# unit, restart, restart_command.
# shellcheck shell=sh disable=SC2154,SC2034

# refuse WORD MESSAGE: why it ended. The words are stable.
refuse() {
  outcome=$1
  reason=$2
  return 1
}

# blame MESSAGE: the word for what a tool of the system said.
blame() {
  case $1 in
    *'No space left'* | *'quota exceeded'* | *'File too large'*) refuse no-space "$1" ;;
    *'Read-only file system'*) refuse read-only "$1" ;;
    *'Operation not permitted'*) refuse immutable "$1" ;;
    *'Permission denied'*) refuse not-allowed "$1" ;;
    *'resource busy'*) refuse mount-point "$1" ;;
    *) refuse failed "$1" ;;
  esac
}

# warn MESSAGE: for what went wrong after the file was changed, where going on is better than stopping.
warn() {
  printf 'warning\t%s\n' "$(encode "$1")"
}

is_digest() {
  case $1 in
    *[!0-9a-f]*) return 1 ;;
  esac
  [ "${#1}" = 64 ]
}

check_request() {
  is_run "$run" || refuse failed "$run is no run id" || return 1
  case $role in
    compute | api) ;;
    *) refuse failed "$role is no role" || return 1 ;;
  esac
  case $action in
    edit | restore | restart) ;;
    *) refuse failed "$action is no action" || return 1 ;;
  esac
  if [ "$action" = edit ]; then
    case $offset$length in
      '' | *[!0-9]*) refuse failed 'offset and length are no numbers' || return 1 ;;
    esac
    [ -n "$offset" ] && [ -n "$length" ] || refuse failed 'offset or length is missing' || return 1
  fi
  if [ "$action" != restart ]; then
    is_digest "$digest_before" || refuse failed 'there is no digest of the file as planned' || return 1
    [ -z "$digest_after" ] || is_digest "$digest_after" || refuse failed "$digest_after is no digest" || return 1
  fi
  if [ "$action" = restore ]; then
    [ -n "$digest_after" ] || refuse failed 'there is no digest of the backup' || return 1
    is_run "$source_run" || refuse failed "$source_run is no run id" || return 1
    case $source_role in
      compute | api) ;;
      *) refuse failed "$source_role is no role" || return 1 ;;
    esac
  fi
  if [ "$restart" = 1 ]; then
    is_unit "$unit" || { [ -z "$unit" ] && [ -n "$restart_command" ]; } || refuse failed "$unit is no unit" || return 1
  fi
  home=$library/$run/$role
}

# store TEXT FILE: writes a file whole or not at all, and waits for the disk.
store() {
  message=$(printf '%s\n' "$1" | cat 2>&1 >"$2.new") &&
    message=$(sync "$2.new" 2>&1) &&
    message=$(mv -fT -- "$2.new" "$2" 2>&1) &&
    return 0
  rm -f -- "$2.new"
  return 1
}

# state WORD: the step that comes next.
state() {
  message=$(printf 'state\t%s\t%s\t%s\t%s\n' "$run" "$role" "$1" "$(date +%s)" | cat 2>&1 >>"$home/state") &&
    message=$(sync "$home/state" 2>&1)
}

# later_state WORD: once the file is changed a state that cannot be written stops nothing.
later_state() {
  state "$1" || warn "$message"
}

record() {
  start="record$TAB$run$TAB$role$TAB"
  printf '%soperator\t%s\n' "$start" "$(encode "$operator")"
  printf '%sbastion\t%s\n' "$start" "$(encode "$bastion")"
  printf '%ssince\t%s\n' "$start" "$(date +%s)"
  printf '%sfile\t%s\n' "$start" "$(encode "$file")"
  printf '%sunit\t%s\n' "$start" "$(encode "$unit")"
  printf '%sbefore\t%s\n' "$start" "$digest_before"
  printf '%safter\t%s\n' "$start" "$digest_after"
  printf '%svalue-before\t%s\n' "$start" "$(encode "$value_before")"
  printf '%svalue-after\t%s' "$start" "$(encode "$value_after")"
}

# open_record: what this run does here, before it does it. Putting back keeps the record of what was done.
open_record() {
  [ -d "$home" ] || message=$(mkdir -p -- "$home" 2>&1) || blame "$message" || return 1
  if [ "$action" = edit ] || is_rollback || [ ! -f "$home/record" ]; then
    store "$(record)" "$home/record" || blame "$message" || return 1
    state begun || blame "$message" || return 1
  fi
}

# is_rollback: a file is put back from another run's backup, as against put back from one's own.
is_rollback() {
  [ "$action" = restore ] && [ "$source_run" != "$run" ]
}

is_putting_back() {
  [ "$action" = restore ] && [ "$source_run" = "$run" ]
}

# find_target: sets target, the file behind symbolic links, where it is one that can be replaced.
find_target() {
  case $file in
    /*) ;;
    *) refuse failed "$file is no absolute path" || return 1 ;;
  esac
  target=$(readlink -e -- "$sysroot$file") || refuse missing "$file is not there" || return 1
  case $target in
    "$sysroot"/*) ;;
    *) refuse failed "$file leads out of $sysroot" || return 1 ;;
  esac
  [ -f "$target" ] || refuse missing "$file is no regular file" || return 1
  if [ "$(stat -c %h -- "$target")" != 1 ]; then
    refuse hard-link "$file has other names (hard links); replacing it would part them" || return 1
  fi
  mount_name "$target"
  case $NL$(cut -d ' ' -f 5 /proc/self/mountinfo)$NL in
    *"$NL$mount_name$NL"*) refuse mount-point "$file is mounted by itself and cannot be replaced" || return 1 ;;
  esac
  folder=${target%/*}
  temporary=$folder/.${target##*/}.reprieve-$run
}

# new_content: the whole new file on stdout.
new_content() {
  if [ "$action" = edit ]; then
    head -c "$offset" -- "$target" &&
      printf '%s' "$replacement" | cat &&
      tail -c "+$((offset + length + 1))" -- "$target"
  else
    cat -- "$library/$source_run/$source_role/backup"
  fi
}

# was_recorded: whether this very edit was done by this run, and the file is still what it made.
was_recorded() {
  [ -n "$digest" ] && [ -f "$home/record" ] || return 1
  fields=$NL$(sed -n "s/^record$TAB$run$TAB$role$TAB//p" "$home/record")$NL
  for field in "before$TAB$digest_before" "after$TAB$digest" "file$TAB$(encode "$file")" "value-after$TAB$(encode "$value_after")"; do
    case $fields in
      *"$NL$field$NL"*) ;;
      *) return 1 ;;
    esac
  done
}

# plan_file: sets outcome to already where there is nothing to write, and digest_after where it was not given.
plan_file() {
  digest_of "$target" 2>/dev/null
  if [ -z "$digest_after" ] && was_recorded; then digest_after=$digest; fi
  if [ -n "$digest" ] && [ "$digest" = "$digest_after" ]; then
    outcome=already
    return 0
  fi
  [ "$digest" = "$digest_before" ] || refuse changed "$file is not as it was planned" || return 1
  if [ "$action" = edit ]; then
    [ "$((offset + length))" -le "$(stat -c %s -- "$target")" ] ||
      refuse failed "$file is shorter than the place to edit" || return 1
  else
    backup=$library/$source_run/$source_role/backup
    [ -f "$backup" ] || refuse backup-bad "there is no backup of run $source_run" || return 1
  fi
  expected=$(new_content 2>/dev/null | sha256sum)
  expected=${expected%% *}
  digest_after=${digest_after:-$expected}
  if [ "$expected" != "$digest_after" ]; then
    [ "$action" = edit ] || refuse backup-bad "the backup of run $source_run is not what it was" || return 1
    refuse failed "$file would not become what was planned" || return 1
  fi
}

copy_backup() {
  rm -f -- "$home/backup.new"
  message=$(cp --preserve=all -- "$target" "$home/backup.new" 2>&1) || blame "$message" || return 1
  message=$(sync "$home/backup.new" 2>&1) || blame "$message" || return 1
  digest_of "$home/backup.new"
  [ "$digest" = "$digest_before" ] || refuse backup-bad "the copy of $file is not like it" || return 1
  message=$(mv -fT -- "$home/backup.new" "$home/backup" 2>&1) || blame "$message" || return 1
  message=$(sync "$home" 2>&1) || blame "$message"
}

# keep_backup: a copy with everything, whole or not at all.
keep_backup() {
  ! is_putting_back || return 0
  if [ -f "$home/backup" ]; then
    digest_of "$home/backup"
    [ "$digest" != "$digest_before" ] || return 0
  fi
  state backing-up || blame "$message" || return 1
  copy_backup || {
    # On a full disk what was copied so far would take the rest of it.
    rm -f -- "$home/backup.new"
    return 1
  }
}

# fill_temporary: the new file beside the old one. Everything goes through one descriptor that was opened anew
# and is where it should be: the folder may belong to the service's account, which could put a link in its place.
fill_temporary() {
  opened=$(readlink -- "/proc/$$/fd/9")
  if [ "$opened" != "$temporary" ] || [ ! -f /proc/self/fd/9 ]; then
    refuse failed "$temporary is not the file that was made" || return 1
  fi
  message=$(cp --attributes-only --preserve=all -- "$target" /proc/self/fd/9 2>&1) || blame "$message" || return 1
  if [ -d /sys/fs/selinux/class ]; then
    message=$(chcon --reference="$target" -- /proc/self/fd/9 2>&1) || blame "$message" || return 1
  fi
  message=$({ new_content; } 2>&1 >&9) || blame "$message" || return 1
  message=$(sync /proc/self/fd/9 2>&1) || blame "$message" || return 1
  digest_of /proc/self/fd/9
  [ "$digest" = "$digest_after" ] || refuse failed "$temporary was not written right" || return 1
  if [ "$(stat -L -c '%a %u %g' /proc/self/fd/9)" != "$(stat -c '%a %u %g' -- "$target")" ]; then
    refuse not-allowed "owner and mode of $file cannot be kept" || return 1
  fi
}

write_file() {
  rm -f -- "$temporary"
  set -C
  if ! { command exec 9>"$temporary"; } 2>/dev/null; then
    message=$({ : >"$temporary"; } 2>&1)
    set +C
    rm -f -- "$temporary"
    blame "$message"
    return 1
  fi
  set +C
  if fill_temporary; then
    digest_of "$target"
    if [ "$digest" != "$digest_before" ]; then
      refuse changed "$file changed meanwhile"
    elif message=$(mv -fT -- "$temporary" "$target" 2>&1); then
      is_written=1
      outcome=ok
    else
      blame "$message"
    fi
  fi
  exec 9>&-
  if [ "$is_written" = 0 ]; then
    rm -f -- "$temporary"
    return 1
  fi
  message=$(sync "$folder" 2>&1) || warn "$message"
}

change_file() {
  if [ "$action" = restart ]; then
    digest_before='' digest_after=''
    open_record || return 1
    outcome=ok
    return 0
  fi
  find_target || return 1
  # What a killed program left: of this run, or of the one that is taken back.
  rm -f -- "$temporary" "$folder/.${target##*/}.reprieve-${source_run:-$run}" 2>/dev/null
  plan_file || return 1
  if [ "$outcome" != already ]; then
    open_record && keep_backup || return 1
    next=writing
    ! is_putting_back || next=putting-back
    state "$next" || blame "$message" || return 1
    write_file || {
      state not-changed || warn "$message"
      return 1
    }
  elif [ ! -f "$home/record" ]; then
    open_record || return 1
  fi
  # Also where it was written before: the program that did it may have been killed right after.
  if is_putting_back; then later_state put-back; else later_state written; fi
}

ask_restart() {
  [ "$restart" = 1 ] || return 0
  block=
  [ -z "$unit" ] || block=$(show_units "$unit" 2>/dev/null)
  read_block "$block"
  emit_block "$role" "$block"
  later_state restarting
  # A unit that started too often of late would not be started again, without a word of it in the exit code; also
  # one that is not failed yet, because it is between two starts.
  [ -z "$unit" ] || "$systemctl" reset-failed -- "$unit" 2>/dev/null || :
  if [ -n "$restart_command" ]; then
    # Own signals and output: what it starts may live on.
    (
      trap - HUP PIPE INT TERM
      exec sh -c "$restart_command"
    ) >"$turn.output" 2>&1 </dev/null
    status=$?
    message=$(head -c 2000 "$turn.output" | tr -d '\0')
    rm -f -- "$turn.output"
  else
    message=$("$systemctl" restart --no-block -- "$unit" 2>&1)
    status=$?
  fi
  if [ "$status" = 0 ]; then
    restarted=asked
    later_state restart-asked
  else
    restarted=failed
    outcome=restart-failed
    reason="${message:-it ended with $status}"
    later_state restart-failed
  fi
}

report() {
  emit written "$is_written"
  emit restart "$restarted"
  if [ -n "${target:-}" ] && [ -f "$target" ]; then
    digest_of "$target"
    emit digest "$digest"
  fi
  printf 'result\t%s\t%s\n' "$outcome" "$(encode "$reason")"
}

main() {
  trap '' HUP PIPE INT TERM
  begin change || return 1
  outcome=failed reason='' message='' is_written=0 restarted=none
  if check_request; then
    take_turn
    case $? in
      0)
        take_lock
        case $? in
          0)
            ! change_file || ask_restart
            [ "$keep_lock" = 1 ] || release_lock
            ;;
          1)
            refuse locked 'another run holds the lock of this node'
            emit_lock
            ;;
          *) blame "$message" ;;
        esac
        end_turn
        ;;
      1) refuse busy "another program of run $run still works here" ;;
      *) blame "$message" ;;
    esac
  fi
  report
  emit end change
}

main </dev/null
