#!/bin/sh
# Sets reclaim_instance_interval on this node: in the file that decides, without touching another byte, and restarts the
# service if it is older than its files. May be run again at any time; what an earlier run left is finished.
#   delayed-delete.sh            do it
#   delayed-delete.sh --dry-run  say what would be done; exit code 1 where that is something
set -eu
LC_ALL=C
export LC_ALL
umask 077

option=reclaim_instance_interval
value={{ interval }}
# Seconds that the restarted service is watched.
watch={{ watch }}

# What the service reads, in order: the later wins.
files() {
  printf '%s\n' {{ files }}
}

# Units that may run the service; the first one that there is gets restarted.
units() {
{% if units.size > 0 %}
  printf '%s\n' {{ units }}
{% else %}
  :
{% endif %}
}

{% raw %}
say() { printf '%s\n' "$*"; }
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

dry=
case ${1-} in
  '') ;;
  --dry-run) dry=1 ;;
  *) die "usage: ${0##*/} [--dry-run]" ;;
esac

# analyse FILE: what it says, as oslo.config reads it, in one line: KIND OFFSET LENGTH TEXT RAW. To set the option, LENGTH
# bytes at OFFSET become TEXT, in which printf's %b reads the escapes. KIND: value, commented, header, none or bad.
analyse() {
  size=$(wc -c <"$1")
  [ "$size" -gt 0 ] && [ -n "$(tail -c 1 -- "$1")" ] && open_end=1 || open_end=0
  awk -v option="$option" -v value="$value" -v size="$size" -v open_end="$open_end" '
    function fail(reason) { printf "bad 0 0 - line %d: %s\n", NR, reason; failed = 1; exit }
    function trim(text) {
      sub(/^[ \t\v\f\034-\037]+/, "", text)
      sub(/[ \t\v\f\034-\037]+$/, "", text)
      return text
    }
    # Below the line that ends here.
    function below(at, end) {
      if (at > size) { insert_at = size; insert = first_end setting }
      else { insert_at = at; insert = setting end }
    }
    BEGIN { setting = option "\\0040=\\0040" value; first_end = "\\n"; kind = "none" }
    {
      start = offset
      offset += length($0) + 1
      text = $0
      end = sub(/\r$/, "", text) ? "\\r\\n" : "\\n"
      if (NR == 1) first_end = end
      if (text ~ /\r/) fail("a carriage return stands in it")
      first = substr(text, 1, 1)
      if (first == "#" || first == ";") {
        open = 0
        shown = text
        sub(/^.[ \t]?/, "", shown)
        if (in_default && kind != "value" && kind != "commented" && index(shown, option) == 1 &&
            substr(shown, length(option) + 1) ~ /^[ \t]*[=:][ \t]*[^ \t]*[ \t]*$/) {
          kind = "commented"
          below(offset, end)
        }
        next
      }
      # Python takes these off the ends of names and values as it does a space; the script does not try to.
      if (text ~ /\302[\205\240]|\341\232\200|\342\200[\200-\212\250\251\257]|\342\201\237|\343\200\200/)
        fail("a blank beyond ASCII stands in it")
      sub(/[ \t\v\f\034-\037]+$/, "", text)
      if (text == "") { open = 0; next }
      if (first == " " || first == "\t") {
        if (!open) fail("it is indented, and there is no value to continue")
        if (ours) { raw = "(several lines)"; length_of = 0; below(offset, end) }
        next
      }
      open = 0
      if (first == "[") {
        if (text !~ /^\[.+\]$/) fail("it begins a section and has no name in brackets")
        in_section = 1
        in_default = text == "[DEFAULT]"
        if (in_default && kind == "none") { kind = "header"; below(offset, end) }
        next
      }
      at = match(text, /[=:]/)
      if (!at || trim(substr(text, 1, at - 1)) == "" || !in_section) fail("it is no \"name = value\" below a section")
      open = 1
      ours = in_default && trim(substr(text, 1, at - 1)) == option
      if (!ours) next
      kind = "value"
      rest = substr(text, at + 1)
      raw = trim(rest)
      length_of = length(raw)
      insert = value
      insert_at = start + at + index(rest, raw) - 1
      if (raw == "") {
        insert_at = start + at
        if (substr(text, at - 1, 1) ~ /[ \t]/) insert = "\\0040" value
      }
      if (raw ~ /^".*"$/ || raw ~ /^\047.*\047$/) raw = substr(raw, 2, length(raw) - 2)
    }
    END {
      if (failed) exit
      if (open_end && end == "\\r\\n") fail("a carriage return stands in it")
      if (kind == "none") {
        insert_at = size
        insert = "[DEFAULT]" first_end setting
        insert = open_end ? first_end insert : insert first_end
      }
      printf "%s %d %d %s %s\n", kind, insert_at, length_of, insert, raw
    }' "$1"
}

# part N LINE: the Nth word; the last one is what is left.
part() {
  part_of=$2
  part_at=1
  while [ "$part_at" -lt "$1" ]; do
    part_of=${part_of#* }
    part_at=$((part_at + 1))
  done
  [ "$1" = 5 ] || part_of=${part_of%% *}
  printf '%s\n' "$part_of"
}

is_wanted() {
  case $1 in
    '' | *[!0-9]*) return 1 ;;
    *) [ "$1" -eq "$value" ] ;;
  esac
}

