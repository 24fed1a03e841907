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

# other_lines FILE: all but the lines that set the option, or show it as a comment.
other_lines() {
  sed "/^[#;]\{0,1\}[ $TAB]*${option}[ $TAB]*[=:]/d" -- "$1"
}

# is_right: whether the file is one that reads as planned (digest_after), though its bytes are other ones than this
# program would have written, and nothing but the option differs from the copy.
is_right() {
  case $option in
    '' | *[!A-Za-z0-9_]*) return 1 ;;
  esac
  [ -n "$digest_after" ] && [ "$digest" = "$digest_after" ] || return 1
  content=$digest
  digest_of "$home/backup" 2>/dev/null
  copy=$digest
  digest=$content
  [ "$copy" = "$before" ] || return 1
  content=$(other_lines "$target" | sha256sum) && copy=$(other_lines "$home/backup" | sha256sum) || return 1
  [ "$content" = "$copy" ]
}

# take_back: what was made of the file goes to the record, so that it can be put back. A file that is neither as it
# was nor as planned is somebody else's too: nothing is recorded, and it is never put back over that. Where this run
# recorded no edit of this file there is nothing to say.
take_back() {
  find_target || return 1
  digest_of "$target"
  [ -n "$digest" ] || refuse failed "$file cannot be read" || return 1
  outcome=ok
  [ -f "$home/record" ] || return 0
  encode "$file"
  ours=$NL$(sed -n "s/^record$TAB$run$TAB$role$TAB//p" "$home/record")$NL
  case $ours in
    *"${NL}file$TAB$encoded$NL"*) ;;
    *) return 0 ;;
  esac
  before=${ours#*"${NL}before$TAB"}
  before=${before%%"$NL"*}
  [ -n "$before" ] || return 0
  if [ "$digest" = "$before" ]; then
    state not-changed || blame "$message" || return 1
  else
    case $ours in
      *"${NL}after$TAB$digest$NL"*) ;;
      *)
        is_right || refuse changed "$file is neither as it was nor as planned" || return 1
        text=$(sed "s/^\(record$TAB$run$TAB$role${TAB}after$TAB\).*/\1$digest/" "$home/record")
        store "$text" "$home/record" || blame "$message" || return 1
        ;;
    esac
    is_written=1
    digest_after=$digest
    state written || blame "$message" || return 1
  fi
  flush "$home/record" "$home/state" "$home" || blame "$message"
}
