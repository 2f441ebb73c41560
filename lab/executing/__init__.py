"""Executing: playing is handed to an executor, which has as many boards as it likes, wherever these are.

What travels to it and back are values: a set-up, of which a board is made, the items that are played to it, and an
outcome for each. `processes` has those of this machine; another executor needs the one method of `Executor`.
"""

from lab.executing._playing import Gathered, gathered, play
from lab.executing._processes import kept, processes, suitable
from lab.executing._work import Executor, Listener, Setup

__all__ = ["Executor", "Gathered", "Listener", "Setup", "gathered", "kept", "play", "processes", "suitable"]
