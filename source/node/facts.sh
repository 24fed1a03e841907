# Everything that is to be known of a node, in one go. Reads only.
# Values: sysroot, option, compute_units, api_units (blank-separated), compute_files, api_files (newline-separated),
# want_backup (a run or empty), want_clock (1 or empty).
# shellcheck shell=sh disable=SC2154,SC2034

# add_file PATH: to the files that are sent. Absolute paths of the node.
add_file() {
  case $NL$files$NL in
    *"$NL$1$NL"*) ;;
    *) files=$files$NL$1 ;;
  esac
}

# add_named_file PATH: one that a command line or the profile names. A service whose named file is missing does
# not start, so that is told.
add_named_file() {
  if [ -f ".$1" ] && [ -r ".$1" ]; then
    add_file "$1"
  elif [ -d ".$1" ]; then
    printf 'unreadable\tnot-a-file\t%s\n' "$1"
  elif [ -e ".$1" ]; then
    printf 'unreadable\tunreadable\t%s\n' "$1"
  else
    printf 'unreadable\tmissing\t%s\n' "$1"
  fi
}

# add_directory PATH: its *.conf files, as oslo.config takes them: no hidden ones, no folders.
add_directory() {
  [ -d ".$1" ] || return 0
  case $NL$directories$NL in
    *"$NL$1$NL"*) return 0 ;;
  esac
  directories=$directories$NL$1
  for found in ".$1"/*.conf; do
    [ ! -f "$found" ] || add_file "$1/${found##*/}"
  done
}

