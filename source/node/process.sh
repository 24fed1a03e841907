# What is to be known of the process of a unit. Function definitions only.
# shellcheck shell=sh disable=SC2154,SC2034

# working_of LINK: sets working, the directory that a link of /proc leads to, below the root that is worked on.
working_of() {
  working=
  if cd -P -- "$1" 2>/dev/null; then
    working=$PWD
    cd -- "${sysroot:-/}" || return 1
  fi
  # The shell does not know the path of one in another mount namespace, or of one that was removed.
  case $working in
    /*) ;;
    *) working=$(readlink -- "$1") || working=/ ;;
  esac
  [ -z "$sysroot" ] || working=${working#"$sysroot"}
}

# look_at_process UNIT PID: sets home, working, arguments, environment. Of the environment nothing is sent but
# oslo.config's own variables, the WSGI ones and HOME. Newlines and tabs in words travel as the bytes 1 and 2.
look_at_process() {
  place=$proc/$2
  [ -r "$place/cmdline" ] || return 1
  start_of "$proc" "$2" || return 1
  working_of "$place/cwd" || return 1
  printf 'process\t%s\t%s\t%s\t\t%s\n' "$1" "$2" "$started" "${working%%"$NL"*}"
  # Each word ends with a NUL there and with a newline here: the shell drops the NUL. The a keeps empty words and
  # tells them from the names of the files.
  {
    words=$(sed -z -s -e 's/\n/\x01/g; s/\t/\x02/g; s/^/a/; s/$/\n/; 1 { F; s/^/\n/ }' -- "$place/cmdline" "$place/environ")
  } 2>/dev/null
  IFS=$NL
  set -f
  for word in $words; do
    case $word in
      a*) ;;
      *)
        part=${word##*/}
        continue
        ;;
    esac
    word=${word#a}
    if [ "$part" = cmdline ]; then
      printf 'argument\t%s\t%s\n' "$1" "$word"
      arguments=$arguments$word$NL
      continue
    fi
    case $word in
      HOME=/*) home=${word#HOME=} ;;
      HOME=* | OS_DEFAULT__* | OS_NOVA_CONFIG_*) ;;
      *) continue ;;
    esac
    printf 'environment\t%s\t%s\n' "$1" "$word"
    environment=$environment$word$NL
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
