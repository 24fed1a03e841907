"""One option in the files of oslo.config: found as a service finds it, set without touching another byte.

The rules are those of oslo_config/iniparser.py and oslo_config/cfg.py. A file is a str that was read as UTF-8 with
its line ends as they are.
"""

import re

LINE = re.compile(r'([^\r\n]*)(\r\n|\n|\r|$)')
SECTION = 'DEFAULT'


class Refused(Exception):
    """oslo.config would not take the file, or nothing can be written to it."""


class Line(object):
    def __init__(self, number, start, text, end):
        self.number, self.start, self.text, self.end = number, start, text, end

    @property
    def stop(self):
        """Where the next line begins."""
        return self.start + len(self.text) + len(self.end)


class Assignment(object):
    """A value with its continuation lines. `start` and `stop` are those of the value in its first line."""

    def __init__(self, first, separator, start, stop, value):
        self.first = self.last = first
        self.separator, self.start, self.stop = separator, start, stop
        quoted = value[:1] in ('"', "'") and value[-1] == value[0]
        self.values = [value[1:-1] if quoted else value]

    @property
    def raw(self):
        return '\n'.join(self.values)


class OsloFile(object):
    """What a file says about one option of [DEFAULT]."""

    def __init__(self, path, text, option):
        self.path, self.text, self.option = path, text, option
        self.header = None
        self.commented = None
        self.assignments = []
        self._read()

    def _read(self):
        section = current = None
        shown = re.compile(r'[#;][ \t]?%s[ \t]*[=:][ \t]*\S*[ \t]*\Z' % re.escape(self.option))
        for line in lines_of(self.text):
            text = line.text.rstrip()
            if line.text[:1] in ('#', ';') or text == '':
                current = None
                if section == SECTION and self.commented is None and shown.match(line.text):
                    self.commented = line
            elif text[0] in ' \t':
                if current is None:
                    raise self._refused(line, 'it is indented, and there is no value to continue')
                current.values.append(text.lstrip())
                current.last = line
            elif text[0] == '[':
                current = None
                if not text.endswith(']') or len(text) < 3:
                    raise self._refused(line, 'it begins a section and has no name in brackets')
                section = text[1:-1]
                if section == SECTION and self.header is None:
                    self.header = line
            else:
                current = self._assignment(line, text, section)

    def _assignment(self, line, text, section):
        found = re.search('[=:]', text)
        if found is None or text[: found.start()].strip() == '' or section is None:
            raise self._refused(line, 'it is no "name = value" below a section')
        rest = text[found.end() :]
        separator = line.start + found.end()
        start = separator + len(rest) - len(rest.lstrip())
        made = Assignment(line, separator, start, start + len(rest.strip()), rest.strip())
        if section == SECTION and text[: found.start()].strip() == self.option:
            self.assignments.append(made)
        return made

    def _refused(self, line, reason):
        return Refused('%s, line %d: %s; the service would not start with it' % (self.path, line.number, reason))

    def with_value(self, value):
        """The text of the file with the option set, where nothing else in the file decides."""
        setting = '%s = %s' % (self.option, value)
        if self.assignments:
            last = self.assignments[-1]
            if last.first is not last.last:
                return self._below(last.last, setting)
            if last.start < last.stop:
                return self.text[: last.start] + value + self.text[last.stop :]
            blank = ' ' if self.text[last.separator - 2] in ' \t' else ''
            return self.text[: last.separator] + blank + value + self.text[last.separator :]
        anchor = self.commented or self.header
        if anchor is not None:
            return self._below(anchor, setting)
        end = self._line_end()
        if self.text == '' or self.text[-1] in '\r\n':
            return '%s[%s]%s%s%s' % (self.text, SECTION, end, setting, end)
        return '%s%s[%s]%s%s' % (self.text, end, SECTION, end, setting)

    def _below(self, line, setting):
        added = setting + line.end if line.end else self._line_end() + setting
        return self.text[: line.stop] + added + self.text[line.stop :]

    def _line_end(self):
        first = re.search('\r\n|\n|\r', self.text)
        return first.group() if first else '\n'


def lines_of(text):
    number = 0
    for match in LINE.finditer(text):
        if match.group() != '':
            number += 1
            yield Line(number, match.start(), match.group(1), match.group(2))


def deciding(files):
    """The file whose value counts, and that value as it is written; the file to write to and None where none has it."""
    for one in reversed(files):
        if one.assignments:
            return one, one.assignments[-1].raw
    for one in files:
        if one.commented is not None:
            return one, None
    for one in files:
        if one.header is not None:
            return one, None
    return files[0], None


def integer(raw):
    """What a service gets; None where it gets nothing, or an error as soon as it looks."""
    try:
        return int(raw)
    except (TypeError, ValueError):
        return None
