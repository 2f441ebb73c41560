"""`timeline.html`: what happened to a board and what it made of it, on one time axis, to zoom into and listen to.

`lanes` says what a timeline has; `of_replay` makes it of a replay. `page` and `chrome_trace` write it.
"""
