"""Speed of the lab, as ratios within one run: `python -m benchmarks`. Never part of a test's verdict."""
