"""A training's progress that nobody looks at."""

from __future__ import annotations


class Silent:
    def stage(self, _name, _total):
        return lambda _note: None
