# What a run leaves on a node of what it does there: its record and its states, in /var/lib/reprieve/RUN/ROLE.
# Function definitions only; blame is of change.sh.
# shellcheck shell=sh disable=SC2154,SC2034

# store TEXT FILE: writes a file whole or not at all.
store() {
  if [ -e "$2" ]; then
    write_text "$2.new" "$1" && message=$(mv -fT -- "$2.new" "$2" 2>&1) && return 0
  else
    write_text "$2" "$1" && return 0
    rm -f -- "$2"
  fi
  ! is_there "$2.new" || rm -f -- "$2.new"
  return 1
}

# state WORD...: the steps that come next. They are in the file at once, and on the disk with the next flush.
state() {
  clock
  text=
  for word in "$@"; do
    text="$text${text:+$NL}state$TAB$run$TAB$role$TAB$word$TAB$now"
  done
  append_text "$home/state" "$text"
}

# flush FILE...: waits for the disk, in this order.
flush() {
  message=$(sync -- "$@" 2>&1)
}

# field NAME VALUE: adds a line to text.
field() {
  text="$text${text:+$NL}record$TAB$run$TAB$role$TAB$1$TAB$2"
}

encoded_field() {
  encode "$2"
  field "$1" "$encoded"
}

# record: sets text.
record() {
  clock
  text=
  encoded_field operator "$operator"
  encoded_field bastion "$bastion"
  field since "$now"
  encoded_field file "$file"
  encoded_field unit "$unit"
  field before "$digest_before"
  field after "$digest_after"
  encoded_field value-before "$value_before"
  encoded_field value-after "$value_after"
}

# is_rollback: a file is put back from another run's backup, as against put back from one's own.
is_rollback() {
  [ "$action" = restore ] && [ "$source_run" != "$run" ]
}

# open_record: what this run does here, before it does it. Putting back keeps the record of what was done.
open_record() {
  [ -d "$home" ] || message=$(mkdir -p -- "$home" 2>&1) || blame "$message" || return 1
  if [ "$action" = edit ] || is_rollback || [ ! -f "$home/record" ]; then
    record
    { store "$text" "$home/record" && state begun; } || blame "$message"
  fi
}
