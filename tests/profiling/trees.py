"""Call trees made by hand."""

from __future__ import annotations

from lab.profiling.cost import Cost
from lab.profiling.frame import Frame
from lab.profiling.operators import CALLERS


def function(name, instructions=0, *below, calls=1, site=0, kind="function"):
    return Frame(name, name, kind, calls, Cost(instructions, 2 * instructions), below, site)


def handler(name, *below):
    return function(name, 0, *below, kind="handler")


def section(*below):
    return function("1", 0, *below, calls=0, kind="section")


def interpreter(*below):
    return function(CALLERS[0], 10, *below)
