# shellcheck shell=sh
# Sends a configuration file without the runs of comments and blank lines that nobody needs to see. The reader
# is source/domain/oslo/condensed.ts, where the format is described. Function definitions only.
# Needs GNU grep and coreutils.

# condense FILE OPTION...: prints FILE condensed; keeps commented defaults of the options. Returns 2 for an
# option name that has no business in a pattern, 1 where FILE cannot be read.
condense() (
  LC_ALL=C
  export LC_ALL
  file=$1
  shift
  pattern=
  for option in "$@"; do
    case $option in
      '' | *[!A-Za-z0-9_-]*) exit 2 ;;
    esac
    pattern=${pattern:+$pattern|}$option
  done
  tab=$(printf '\t')
  cr=$(printf '\r')

  # The digest is taken again at the end, so that a file that changed meanwhile is noticed.
  digest=$(sha256sum <"$file") || exit 1
  # shellcheck disable=SC2046
  set -- $(wc -lc <"$file") $(tail -c 1 <"$file" | od -An -tu1)
  printf 'reprieve-condensed 1 %s %s %s %s\n' "$2" "$1" "${3:--}" "${digest%% *}"

  # Left out: comments of printable ASCII and blank lines. A line with any other byte stays, so that a lone CR,
  # which ends a line too, and bytes that are no UTF-8 are seen.
  grep -a -n -b -v -E "^([#;][ -~$tab]*|[ $tab]*)$cr?\$" <"$file"
  [ $? -le 1 ] || exit 1
  printf '+\n'
  # The first line tells the file's line ends.
  grep -a -n -b -m 1 '' <"$file"
  if [ -n "$pattern" ]; then
    grep -a -n -b -E "^[#;][ $tab]*($pattern)[ $tab]*[=:]" <"$file"
    [ $? -le 1 ] || exit 1
  fi
  digest=$(sha256sum <"$file") || exit 1
  printf '=%s\n' "${digest%% *}"
)
