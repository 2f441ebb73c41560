"""What can go wrong with a Renode, before anybody knows what it means for the firmware."""

from __future__ import annotations


class Trouble(Exception):
    """Renode gave no answer that can be used; the message completes the sentence "Renode ..."."""

    last_words = ""
    """The last lines that Renode printed and logged, where its process is gone already."""


class Gone(Trouble):
    """Its process has ended, or its answer is not understood: nothing can be expected of it any more."""


class Silent(Trouble):
    """No answer within the host's time limit."""


class Refused(Trouble):
    """It answered with an error; the message has its own words."""


class Restarted(Trouble):
    """The firmware reset the board, so that counts and times began anew."""


class Aborted(Trouble):
    """Its core gave up, and the run will never return; `pc` is where."""

    def __init__(self, message: str, pc: int) -> None:
        super().__init__(message)
        self.pc = pc
