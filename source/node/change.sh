# Changes one file, or puts it back, and asks for the restart, in one go. Goes on by itself when the line is cut:
# each step is in the state file before it is done, and whoever comes back reads there what is true.
# Values: sysroot, run, role, operator, bastion, pid, boot_id, steal, keep_lock, action (edit, restore, restart,
# take-back: somebody else has carried an edit out), hand_over (1: somebody else carries the edit out after this),
# file, option, digest_before, digest_after, offset, length, replacement, source_run, source_role, value_before, value_after,
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
    *'resource busy'*) refuse mount-point "$file is mounted by itself and cannot be replaced" ;;
    *) refuse failed "$1" ;;
  esac
}

# warn MESSAGE: for what went wrong after the file was changed, where going on is better than stopping.
warn() {
  encode "$1"
  printf 'warning\t%s\n' "$encoded"
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
    edit | restore | restart | take-back) ;;
    *) refuse failed "$action is no action" || return 1 ;;
  esac
  if [ "$action" = edit ]; then
    case $offset$length in
      '' | *[!0-9]*) refuse failed 'offset and length are no numbers' || return 1 ;;
    esac
    [ -n "$offset" ] && [ -n "$length" ] || refuse failed 'offset or length is missing' || return 1
  fi
  if [ "$action" = edit ] || [ "$action" = restore ]; then
    is_digest "$digest_before" || refuse failed 'there is no digest of the file as planned' || return 1
  fi
  [ -z "$digest_after" ] || is_digest "$digest_after" || refuse failed "$digest_after is no digest" || return 1
  if [ "$action" = restore ]; then
    [ -n "$digest_after" ] || refuse failed 'there is no digest of the backup' || return 1
    is_run "$source_run" || refuse failed "$source_run is no run id" || return 1
    case $source_role in
      compute | api) ;;
      *) refuse failed "$source_role is no role" || return 1 ;;
    esac
  fi
  if [ "$restart" = 1 ] || [ -n "$unit" ]; then
    is_unit "$unit" || { [ -z "$unit" ] && [ -n "$restart_command" ]; } || refuse failed "$unit is no unit" || return 1
  fi
  home=$library/$run/$role
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
  if [ -L "$sysroot$file" ]; then
    target=$(readlink -e -- "$sysroot$file") || refuse missing "$file is not there" || return 1
  else
    target=$sysroot$file
    folder=${target%/*}
    cd -P -- "${folder:-/}" 2>/dev/null || refuse missing "$file is not there" || return 1
    target=${PWD%/}/${target##*/}
    cd -- "${sysroot:-/}" || refuse failed "$sysroot is not there any more" || return 1
  fi
  case $target in
    "$sysroot"/*) ;;
    *) refuse failed "$file leads out of $sysroot" || return 1 ;;
  esac
  [ -f "$target" ] || refuse missing "$file is no regular file" || return 1
  folder=${target%/*}
  temporary=$folder/.${target##*/}.reprieve-$run
}

# new_content: the whole new file on stdout.
new_content() {
  if [ "$action" = edit ]; then
    head -c "$offset" -- "$target" &&
      { printf '%s' "$replacement" 2>/dev/null || printf '%s' "$replacement" | cat; } &&
      tail -c "+$((offset + length + 1))" -- "$target"
  else
    cat -- "$library/$source_run/$source_role/backup"
  fi
}

# was_recorded: whether this very edit was done by this run, and the file is still what it made.
was_recorded() {
  [ -n "$digest" ] && [ -f "$home/record" ] || return 1
  fields=$NL$(sed -n "s/^record$TAB$run$TAB$role$TAB//p" "$home/record")$NL
  encode "$file"
  name=$encoded
  encode "$value_after"
  for field in "before$TAB$digest_before" "after$TAB$digest" "file$TAB$name" "value-after$TAB$encoded"; do
    case $fields in
      *"$NL$field$NL"*) ;;
      *) return 1 ;;
    esac
  done
}

# read_plan: sets digest, of the file as it is, and expected, of what would be written; in one reading of the disk.
read_plan() {
  if [ "$action" = restore ]; then
    digests_of "$target" "$library/$source_run/$source_role/backup"
  elif [ -n "$digest_after" ]; then
    digests_of "$target"
  else
    read_digests "$(new_content 2>/dev/null | sha256sum -- "$target" - 2>/dev/null || echo failed)"
  fi || {
    expected=
    digest_of "$target" 2>/dev/null
    return 0
  }
  digest=${digests%% *}
  expected=${digests#* }
  expected=${expected% }
}

# plan_file: sets outcome to already where there is nothing to write, and digest_after where it was not given.
plan_file() {
  read_plan
  if [ -z "$digest_after" ] && was_recorded; then digest_after=$digest; fi
  if [ -n "$digest" ] && [ "$digest" = "$digest_after" ]; then
    outcome=already
    return 0
  fi
  [ "$digest" = "$digest_before" ] || refuse changed "$file is not as it was planned" || return 1
  if [ "$action" = restore ]; then
    backup=$library/$source_run/$source_role/backup
    [ -f "$backup" ] || refuse backup-bad "there is no backup of run $source_run" || return 1
    [ "$expected" = "$digest_after" ] || refuse backup-bad "the backup of run $source_run is not what it was" || return 1
  fi
  digest_after=${digest_after:-$expected}
  [ -n "$digest_after" ] || refuse failed "$file cannot be read" || return 1
}

copy_backup() {
  ! is_there "$home/backup.new" || rm -f -- "$home/backup.new"
  message=$(cp --preserve=all -- "$target" "$home/backup.new" 2>&1) || blame "$message" || return 1
  message=$(mv -fT -- "$home/backup.new" "$home/backup" 2>&1) || blame "$message"
}

# keep_backup: a copy with everything, whole or not at all. Before the file is replaced it is read again and is on
# the disk: see check_written.
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
  # shellcheck disable=SC3013
  if [ -L "$temporary" ] || [ ! -f /proc/self/fd/9 ] || [ ! /proc/self/fd/9 -ef "$temporary" ]; then
    refuse failed "$temporary is not the file that was made" || return 1
  fi
  message=$(cp --attributes-only --preserve=all -- "$target" /proc/self/fd/9 2>&1) || blame "$message" || return 1
  if [ -d /sys/fs/selinux/class ]; then
    message=$(chcon --reference="$target" -- /proc/self/fd/9 2>&1) || blame "$message" || return 1
  fi
  message=$({ new_content; } 2>&1 >&9) || blame "$message"
}

