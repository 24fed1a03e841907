/** Configuration files of a node, in the manner of Debian's packages: every option with its help, commented out. */

/** How `reclaim_instance_interval` stands in a nova.conf: undefined leaves the commented default alone. */
export type WrittenInterval = string | undefined;

const section = (
  name: string,
  options: readonly (readonly [string, string, string])[],
): readonly string[] => [
  '',
  `[${name}]`,
  ...options.flatMap(([option, value, help]) => ['', ...wrap(help), `#${option} = ${value}`]),
];

function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 76) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** The nova.conf that all services of a node read. */
export function novaConf(interval: WrittenInterval, hasCinder: boolean): string {
  return [
    '[DEFAULT]',
    '',
    '#',
    '# From nova.conf',
    '#',
    '',
    ...wrap('The driver of the virtualisation on this host. (string value)'),
    '#compute_driver = <None>',
    '',
    ...wrap('How many seconds a service waits between two reports of its state. (integer value)'),
    '#report_interval = 10',
    '',
    ...wrap('After so many seconds without a report a service counts as down. (integer value)'),
    '#service_down_time = 60',
    '',
    ...wrap(
      'How long a deleted server is kept, in seconds. A positive number makes a delete a soft delete; 0 destroys at once. Set it alike for nova-api and for nova-compute, and restart both. (integer value)',
    ),
    ...(interval === undefined
      ? ['#reclaim_instance_interval = 0']
      : [`reclaim_instance_interval =${interval === '' ? '' : ` ${interval}`}`]),
    '',
    ...wrap('What is done with guests that run though their server was deleted. (string value)'),
    '# Possible values:',
    '# noop - keep them running',
    '# log - write a line about each',
    '# reap - shut them down and remove them',
    '#running_deleted_instance_action = reap',
    '',
    ...wrap('Whether guests are started again when the host comes up. (boolean value)'),
    '#resume_guests_state_on_host_boot = false',
    '',
    'state_path = /var/lib/nova',
    'lock_path = /var/lock/nova',
    'log_dir = /var/log/nova',
    'transport_url = rabbit://nova:demo-secret@mq.demo:5672/',
    ...section('api', [
      ['auth_strategy', 'keystone', 'How users prove who they are. (string value)'],
      ['max_limit', '1000', 'The longest page of a listing. (integer value)'],
    ]),
    ...section('api_database', [
      ['connection', '<None>', 'Where the database of the API is. (string value)'],
    ]),
    '',
    '[cinder]',
    ...(hasCinder
      ? [
          '',
          'auth_type = password',
          'auth_url = http://keystone.demo:5000/v3',
          'username = nova',
          'password = demo-secret',
          'project_name = service',
          'user_domain_name = Default',
          'project_domain_name = Default',
        ]
      : ['', '#auth_type = <None>']),
    ...section('compute', [
      [
        'max_concurrent_disk_ops',
        '0',
        'How many large copies run at a time; 0 is any number. (integer value)',
      ],
      [
        'resource_provider_association_refresh',
        '300',
        'Seconds between two looks at Placement. (integer value)',
      ],
    ]),
    ...section('conductor', [['workers', '<None>', 'How many workers the conductor has. (integer value)']]),
    ...section('keystone_authtoken', [
      ['www_authenticate_uri', '<None>', 'The public address of Keystone. (string value)'],
    ]),
    ...section('libvirt', [['virt_type', 'kvm', 'Which kind of guests libvirt runs. (string value)']]),
    ...section('neutron', [['region_name', '<None>', 'The region of the network service. (string value)']]),
    ...section('placement', [['region_name', '<None>', 'The region of Placement. (string value)']]),
    ...section('quota', [
      ['instances', '10', 'How many servers a project may have. (integer value)'],
      ['cores', '20', 'How many virtual processors a project may have. (integer value)'],
    ]),
    ...section('scheduler', [['workers', '<None>', 'How many workers the scheduler has. (integer value)']]),
    ...section('vnc', [['enabled', 'true', 'Whether guests have a console over VNC. (boolean value)']]),
    '',
  ].join('\n');
}

/** What Debian's nova-compute reads besides. */
export const NOVA_COMPUTE_CONF = `[DEFAULT]
compute_driver=libvirt.LibvirtDriver
[libvirt]
virt_type=kvm
`;
