"""Names of an adapter as addresses in the firmware: as the linker knows them, or as C++ writes them."""

from __future__ import annotations

from lab.building.demangling import demangled
from lab.errors import ConfigurationError, UnknownName
from lab.image import Image, Symbol
from lab.measuring.foreign.adapter import RETURN, Adapter, Measure
from lab.measuring.foreign.calls import returns_of


class Symbols:
    """The symbols of one image by what an adapter calls them; `prefix` is that of the toolchain."""

    def __init__(self, firmware: Image, adapter: Adapter, prefix: str) -> None:
        self._firmware = firmware
        self._adapter = adapter
        self._prefix = prefix

    def find(self, name: str, *key: str) -> Symbol:
        """The symbol that the adapter names at `key`. Raises UnknownName that says where."""
        symbols = {symbol.name: symbol for symbol in self._firmware.symbols}
        if name in symbols:
            return symbols[name]
        written = demangled(list(symbols), self._prefix)
        readable = dict(zip(written, symbols.values(), strict=True))
        without_arguments = {long.partition("(")[0]: symbol for long, symbol in readable.items()}
        try:
            return readable.get(name) or without_arguments[name]
        except KeyError:
            file = self._firmware.path.name
            unknown = UnknownName(
                f"symbol of {file}", name, {*symbols, *without_arguments}, where=self._adapter.place(*key)
            )
            unknown.remedy = (
                f"It has {len(symbols):,} symbols; {self._prefix}nm -C {file} lists them."
                if symbols
                else "It has no symbols at all: bring the ELF, not stripped."
            )
            raise unknown from None

    def span(self, measure: Measure) -> tuple[int, list[int]]:
        """Where counting begins, and the addresses at which it ends. Raises UnknownName and ConfigurationError."""
        begin = self.find(measure.begin, "measure", "begin").address
        if measure.end != RETURN:
            return begin, [self.find(measure.end, "measure", "end").address]
        behind = returns_of(self._firmware, begin)
        if not behind:
            raise ConfigurationError(
                f"{self._adapter.place('measure', 'begin')}: nothing in {self._firmware.path.name} calls "
                f"{measure.begin} by its address, so it is not known where it returns to.",
                remedy="Name as `end` the function that is called next.",
                code="no-caller",
            )
        return begin, behind
