"""The suite that an exported folder is run by: a test for each recording, in Renode's own keywords."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lab import places

_RESOURCE = Path("robot_tests", "renode", "device.resource")

_HEAD = """\
*** Settings ***
Documentation    Does the firmware of {workload} boot, and report of each recording what it should? Written by
...              ``lab export`` for people who have Renode and no lab: ``renode-test {stem}.robot``.
...              Without Renode: ``lab test {stem}.robot``.

Variables        {stem}.json
Resource         {resource}

Test Timeout     5 minutes


*** Test Cases ***
"""
_TEST = """\
Decides {title}
    Firmware Should Decide As The Host    {label}

"""
_COUNTING = """\
Executes What The Lab Counted
    [Documentation]    The built-in engine of the lab counted the instructions, boot and decision included.
    Firmware Should Execute What Was Counted
"""


def resource() -> Path:
    """The keywords that the suites have in common: the project's, else those that ship."""
    files = [folder / _RESOURCE for folder in (places.project(), places.shipped())]
    return next((file for file in files if file.is_file()), files[-1])


def text(workload: str, stem: str, labels: Iterable[str]) -> str:
    """A suite with a test for each of the labels, beside `<stem>.json` with what the device should report."""
    tests = (_TEST.format(title=label.replace("_", " ").title(), label=label) for label in labels)
    return _HEAD.format(workload=workload, stem=stem, resource=_RESOURCE.name) + "".join(tests) + _COUNTING
