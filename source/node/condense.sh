# shellcheck shell=sh
# Sends a configuration file without the runs of comments and blank lines that nobody needs to see. The reader
# is source/domain/oslo/condensed.ts, where the format is described. Function definitions only.
# Needs GNU grep and coreutils.

# condense FILE OPTION...: prints FILE condensed; keeps commented defaults of the options. Returns 2 for an
# option name that has no business in a pattern. Of a file that cannot be read the mark of the end is missing.
condense() {
  LC_ALL=C
  export LC_ALL
  condensed=$1
  shift
  pattern=
  for option_name in "$@"; do
    case $option_name in
      '' | *[!A-Za-z0-9_-]*) return 2 ;;
    esac
    pattern=${pattern:+$pattern|}$option_name
  done
  tab='	'
  [ -n "${cr:-}" ] || cr=$(printf '\r')
  printf 'reprieve-condensed 2\n'

  # Left out: comments of printable ASCII and blank lines. A line with any other byte stays, so that a lone CR,
  # which ends a line too, and bytes that are no UTF-8 are seen. Kept, in this order: what begins like an
  # assignment, an indented comment, a lone CR after blanks, a comment with another byte or a lone CR, a commented
  # default.
  lone=$cr'(.|[^ -~])'
  ordinary="[ $tab]*[^ $tab$cr#;]|[ $tab]+[#;]|[ $tab]*$lone"
  comment="[#;].*([^ -~$tab$cr]|$lone)"
  # The file is read once, so that the digest is of the very bytes that the lines are from. The mark of the end
  # begins with a byte for which each line is kept: its place tells the size and how the last line ends.
  {
    condensed_digest=$(
      {
        { tee /proc/self/fd/4 <"$condensed" && printf '\377end-of-file\n'; } |
          grep -a -n -b -E "^($ordinary|$comment${pattern:+|[#;][ $tab]*($pattern)[ $tab]*[=:]})" >&3
      } 4>&1 | sha256sum
    )
  } 3>&1
  printf '+\n'
  # The first line tells the file's line ends. Where it begins like an assignment it was kept.
  first=
  IFS= read -r first <"$condensed"
  case $first in
    [!\ "$tab$cr"\#\;]*) ;;
    *) printf '1:0:%s\n' "$first" ;;
  esac
  printf '=%s\n' "${condensed_digest%% *}"
}