# absolute PATH: sets absolute as oslo.config does: ~ is the home, the rest is relative to the working directory.
# The names are not tidied up, so that the reader of the command line finds the same ones.
absolute() {
  case $1 in
    /*) absolute=$1 ;;
    [~]) absolute=$home ;;
    [~]/*) absolute=$home/${1#[~]/} ;;
    *) absolute=${working%/}/$1 ;;
  esac
}

# add_arguments: files that the words of a command line name, one word a line in $1.
add_arguments() {
  expected=
  IFS=$NL
  set -f
  for word in $1; do
    set +f
    word=$expected$word
    expected=
    case $word in
      --config-file=*) absolute "${word#*=}" && add_named_file "$absolute" ;;
      --config-dir=*) absolute "${word#*=}" && add_directory "$absolute" ;;
      --config-file | --config-dir) expected=$word= ;;
    esac
  done
  set +f
  IFS=" $TAB$NL"
}

# add_defaults PROGRAM: the search of oslo.config without options (cfg.py, find_config_files).
add_defaults() {
  for place in "$home/.nova" "$home" /etc/nova /etc; do
    for name in nova "$1"; do
      [ ! -f ".$place/$name.conf" ] || add_file "$place/$name.conf"
      add_directory "$place/$name.conf.d"
    done
  done
}

# add_wsgi: files of nova-api in a web server (nova/api/openstack/wsgi_app.py, _get_config_files).
add_wsgi() {
  wsgi_dir=/etc/nova
  wsgi_files='api-paste.ini;nova.conf'
  IFS=$NL
  set -f
  for word in $1; do
    case $word in
      OS_NOVA_CONFIG_DIR=?*) wsgi_dir=${word#*=} ;;
      OS_NOVA_CONFIG_FILES=?*) wsgi_files=${word#*=} ;;
    esac
  done
  IFS=\;
  for word in $wsgi_files; do
    case $word in
      '') continue ;;
      /*) wsgi_file=$word ;;
      *) wsgi_file=${wsgi_dir%/}/$word ;;
    esac
    absolute "$wsgi_file"
    [ -f ".$absolute" ] || continue
    # The paste file is read as configuration too, and says nothing about an option that it does not name.
    case $absolute in
      *.ini) grep -q -F -e "$option" ".$absolute" || continue ;;
    esac
    add_file "$absolute"
  done
  set +f
  IFS=" $TAB$NL"
}

look_at_unit() {
  read_block "$2"
  [ -n "$unit_id" ] || return 0
  emit_block "$1" "$2"
  [ "$unit_load" != not-found ] || [ "$unit_pid" != 0 ] || return 0
  examined="$examined$NL$unit_id $unit_pid $1"
  home=/var/lib/nova working=/ arguments='' environment='' program=''
  if [ "$unit_pid" != 0 ] && look_at_process "$unit_id" "$unit_pid"; then
    program_of "$arguments"
    add_arguments "$arguments"
  else
    # The command of the unit is all there is; the service manager prints it without quotes.
    case $unit_command in
      *'argv[]='*)
        unit_command=${unit_command#*'argv[]='}
        unit_command=${unit_command%% ; *}
        printf 'command\t%s\t%s\n' "$unit_id" "$unit_command"
        set -f
        # shellcheck disable=SC2086
        set -- "$1" $unit_command
        set +f
        role=$1
        shift
        IFS=$NL
        words="$*"
        IFS=" $TAB$NL"
        add_arguments "$words"
        set -- "$role"
        ;;
    esac
  fi
  case $1 in
    compute) add_defaults nova-compute ;;
    api)
      add_defaults nova-api
      add_wsgi "$environment"
      case $unit_id in
        apache2*) look_at_sites "$unit_id" ./etc/apache2/sites-enabled/* ./etc/apache2/conf-enabled/* ;;
        httpd*) look_at_sites "$unit_id" ./etc/httpd/conf.d/*.conf ;;
        uwsgi.service) look_at_sites "$unit_id" ./etc/uwsgi/apps-enabled/* ./etc/uwsgi.d/* ;;
      esac
      ;;
  esac
  [ -z "$program" ] || add_defaults "$program"
  if [ "$1" = api ] && [ "$unit_pid" != 0 ]; then
    emit_listeners "$unit_id" "$unit_group" "$unit_pid"
  fi
}

look_at_units() {
  roles=
  asked=
  for candidate in $compute_units; do
    is_unit "$candidate" && roles="$roles compute" && asked="$asked $candidate"
  done
  for candidate in $api_units; do
    is_unit "$candidate" && roles="$roles api" && asked="$asked $candidate"
  done
  [ -n "$asked" ] || return 0
  # shellcheck disable=SC2086
  shown=$(show_units $asked 2>/dev/null) || emit problem service-manager
  for role in $roles; do
    [ -n "$shown" ] || break
    block=${shown%%"$NL$NL"*}
    case $shown in
      *"$NL$NL"*) shown=${shown#*"$NL$NL"} ;;
      *) shown= ;;
    esac
    look_at_unit "$role" "$block"
  done
}

# send_files: one line each of stat, file and content, joined by path; the content follows its line. It carries its
# digest: if the file changes later, an edit that was planned on the content is refused.
send_files() {
  IFS=$NL
  set -f
  set --
  for path in $files; do
    case $path in
      *[[:cntrl:]\\]*) printf 'unreadable\todd-name\t%s\n' "$(printf '%s' "$path" | tr '[:cntrl:]' '?')" ;;
      *) set -- "$@" ".$path" ;;
    esac
  done
  set +f
  IFS=" $TAB$NL"
  [ $# -gt 0 ] || return 0
  stat -L --printf='stat\t%s\t%a\t%U\t%G\t%h\t%.Y\t%.Z\t%n\n' -- "$@" 2>/dev/null
  previous=
  for path in "$@"; do
    directory=${path%/*}
    if [ "$directory" != "$previous" ]; then
      real_directory=
      if cd -P -- "$directory" 2>/dev/null; then
        real_directory=${PWD%/}
        cd -- "${sysroot:-/}" || return 1
      fi
      previous=$directory
    fi
    real=$real_directory/${path##*/}
    [ ! -L "$path" ] || real=$(readlink -f -- "$path") || real=
    [ -n "$real_directory$real" ] || continue
    mount_name "$real"
    mounted=0
    case $noted$NL in
      *"${NL}mount$TAB$mount_name$NL"*) mounted=1 ;;
    esac
    writable=0
    [ ! -w "${real%/*}/" ] || writable=1
    case $real in
      "$sysroot"/*) real=${real#"$sysroot"} ;;
    esac
    if [ ".$real" = "$path" ]; then encoded=; else encode "$real"; fi
    printf 'file\t%s\t%s\t%s\t%s\n' "$mounted" "$writable" "$encoded" "$path"
    [ -r "$path" ] || continue
    printf 'content\t%s\n' "$path"
    condense "$path" "$option"
  done
}

# send_records: what earlier runs left here. Sets noted, with where file systems are mounted: one process reads both.
send_records() {
  set -- "$library"/[0-9]*-*-*
  while [ $# -gt 20 ]; do shift; done
  kept=
  for folder in "$@"; do
    is_run "${folder##*/}" || continue
    for role in compute api; do
      [ -d "$folder/$role" ] || continue
      kept="$kept$NL$folder/$role/record$NL$folder/$role/state"
      held=
      [ ! -f "$folder/$role/backup" ] || held=backup
      printf 'kept\t%s\t%s\t%s\n' "${folder##*/}" "$role" "$held"
    done
  done
  IFS=$NL
  # The fifth field is the mount point; blanks in it are written as \040.
  # shellcheck disable=SC2086
  noted=$NL$(sed -n -E -e '/^(record|state)\t/p' -e 's/^[0-9]+ (\S+ ){3}(\S+) .*/mount\t\2/p' -- $kept /proc/self/mountinfo 2>/dev/null)
  set -f
  for line in $noted; do
    case $line in
      mount*) ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
  set +f
  IFS=" $TAB$NL"
  for turn in "$runtime"/work-*; do
    is_run "${turn##*/work-}" || continue
    worker_of "$turn"
    ! is_alive "$worker" || emit working "${turn##*/work-}"
  done
}

