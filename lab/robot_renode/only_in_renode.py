"""Keywords of Renode that the built-in engine has not: each says so, instead of being unknown."""

from __future__ import annotations

from collections.abc import Callable

from robot.api import Failure

_NAMES = """
Assert Led Duty Cycle, Assert Led Is Blinking, Clear Cached Log, Clear Log Tester History, Close GUI, Create CAN Tester,
Create Log Tester, Create Network Interface Tester, Enable Logging To Cache, Execute Python, Handle Hot Spot,
Log To File, Open GUI, Register Failing Log String, Run Until Breakpoint, Save Cached Log, Send Frame,
Set Default CAN Timeout, Should Not Be In Log, Stop Remote Server, Unregister Failing Log String,
Wait For Bytes On Uart, Wait For Frame With Id, Wait For Gdb Connection, Wait For Lines On Uart, Wait For Log Entry,
Wait For Outgoing Packet, Wait For Pause, Write Char Delay
"""


class OnlyInRenode:
    """Names from Renode's `src/Renode/RobotFrameworkEngine`."""

    ROBOT_LIBRARY_SCOPE = "GLOBAL"

    def get_keyword_names(self) -> list[str]:
        """For Robot, which then asks for an attribute of each name."""
        return [name.strip() for name in _NAMES.split(",")]

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name not in self.get_keyword_names():
            raise AttributeError(name)

        def fail(*_arguments: object, **_named: object) -> None:
            raise Failure(
                f"`{name}` is a keyword of Renode that the built-in engine does not have.\n"
                "docs/renode-suites.md lists those that it has; run this suite with renode-test."
            )

        return fail