# check_written: everything is on the disk, the copies are right, and the file is still the one that was planned.
check_written() {
  set -- "$home/record" "$home/state" "$home"
  copy=/proc/self/fd/9
  # Putting back keeps no copy of its own: what it writes is the copy.
  is_putting_back || {
    copy=$home/backup
    set -- "$@" "$copy"
  }
  flush /proc/self/fd/9 "$@" || blame "$message" || return 1
  digests_of "$target" /proc/self/fd/9 "$copy" || :
  # shellcheck disable=SC2086
  set -- $digests
  [ "${1:-}" = "$digest_before" ] || refuse changed "$file changed meanwhile" || return 1
  [ "${2:-}" = "$digest_after" ] || refuse failed "$temporary was not written right" || return 1
  is_putting_back || [ "${3:-}" = "$digest_before" ] || refuse backup-bad "the copy of $file is not like it" || return 1
  # shellcheck disable=SC2046
  set -- $(stat -L -c '%h %s %a %u %g' -- "$target" /proc/self/fd/9)
  [ "$1" = 1 ] || refuse hard-link "$file has other names (hard links); replacing it would part them" || return 1
  if [ "$action" = edit ] && [ "$((offset + length))" -gt "$2" ]; then
    refuse failed "$file is shorter than the place to edit" || return 1
  fi
  [ "$3 $4 $5" = "$8 $9 ${10}" ] || refuse not-allowed "owner and mode of $file cannot be kept"
}

write_file() {
  set -C
  if ! { command exec 9>"$temporary"; } 2>/dev/null; then
    message=$({ : >"$temporary"; } 2>&1)
    set +C
    rm -f -- "$temporary"
    blame "$message"
    return 1
  fi
  set +C
  if fill_temporary && check_written; then
    if message=$(mv -fT -- "$temporary" "$target" 2>&1); then
      is_written=1
      outcome=ok
    else
      blame "$message"
    fi
  fi
  exec 9>&-
  [ "$is_written" = 1 ] || {
    rm -f -- "$temporary"
    return 1
  }
}

# remove_leftovers: what a killed program left: of this run, or of the one that is taken back.
remove_leftovers() {
  for left in "$temporary" "$folder/.${target##*/}.reprieve-${source_run:-$run}"; do
    ! is_there "$left" || rm -f -- "$left"
  done
}

change_file() {
  if [ "$action" = take-back ]; then
    take_back
    return
  fi
  if [ "$action" = restart ]; then
    digest_before='' digest_after=''
    open_record || return 1
    outcome=ok
    next_steps "$home/record"
    return 0
  fi
  find_target || return 1
  remove_leftovers 2>/dev/null
  plan_file || return 1
  if [ "$outcome" != already ]; then
    open_record && keep_backup || return 1
    if [ "$hand_over" = 1 ]; then
      hand_over
      return
    fi
    next=writing
    ! is_putting_back || next=putting-back
    state "$next" || blame "$message" || return 1
    write_file || {
      { state not-changed && flush "$home/state"; } || warn "$message"
      return 1
    }
  elif [ ! -f "$home/record" ]; then
    open_record || return 1
  fi
  # Also where it was written before: the program that did it may have been killed right after.
  if is_putting_back; then next_steps "$folder" put-back; else next_steps "$folder" written; fi
}

# next_steps FILE WORD...: what was done and what comes next, on the disk after FILE. Once the file is changed a
# state that cannot be written stops nothing.
next_steps() {
  place=$1
  shift
  [ "$restart" != 1 ] || set -- "$@" restarting
  [ $# = 0 ] || state "$@" || warn "$message"
  flush "$place" "$home/state" || warn "$message"
}

# show_before: the unit as it is before it is restarted.
show_before() {
  block=
  [ -z "$unit" ] || block=$(show_units "$unit" 2>/dev/null)
  read_block "$block"
  emit_block "$role" "$block"
}

ask_restart() {
  [ "$hand_over" != 1 ] || show_before
  [ "$restart" = 1 ] || return 0
  show_before
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
  # Not flushed: a machine that goes down now starts the service anew in any case.
  if [ "$status" = 0 ]; then
    restarted=asked
    state restart-asked || warn "$message"
  else
    restarted=failed
    outcome=restart-failed
    reason="${message:-it ended with $status}"
    state restart-failed || warn "$message"
  fi
}

report() {
  emit written "$is_written"
  emit restart "$restarted"
  if [ "$is_written" = 1 ] || [ "$outcome" = already ]; then
    # It was read right before.
    emit digest "$digest_after"
  elif [ -n "${target:-}" ] && [ -f "$target" ]; then
    digest_of "$target"
    emit digest "$digest"
  fi
  encode "$reason"
  printf 'result\t%s\t%s\n' "$outcome" "$encoded"
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
