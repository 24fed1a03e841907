#!/bin/sh
# Makes the flavor, or adds what it lacks; run again it changes nothing. Needs an administrator's login, and
# python-openstackclient 4.0 or later.
# shellcheck disable=SC2016 # a dollar sign between single quotes is one of a name or a value
set -eu
{% if cloud %}
export OS_CLOUD={{ cloud }}
{% endif %}
{% if description != blank %}
# Descriptions came with this microversion.
export OS_COMPUTE_API_VERSION="${OS_COMPUTE_API_VERSION:-2.55}"
description={{ description }}
{% endif %}
name={{ name }}

stop() {
  printf '%s: %s\n' "$name" "$1" >&2
  exit 1
}

# fixed FIELD VALUE...: stops unless the field of the flavor has one of these values.
fixed() {
  field=$1
  shift
  for value; do
    case $flavor in *"\"$field\": $value"[,\}]*) return 0 ;; esac
  done
  stop "it exists with another $field, which Nova never changes; make a flavor of another name. Nothing was done"
}

{% if extra_specs.size > 0 %}
# has_spec JSON: whether the flavor has an extra spec that is written so.
has_spec() {
  case ${flavor#*'"properties": '} in *"$1"[,\}]*) return 0 ;; esac
  return 1
}
{% endif %}

outcome='as it should be'
# The list tells whether it exists; that one flavor cannot be shown may have many reasons.
names=$(openstack flavor list --all -f value -c Name)
if printf '%s\n' "$names" | grep -Fxq -e "$name"; then
  [ "$(openstack flavor show -f value -c name -- "$name")" = "$name" ] || stop 'another flavor has this as its id'
  flavor=$(openstack flavor show -f json --noindent -- "$name")
  fixed vcpus {{ vcpus }}
  fixed ram {{ ram }}
  fixed disk {{ disk }}
  fixed OS-FLV-EXT-DATA:ephemeral {{ ephemeral }}
{% if swap == 0 %}
  fixed swap 0 '""'
{% else %}
  fixed swap {{ swap }}
{% endif %}
{% assign factor = rxtx_factor | append: "" %}
{% if factor contains "." %}
  fixed rxtx_factor {{ rxtx_factor }}
{% else %}
  fixed rxtx_factor {{ rxtx_factor }}.0
{% endif %}
{% if public and projects.size == 0 %}
  fixed os-flavor-access:is_public true
{% else %}
  fixed os-flavor-access:is_public false
{% endif %}
else
  set -- --vcpus {{ vcpus }} --ram {{ ram }} --disk {{ disk }}
{% if ephemeral > 0 %}
  set -- "$@" --ephemeral {{ ephemeral }}
{% endif %}
{% if swap > 0 %}
  set -- "$@" --swap {{ swap }}
{% endif %}
{% if rxtx_factor != 1 %}
  set -- "$@" --rxtx-factor {{ rxtx_factor }}
{% endif %}
{% if id %}
  set -- "$@" --id {{ id }}
{% endif %}
{% if public == false or projects.size > 0 %}
  set -- "$@" --private
{% endif %}
{% if description != blank %}
  set -- "$@" --description "$description"
{% endif %}
  openstack flavor create -f value -c id "$@" -- "$name" >/dev/null
  flavor='{}'
  outcome='made'
fi
{% if extra_specs.size > 0 or description != blank %}

# What the flavor lacks, in one call.
set --
{% for spec in extra_specs %}
has_spec {% quote json %}{{ spec.name }}: {{ spec.value }}{% endquote %} ||
  set -- "$@" --property {{ spec.name | append: "=" | append: spec.value }}
{% endfor %}
{% if description != blank %}
[ "$outcome" = made ] || [ "$(openstack flavor show -f value -c description -- "$name")" = "$description" ] ||
  set -- "$@" --description "$description"
{% endif %}
if [ $# -gt 0 ]; then
  openstack flavor set "$@" -- "$name"
  [ "$outcome" = made ] || outcome=changed
fi
{% endif %}
{% if projects.size > 0 %}

access=${flavor#*'"access_project_ids": '}
access=${access%%]*}
for project in {{ projects }}; do
  project_id=$(openstack project show -f value -c id -- "$project")
  case $access in
    *"\"$project_id\""*) ;;
    *)
      openstack flavor set --project "$project_id" -- "$name"
      [ "$outcome" = made ] || outcome=changed
      ;;
  esac
done
{% endif %}

printf '%s: %s\n' "$name" "$outcome"
