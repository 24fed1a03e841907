"""Sets reclaim_instance_interval where the running service reads it, and tells whether it must be restarted."""

import os
import re
import tempfile
import time

from ansible.module_utils.basic import AnsibleModule

try:
    from ansible.module_utils.oslo_file import OsloFile, Refused, deciding, integer
except ImportError:  # Where it is read without Ansible, as by a test.
    from oslo_file import OsloFile, Refused, deciding, integer

OPTION = 'reclaim_instance_interval'
VARIABLE = 'OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL'
PLACES = ('/etc/nova', '/etc')


def find_unit(module, units):
    """The first unit that is active, else the first that there is."""
    loaded = []
    names = ['LoadState', 'ActiveState', 'MainPID', 'NRestarts']
    for unit in units:
        command = ['systemctl', 'show', unit] + ['--property=' + name for name in names]
        answer = module.run_command(command, check_rc=True)[1]
        shown = dict(line.split('=', 1) for line in answer.splitlines() if '=' in line)
        if shown.get('LoadState') == 'loaded':
            loaded.append((unit, shown))
    for unit, shown in loaded:
        if shown['ActiveState'] == 'active':
            return unit, shown
    if loaded:
        return loaded[0]
    module.fail_json(msg='none of the units %s is there; name the right one in delayed_delete_units' % ', '.join(units))


def process_of(pid):
    """Words of its command line, its environment, and its age in seconds."""
    with open('/proc/%s/cmdline' % pid, 'rb') as file:
        words = [word.decode('utf-8', 'replace') for word in file.read().split(b'\0')]
    with open('/proc/%s/environ' % pid, 'rb') as file:
        entries = [entry.decode('utf-8', 'replace') for entry in file.read().split(b'\0') if b'=' in entry]
    with open('/proc/%s/stat' % pid) as file:
        # The name of the program, in brackets, may hold blanks.
        started = int(file.read().rsplit(')', 1)[1].split()[19])
    with open('/proc/uptime') as file:
        uptime = float(file.read().split()[0])
    return words, dict(entry.split('=', 1) for entry in entries), uptime - started / float(os.sysconf('SC_CLK_TCK'))


def named_in(words, flag):
    found = []
    for index, word in enumerate(words):
        if word == flag and index + 1 < len(words):
            found.append(words[index + 1])
        elif word.startswith(flag + '='):
            found.append(word[len(flag) + 1 :])
    return found


def inside(folders):
    """Files of configuration folders, as oslo.config takes them."""
    found = []
    for folder in folders:
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        paths = [os.path.join(folder, name) for name in names if name.endswith('.conf') and not name.startswith('.')]
        found += [path for path in paths if os.path.isfile(path)]
    return found


def first_of(name):
    return [path for path in (os.path.join(place, name) for place in PLACES) if os.path.exists(path)][:1]


def files_read(program, words, environment):
    """What the service reads, in order: the later wins. `program` is nova-compute, or nova-api."""
    names = ['nova'] + ([program] if program else [])
    folders = [folder for name in names for folder in first_of(name + '.conf.d')]
    explicit = named_in(words, '--config-file')
    named_folders = named_in(words, '--config-dir')
    if explicit:
        # The folders that nobody has named come before named files.
        return explicit + inside(named_folders) if named_folders else inside(folders) + explicit
    wsgi = environment.get('OS_NOVA_CONFIG_FILES')
    if wsgi is not None:
        folder = environment.get('OS_NOVA_CONFIG_DIR', '/etc/nova')
        files = [os.path.join(folder, name) for name in wsgi.split(';') if name and not name.endswith('.ini')]
    else:
        files = [path for name in names for path in first_of(name + '.conf')]
    return files + inside(named_folders or folders)


def read_files(paths):
    files = []
    for path in paths:
        try:
            with open(path, 'rb') as file:
                files.append(OsloFile(path, file.read().decode('utf-8'), OPTION))
        except UnicodeDecodeError:
            raise Refused('%s is not UTF-8; the service would not start with it' % path)
        except (IOError, OSError) as error:
            raise Refused('%s cannot be read: %s' % (path, error.strerror))
    return files


def write(module, path, text, backup):
    """In one step, with its owner, mode and label; what was there is kept beside it."""
    real = os.path.realpath(path)
    if os.stat(real).st_nlink > 1:
        raise Refused('%s has a second name (hard link), which would keep the old value' % real)
    module.preserved_copy(real, backup)
    handle, temporary = tempfile.mkstemp(dir=module.tmpdir)
    with os.fdopen(handle, 'wb') as file:
        file.write(text.encode('utf-8'))
        file.flush()
        os.fsync(file.fileno())
    module.atomic_move(temporary, real)


def line_of(files):
    _, raw = deciding(files)
    return '' if raw is None else '%s = %s\n' % (OPTION, raw)


def set_interval(module):
    params = module.params
    unit, shown = find_unit(module, params['units'])
    words, environment, age = [], {}, None
    if shown.get('MainPID', '0') != '0':
        words, environment, age = process_of(shown['MainPID'])
    if VARIABLE in environment:
        raise Refused('%s in the environment of %s beats every file; take it out of the unit' % (VARIABLE, unit))
    program = 'nova-compute' if params['role'] == 'compute' else 'nova-api'
    paths = params['files'] or files_read(program, words, environment)
    if not paths:
        raise Refused('no configuration of Nova was found; name its files in delayed_delete_files')
    files = read_files(paths)
    target, raw = deciding(files)
    value = str(params['value'])
    before = 0 if raw is None else integer(raw)
    backup = os.path.join(os.path.dirname(os.path.realpath(target.path)), '.%s.before-delayed-delete' % os.path.basename(target.path))
    result = {'changed': before != params['value'], 'unit': unit, 'file': target.path, 'files': paths, 'backup': backup}
    result.update(differs=result['changed'], before=before, written=raw, restarts=shown.get('NRestarts', ''), pid=shown.get('MainPID', '0'))
    if result['changed']:
        edited = OsloFile(target.path, target.with_value(value), OPTION)
        after = [edited if one is target else one for one in files]
        if integer(deciding(after)[1]) != params['value']:
            raise Refused('%s would not decide' % target.path)
        result['diff'] = {'before_header': target.path, 'after_header': target.path}
        result['diff'].update(before=line_of(files), after=line_of(after))
        if not module.check_mode:
            write(module, target.path, edited.text, backup)
    # Ages, not times: a process knows no clock that a file's time could be compared with.
    newest = min(time.time() - max(seen.st_mtime, seen.st_ctime) for seen in (os.stat(path) for path in paths))
    result['restart_needed'] = result['changed'] or age is None or newest < age
    return result


def main():
    module = AnsibleModule(
        argument_spec={
            'role': {'type': 'str', 'required': True, 'choices': ['compute', 'api']},
            'value': {'type': 'int', 'required': True},
            'units': {'type': 'list', 'elements': 'str', 'required': True},
            'files': {'type': 'list', 'elements': 'str', 'default': []},
        },
        supports_check_mode=True,
    )
    if not all(re.match(r'[\w@:.\\-]+\Z', unit) for unit in module.params['units']):
        module.fail_json(msg='delayed_delete_units holds what cannot be the name of a unit')
    try:
        module.exit_json(**set_interval(module))
    except Refused as refused:
        module.fail_json(msg=str(refused))


if __name__ == '__main__':
    main()
