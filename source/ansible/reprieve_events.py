# Tells what a playbook does, for the program that started it: one JSON object a line on stdout. It lies in
# callback_plugins beside the playbook. Needed: ansible-core alone. Results stay here, but for the message of what
# failed: they may hold what is in files. What a task hides (no_log) Ansible has taken out before.
from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: reprieve_events
type: stdout
short_description: one JSON object a line
description:
  - Tells what happens to which host, for the program that started the playbook.
"""

# What is longer is no message.
MOST_CHARACTERS = 1000


def part(owner, name):
    """An attribute that newer releases name without the underscore."""
    found = getattr(owner, "_" + name, None) if not hasattr(type(owner), name) else None
    return found if found is not None else getattr(owner, name)


def words(value):
    """A message as one text; anything but a text or a number is left out."""
    if isinstance(value, (list, tuple)):
        return " ".join(words(one) for one in value)
    return str(value)[:MOST_CHARACTERS] if isinstance(value, (str, int, float)) else ""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "reprieve_events"

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        # Messages of the items of a loop, by host and task: the loop as a whole only says that some failed.
        self._items = {}

    def _tell(self, event, **fields):
        text = json.dumps({"reprieve": 1, "event": event, **fields})
        try:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        except OSError:
            # Nobody listens any more: end as by Ctrl-C.
            os.kill(os.getpid(), signal.SIGINT)

    def _task(self, task):
        # A role's name stands before its tasks.
        return {"task": words(task.get_name()), "action": words(task.action)}

    def _result(self, event, result, **fields):
        self._tell(event, host=part(result, "host").get_name(), **self._task(part(result, "task")), **fields)

    def _message(self, result):
        found = part(result, "result")
        if "censored" in found:
            return "its output is hidden (no_log)"
        text = words(found.get("msg", ""))
        item = self._items.get(self._key(result))
        if "results" in found and item:
            text = item
        code = found.get("rc")
        return "%s (exit code %s)" % (text, code) if isinstance(code, int) and code != 0 else text

    def _key(self, result):
        return (part(result, "host").get_name(), part(result, "task")._uuid)

    def v2_playbook_on_start(self, playbook):
        self._tell("start")
        threading.Thread(target=self._watch_starter, daemon=True).start()

    def _watch_starter(self):
        """Who started it holds the other end of stdin for as long as it lives."""
        try:
            while os.read(0, 1024):
                pass
        except OSError:
            return
        # Python loses one that arrives while it forks.
        while True:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(2)

    def v2_runner_on_start(self, host, task):
        self._tell("begin", host=host.get_name(), **self._task(task))

    def v2_runner_on_ok(self, result):
        has_changed = bool(part(result, "result").get("changed", False))
        self._result("changed" if has_changed else "ok", result)

    def v2_runner_on_skipped(self, result):
        self._result("skipped", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._result("ignored" if ignore_errors else "failed", result, message=self._message(result))

    def v2_runner_on_unreachable(self, result):
        self._result("unreachable", result, message=self._message(result))

    def v2_runner_item_on_failed(self, result):
        message = self._message(result)
        if message:
            self._items[self._key(result)] = message

    def v2_playbook_on_stats(self, stats):
        hosts = {}
        for host in sorted(stats.processed):
            counts = stats.summarize(host)
            hosts[host] = {name: counts[name] for name in ("failures", "unreachable")}
        self._tell("stats", hosts=hosts)
