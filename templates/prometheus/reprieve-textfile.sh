#!/bin/sh
# Writes metrics of the soft-deleted servers of {{ cloud }} for the textfile collector of node_exporter. A failed look
# leaves no counts behind: old ones would be taken for those of now.
set -eu
cloud={{ cloud }}
folder={{ folder }}

list=$(mktemp)
metrics=$(mktemp "$folder/.reprieve.XXXXXX")
trap 'rm -f "$list" "$metrics"' EXIT
trap 'exit 1' HUP INT TERM

set -- --cloud "$cloud" --json
{% if inventory %}
set -- "$@" --inventory {{ inventory }}
{% endif %}
set -- "$@" watch --once
{% if interval %}
set -- "$@" --interval {{ interval }}s
{% endif %}
success=1
{{ program }} "$@" >"$list" || success=0

# In JSON a quote within a name has a backslash before it: none of the texts that are looked for is ever a part of one.
counts() {
  awk -v cloud="$cloud" '
    function text(key) {
      if (!match($0, "\"" key "\": *\"[A-Za-z0-9._:-]+\"")) return "unknown"
      found = substr($0, RSTART, RLENGTH - 1)
      sub(/^.*"/, "", found)
      return found
    }
    {
      state = text("state")
      servers[state]++
      if (state == "overdue" || state == "stuck") late["host=\"" text("host") "\",state=\"" state "\""]++
    }
    END {
      print "# HELP reprieve_soft_deleted_servers Soft-deleted servers by state."
      print "# TYPE reprieve_soft_deleted_servers gauge"
      count = split("waiting due overdue stuck unknown restoring destroying", states, " ")
      for (i = 1; i <= count; i++)
        printf "reprieve_soft_deleted_servers{cloud=\"%s\",state=\"%s\"} %d\n", cloud, states[i], servers[states[i]]
      print "# HELP reprieve_late_servers Soft-deleted servers that should be gone, by host."
      print "# TYPE reprieve_late_servers gauge"
      for (labels in late) printf "reprieve_late_servers{cloud=\"%s\",%s} %d\n", cloud, labels, late[labels]
    }
  ' "$list"
}

{
  echo '# HELP reprieve_watch_success Whether the last look at the soft-deleted servers was whole.'
  echo '# TYPE reprieve_watch_success gauge'
  printf 'reprieve_watch_success{cloud="%s"} %d\n' "$cloud" "$success"
  if [ "$success" -eq 1 ]; then counts; fi
} >"$metrics"
chmod 644 "$metrics"
mv -f "$metrics" "$folder/reprieve-$(printf '%s' "$cloud" | tr / _).prom"
[ "$success" -eq 1 ]