send_backups() {
  is_run "$want_backup" || return 0
  for role in compute api; do
    backup=$library/$want_backup/$role/backup
    [ -f "$backup" ] || continue
    printf 'backup\t%s\n' "$role"
    condense "$backup" "$option"
  done
}

# send_modules: whether something that Ansible started still works here. It is looked for by words of its command line;
# the brackets keep a pattern from finding itself.
send_modules() {
  [ "$want_modules" = 1 ] || return 0
  if grep -qsaE '[A]nsiballZ_|/[a]nsible-tmp-|[B]ECOME-SUCCESS-|[&]& sleep 0' "$proc"/[0-9]*/cmdline; then
    emit modules 1
  else
    emit modules 0
  fi
}

send_clock() {
  [ "$want_clock" = 1 ] || return 0
  synchronized=
  tracking=
  ! command -v chronyc >/dev/null || tracking=$(timeout 2 chronyc -n tracking 2>/dev/null)
  case $tracking in
    *'Leap status'*': Not synchronised'*) synchronized=no ;;
    *'Leap status'*': '*) synchronized=yes ;;
    *)
      # timedatectl asks over the system's message bus; where there is none, it need not be started to fail.
      if [ -n "${DBUS_SYSTEM_BUS_ADDRESS:-}" ] || [ -S /run/dbus/system_bus_socket ]; then
        case $(timeout 2 timedatectl show -p NTPSynchronized --value 2>/dev/null) in
          yes) synchronized=yes ;;
          no) synchronized=no ;;
        esac
      fi
      ;;
  esac
  emit clock "$synchronized"
}

send_node() {
  read -r name <"$proc/sys/kernel/hostname" || name=
  emit hostname "$name"
  if [ -n "$sysroot" ] && [ -d ./proc ]; then
    fqdn=
    [ ! -r ./etc/fqdn ] || read -r fqdn <./etc/fqdn
  else
    fqdn=$(timeout 2 hostname -f 2>/dev/null)
  fi
  emit fqdn "${fqdn:-$name}"
  read -r name <"$proc/sys/kernel/random/boot_id" || name=
  emit boot "$name"
  os_id=
  for release in ./etc/os-release ./usr/lib/os-release; do
    [ -r "$release" ] || continue
    while read -r line; do
      case $line in
        ID=*) os_id=${line#ID=} ;;
      esac
    done <"$release"
    break
  done
  emit os "$os_id"
}

main() {
  begin facts || return 1
  files=
  directories=
  examined=
  send_node
  # Before files are read: what is over by then has written what it writes.
  send_modules
  emit_time
  look_at_units
  IFS=$NL
  for path in $compute_files $api_files; do
    IFS=" $TAB$NL"
    case $path in
      /*/) add_directory "${path%/}" ;;
      /*) add_named_file "$path" ;;
    esac
  done
  IFS=" $TAB$NL"
  [ ! -f ./usr/share/nova/nova-dist.conf ] || add_file /usr/share/nova/nova-dist.conf
  [ -n "$compute_units" ] && [ -z "$files" ] && home=/var/lib/nova && add_defaults nova-compute
  [ -n "$api_units" ] && [ -z "$files" ] && home=/var/lib/nova && add_defaults nova-api
  send_records
  send_files
  IFS=$NL
  for path in $directories; do
    printf 'directory\t%s\n' "$path"
  done
  IFS=" $TAB$NL"
  emit_lock
  send_backups
  send_clock
  # In the program that examines, signs.sh is part of it.
  ! command -v send_signs >/dev/null || send_signs
  emit end facts
}

main </dev/null
