"""Verdict: a measurement against the limits of its workload, as the result that everything else shows.

`judge` is the way in; `result` has the shape of `result.json`, `checks` the one implementation of each limit.
"""
