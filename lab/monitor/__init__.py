"""Renode's monitor, as far as scripts of the lab's boards and their suites use it, on the built-in engine.

The same `.resc` runs in Renode and here. A command that is not here, or a setting that the built-in engine does not
follow, ends in a ConfigurationError with file and line, which says what there is.
"""

from lab.monitor.monitor import Monitor

__all__ = ["Monitor"]
