"""What oslo.config itself says about files. Reads one JSON document of jobs, prints one of answers.

A job: {"files": {name: base64}, "args": [...], "options": [[group, name, type, default]], "read": [[group, name]],
"environment": {}, "encoding": "utf-8" or "latin-1" (that of the locale the service would run in)}.
An answer: {"startup_error": class, "line": n} or {"values": [{"value"} or {"error"}], "sections": [[file, [section,
key, [value]]]]}. Integers are {"integer": "decimal"}.
"""

import base64
import functools
import json
import os
import re
import sys
import tempfile

from oslo_config import cfg

TYPES = {'integer': cfg.IntOpt, 'string': cfg.StrOpt, 'boolean': cfg.BoolOpt, 'list': cfg.ListOpt}


def plain(value):
    if isinstance(value, int) and not isinstance(value, bool):
        return {'integer': str(value)}
    return value


def default_of(kind, text):
    if text is None or kind == 'string':
        return text
    return {'integer': int, 'boolean': lambda word: word == 'True', 'list': lambda word: word.split(',')}[kind](text)


def dump(path):
    sections = {}
    cfg.ConfigParser(path, sections).parse()
    return [[section, key, values] for section, keys in sections.items() for key, values in keys.items()]


def answer(job):
    cfg.open = functools.partial(open, encoding=job.get('encoding', 'utf-8'))
    for name, content in job['files'].items():
        os.makedirs(os.path.dirname(name) or '.', exist_ok=True)
        with open(name, 'wb') as file:
            file.write(base64.b64decode(content))
    conf = cfg.ConfigOpts()
    for group, name, kind, default in job['options']:
        opt = TYPES[kind](name, default=default_of(kind, default))
        conf.register_opt(opt, group=None if group == 'DEFAULT' else group)
    os.environ.update(job.get('environment', {}))
    try:
        conf(job['args'], project='nova', prog='nova-compute', default_config_files=[], default_config_dirs=[])
        values = []
        for group, name in job['read']:
            try:
                holder = conf if group == 'DEFAULT' else getattr(conf, group)
                values.append({'value': plain(getattr(holder, name))})
            except Exception as error:
                values.append({'error': type(error).__name__})
        sections = [[name, dump(name)] for name in job['files']]
        return {'values': values, 'sections': sections}
    except Exception as error:
        line = re.search(r':(\d+),', str(error))
        return {'startup_error': type(error).__name__, 'line': int(line.group(1)) if line else None}
    finally:
        for name in job.get('environment', {}):
            del os.environ[name]
        for name in job['files']:
            os.remove(name)


def main():
    with tempfile.TemporaryDirectory() as folder:
        jobs = json.load(sys.stdin)
        os.chdir(folder)
        json.dump([answer(job) for job in jobs], sys.stdout)
        os.chdir('/')


main()
