"""Whether two engines do the same, event by event: probe firmwares and the lab's own run on both.

Engines are used through `lab.engines.machine` alone.
"""
