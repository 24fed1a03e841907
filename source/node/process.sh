# What is to be known of the process of a unit. Function definitions only.
# shellcheck shell=sh disable=SC2154,SC2034

# look_at_process UNIT PID: sets home, working, arguments, environment. Of the environment nothing is sent but
# oslo.config's own variables, the WSGI ones and HOME. Newlines and tabs in words travel as the bytes 1 and 2.
look_at_process() {
  place=$proc/$2
  [ -r "$place/cmdline" ] || return 1
  start_of "$proc" "$2" || return 1
  working=$(readlink -- "$place/cwd") || working=/
  [ -z "$sysroot" ] || working=${working#"$sysroot"}
  printf 'process\t%s\t%s\t%s\t\t%s\n' "$1" "$2" "$started" "${working%%"$NL"*}"
  # Each word ends with a NUL there and with a newline here: the shell drops the NUL. The a keeps empty words.
  {
    words=$(sed -z -e 's/\n/\x01/g; s/\t/\x02/g; s/^/a/; s/$/\n/' -- "$place/cmdline")
    environment=$(sed -z -n -e '/^\(OS_DEFAULT__\|OS_NOVA_CONFIG_\|HOME=\)/ { s/\n/\x01/g; s/\t/\x02/g; s/$/\n/; p }' -- "$place/environ")
  } 2>/dev/null
  IFS=$NL
  set -f
  for word in $words; do
    printf 'argument\t%s\t%s\n' "$1" "${word#a}"
    arguments=$arguments${word#a}$NL
  done
  for word in $environment; do
    printf 'environment\t%s\t%s\n' "$1" "$word"
    case $word in
      HOME=/*) home=${word#HOME=} ;;
    esac
  done
  set +f
  IFS=" $TAB$NL"
}

# program_of WORDS: sets program, what oslo.config takes for the program's name.
program_of() {
  program=
  IFS=$NL
  set -f
  for word in $1; do
    program=${word##*/}
    case $program in
      python | python[0-9]* | -*) ;;
      *) break ;;
    esac
  done
  set +f
  IFS=" $TAB$NL"
  program=${program%.py}
  case $program in
    '' | *[!A-Za-z0-9._-]* | apache2 | httpd) program= ;;
  esac
}

# look_at_sites UNIT PATTERN...: what else a web server serves; a restart interrupts it.
look_at_sites() {
  site_unit=$1
  shift
  for site in "$@"; do
    [ -f "$site" ] || continue
    kind=other
    ! grep -q -i -E '^[^#]*(nova[-_]api([^-_a-z]|[-_](wsgi|os[-_]compute)|$)|osapi_compute)' "$site" || kind=nova
    printf 'site\t%s\t%s\t%s\n' "$site_unit" "$kind" "${site##*/}"
  done
}
