# shellcheck shell=sh
# Sends a configuration file without the runs of comments and blank lines that nobody needs to see. The reader
# is source/domain/oslo/condensed.ts, where the format is described. Function definitions only.
# Needs GNU grep and coreutils. known_digest may hold a digest of the file that was taken a moment ago.

# condense FILE OPTION...: prints FILE condensed; keeps commented defaults of the options. Returns 2 for an
# option name that has no business in a pattern, 1 where FILE cannot be read.
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

  # The digest is taken again at the end, so that a file that changed meanwhile is noticed.
  before=${known_digest:-}
  [ -n "$before" ] || before=$(sha256sum <"$condensed") || return 1
  # shellcheck disable=SC2046
  set -- $(wc -lc <"$condensed")
  last=-
  [ "${2:-0}" = 0 ] || last=$(od -An -tu1 -j "$(($2 - 1))" <"$condensed") || return 1
  printf 'reprieve-condensed 1 %s %s %s %s\n' "${2:-}" "${1:-}" "${last##* }" "${before%% *}"

  # Left out: comments of printable ASCII and blank lines. A line with any other byte stays, so that a lone CR,
  # which ends a line too, and bytes that are no UTF-8 are seen. Kept, in this order: what begins like an
  # assignment, an indented comment, a lone CR after blanks, a comment with another byte or a lone CR, a commented
  # default.
  lone=$cr'(.|[^ -~])'
  ordinary="[ $tab]*[^ $tab$cr#;]|[ $tab]+[#;]|[ $tab]*$lone"
  comment="[#;].*([^ -~$tab$cr]|$lone)"
  grep -a -n -b -E "^($ordinary|$comment${pattern:+|[#;][ $tab]*($pattern)[ $tab]*[=:]})" <"$condensed"
  [ $? -le 1 ] || return 1
  printf '+\n'
  # The first line tells the file's line ends. Where it begins like an assignment it was kept.
  first=
  IFS= read -r first <"$condensed"
  case $first in
    [!\ "$tab$cr"\#\;]*) ;;
    *) grep -a -n -b -m 1 '' <"$condensed" ;;
  esac
  after=$(sha256sum <"$condensed") || return 1
  printf '=%s\n' "${after%% *}"
}
