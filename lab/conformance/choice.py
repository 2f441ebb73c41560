"""Which firmwares were asked for."""

from __future__ import annotations

from collections.abc import Collection

from lab.errors import UnknownName


class Choice:
    """The firmwares of those names: a probe, a workload, or `workload recording`. All of them where none is named."""

    def __init__(self, names: Collection[str] = ()) -> None:
        self._names = names
        self._met: set[str] = set()

    def __contains__(self, name: str) -> bool:
        words = {name, name.partition(" ")[0]}
        self._met |= words
        return not self._names or not words.isdisjoint(self._names)

    def check(self) -> None:
        """Raises UnknownName for a name that none of those asked about had."""
        for name in self._names:
            if name not in self._met:
                raise UnknownName("probe", name, {known for known in self._met if " " not in known})
