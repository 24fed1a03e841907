/** The files of a template that somebody begins: it can be rendered and tested at once. */
export function newTemplateFiles(name: string): readonly {readonly path: string; readonly text: string}[] {
  return [
    {path: 'template.yaml', text: description(name)},
    {path: 'settings.conf', text: SETTINGS},
  ];
}

function description(name: string): string {
  return `# What this template is for, what it asks for, and what it makes. How it is written:
# docs/templates.md. Look at it with "reprieve template test ${name}".
title: Settings for ${name}
tool: ${name}
group: Ours
purpose: |
  One or two sentences for the person who picks it.
usage: |
  cp settings.conf /etc/nova/nova.conf.d/90-{{ purpose_of_file }}.conf

values:
  interval:
    type: interval
    help: how long a deleted server can be had back
    default: 7d
    least: 0
    from: plan.interval
  purpose_of_file:
    type: text
    help: the end of the file's name
    default: delayed-delete
    pattern: '[a-z-]+'

files:
  - path: settings.conf

examples:
  a-week:
    interval: 7d
  two-hours:
    interval: 2h
    purpose_of_file: short
  no-delay:
    interval: 0
`;
}

const SETTINGS = `[DEFAULT]
{% if interval > 0 %}
# Deleted servers are kept for so many seconds.
{% else %}
# Delayed delete is off.
{% endif %}
reclaim_instance_interval = {{ interval }}
`;
