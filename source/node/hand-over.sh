# For a change that somebody else carries out, such as an Ansible playbook: what is needed to put it back is kept
# before, and what came of it is recorded after. Function definitions only; blame and refuse are of change.sh.
# shellcheck shell=sh disable=SC2154,SC2034

# hand_over: the backup is whole and on the disk, with a record of what the file should become.
hand_over() {
  flush "$home/backup" "$home/record" "$home" || blame "$message" || return 1
  digest_of "$home/backup"
  [ "$digest" = "$digest_before" ] || refuse backup-bad "the copy of $file is not like it" || return 1
  { state handed-over && flush "$home/state"; } || blame "$message" || return 1
  outcome=ok
}

# take_back: what was made of the file goes to the record, so that it can be put back. Where this run recorded no
# edit of this file there is nothing to add.
take_back() {
  find_target || return 1
  digest_of "$target"
  [ -n "$digest" ] || refuse failed "$file cannot be read" || return 1
  outcome=ok
  [ -f "$home/record" ] || return 0
  encode "$file"
  ours=$(sed -n "s/^record$TAB$run$TAB$role$TAB//p" "$home/record")
  case "$NL$ours$NL" in
    *"${NL}file$TAB$encoded$NL"*) ;;
    *) return 0 ;;
  esac
  case "$NL$ours$NL" in
    *"${NL}before$TAB$NL"*) return 0 ;;
    *"${NL}before$TAB$digest$NL"*)
      state not-changed || blame "$message" || return 1
      ;;
    *)
      is_written=1
      digest_after=$digest
      text=$(sed "s/^\(record$TAB$run$TAB$role${TAB}after$TAB\).*/\1$digest/" "$home/record")
      { store "$text" "$home/record" && state written; } || blame "$message" || return 1
      ;;
  esac
  flush "$home/record" "$home/state" "$home" || blame "$message"
}
