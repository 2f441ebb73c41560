"""`python fake_run.py OUTCOME SCRIPT`: the script, with `tests.fake_measuring` in the place of measuring."""

import runpy
import sys

import lab.measuring
from tests.fake_measuring import measure_with

if __name__ == "__main__":
    _, outcome, script = sys.argv
    lab.measuring.measure = measure_with(outcome)
    lab.measuring.build_ahead = lambda *_: None
    sys.argv = [script]
    runpy.run_path(script, run_name="__main__")
