"""What makes a suite for `renode-test` run on the built-in engine without a change in it."""

from __future__ import annotations

from pathlib import Path

from robot.api import SuiteVisitor
from robot.running import TestSuite

RESOURCE = Path(__file__).with_name("renode-keywords.resource")


class OnBuiltinEngine(SuiteVisitor):  # type: ignore[misc]  # Robot Framework carries no types
    """Gives suites what `renode-test` gives them: its keywords, and set-ups and teardowns where they have none.

    For Robot's option --prerunmodifier.
    """

    def start_suite(self, suite: TestSuite) -> None:
        """Called by Robot for each suite before it runs."""
        if not suite.tests:
            return
        suite.resource.imports.create(type="Resource", name=RESOURCE.as_posix())
        suite.resource.variables.create(name="${RENODEKEYWORDS}", value=(RESOURCE.as_posix(),))
        if not suite.setup:
            suite.setup.config(name="Setup")
        if not suite.teardown:
            suite.teardown.config(name="Teardown")
        for test in suite.tests:
            if not test.setup:
                test.setup.config(name="Reset Emulation")
            if not test.teardown:
                test.teardown.config(name="Test Teardown")