# Which file decides, and what it says; else the first that shows the option, or has its section.
target='' found='' raw='' others=''
while IFS= read -r file; do
  [ -e "$file" ] || continue
  if [ ! -r "$file" ] || [ ! -f "$file" ]; then die "$file cannot be read: are you root?"; fi
  said=$(analyse "$file")
  kind=$(part 1 "$said")
  case $kind in
    bad) die "$file, $(part 5 "$said"); the service would not start with it" ;;
    value) target=$file found=$said raw=$(part 5 "$said") ;;
    commented) [ "${others%% *}" = commented ] || others="commented $file" ;;
    header) [ "${others%% *}" = commented ] || [ "${others%% *}" = header ] || others="header $file" ;;
    none) [ -n "$others" ] || others="none $file" ;;
  esac
done <<FILES
$(files)
FILES
is_set=
[ -z "$target" ] || is_set=1
if [ -z "$target" ]; then
  [ -n "$others" ] || die "none of the files is there: $(files | tr '\n' ' ')"
  target=${others#* }
  found=$(analyse "$target")
fi

unit=
for name in $(units); do
  if [ "$(systemctl show -p LoadState --value "$name")" = loaded ]; then
    unit=$name
    break
  fi
done
[ -n "$unit" ] || [ -z "$(units)" ] || die "none of these units is there: $(units | tr '\n' ' ')"

# Where the environment sets the option: that of the process that runs, and what the next one is given.
variable=OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL
environment_of() (
  pid=$(systemctl show -p MainPID --value "$unit")
  if [ "$pid" -gt 0 ] && [ -e "/proc/$pid/environ" ]; then
    [ -r "/proc/$pid/environ" ] || die "the environment of $unit cannot be read: are you root?"
    tr '\0' '\n' <"/proc/$pid/environ" | sed -n "s/^$variable=.*/the running process of $unit/p"
  fi
  case " $(systemctl show -p Environment --value "$unit")" in
    *[\ \"\']"$variable="*) say "$unit" ;;
  esac
  # One a line, with blanks in its name, or a pattern.
  IFS='
'
  for named in $(systemctl show -p EnvironmentFiles --value "$unit"); do
    for given in ${named%" (ignore_errors="*}; do
      [ -e "$given" ] || continue
      [ -r "$given" ] || die "$given cannot be read: are you root?"
      if grep -q "^[[:space:]]*${variable}[[:space:]]*=" -- "$given"; then say "$unit, in $given"; fi
    done
  done
)
if [ -n "$unit" ]; then
  said=$(environment_of) || exit 1
  [ -z "$said" ] || die "$variable beats every file, and is in the environment of ${said%%"
"*}; take it out, and restart $unit"
fi

# Ages, not times: how long ago a file was changed, and how long ago the process was started.
is_older_than_files() {
  started=$(systemctl show -p ExecMainStartTimestampMonotonic --value "$unit")
  age=$(awk -v started="$started" '{ printf "%d", $1 - started / 1000000 }' /proc/uptime)
  now=$(date +%s)
  for older in $(files); do
    [ -e "$older" ] || continue
    changed=$(stat -L -c %Z -- "$older")
    [ $((now - changed)) -gt "$age" ] || return 0
  done
  return 1
}

must_write=1
if [ "$is_set" = 1 ] && is_wanted "$raw"; then must_write=; fi
[ "$is_set" != '' ] || [ "$value" != 0 ] || must_write=
must_restart=$must_write
if [ -n "$unit" ] && [ -z "$must_restart" ] && is_older_than_files; then must_restart=1; fi
if [ -z "$must_write$must_restart" ]; then
  say "$target gives $value${unit:+, and $unit runs with it}: nothing to do"
  exit 0
fi
if [ -n "$must_write" ]; then say "$target: $option = ${raw:-not set} becomes $value"; fi
if [ -n "$unit" ]; then say "$unit is restarted"; fi
[ -z "$dry" ] || exit 1

real=$(readlink -f -- "$target")
folder=${real%/*}
backup=$folder/.${real##*/}.before-delayed-delete
new=$folder/.${real##*/}.delayed-delete
if [ -n "$must_write" ]; then
  [ "$(stat -c %h -- "$real")" = 1 ] || die "$real has a second name (hard link), which would keep the old value"
  trap 'rm -f -- "$new"' EXIT
  trap 'exit 130' INT TERM
  trap '' HUP PIPE
  rm -f -- "$new"
  cp --preserve=all -- "$real" "$backup"
  cp --preserve=all -- "$real" "$new"
  {
    head -c "$(part 2 "$found")" -- "$backup"
    printf '%b' "$(part 4 "$found")"
    tail -c "+$(($(part 2 "$found") + $(part 3 "$found") + 1))" -- "$backup"
  } >"$new"
  is_wanted "$(part 5 "$(analyse "$new")")" || die "$real was not written: the new text would not give $value"
  cmp -s -- "$real" "$backup" || die "$real was changed meanwhile; run this again"
  sync -- "$new"
  mv -f -- "$new" "$real"
fi

if [ -z "$unit" ]; then
  rm -f -- "$backup"
  say 'written; restart the service, it reads the file only then'
  exit 0
fi

# systemctl calls a service well that ends a moment later: the same process must still be there after a while.
is_well() {
  systemctl restart "$unit" || return 1
  pid=$(systemctl show -p MainPID --value "$unit")
  sleep "$watch"
  [ "$(systemctl is-active "$unit")" = active ] && [ "$(systemctl show -p MainPID --value "$unit")" = "$pid" ]
}

if is_well; then
  rm -f -- "$backup"
  say "$unit runs with $value"
  exit 0
fi
if [ -n "$must_write" ]; then
  mv -f -- "$backup" "$real"
  systemctl restart "$unit" || true
  die "$unit did not come up; $real is as it was, and $unit was restarted with it: see journalctl -u $unit"
fi
die "$unit did not come up: see journalctl -u $unit"
{% endraw %}
