"""The packets of GDB's remote protocol, and what each does to a machine that stands. GDB manual, appendix E."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lab.debugging import description
from lab.debugging.frames import LONGEST
from lab.engines.debuggable import Halt, Probe, Resume, Why
from lab.errors import DeviceFault

_OK, _BAD, _NO_MEMORY, _NO_ROOM, _FIXED = b"OK", b"E16", b"E0e", b"E1c", b"E01"
_MOST = LONGEST // 2 - 64
"""Bytes of memory in one packet of hex digits."""

_WATCHES = {2: "watch", 3: "rwatch", 4: "awatch"}
_SIGNALS = {Why.ASKED: 2, Why.FAULT: 11, Why.FAILED: 11}
_TRAP = 5


class Parted(Exception):
    """GDB has detached."""


class Killed(KeyboardInterrupt):
    """GDB has ended the run, as Ctrl-C would."""


@dataclass(frozen=True)
class Goes:
    """The machine goes on like this; the reply is what it halts with."""

    how: Resume


Answer = bytes | Goes


class _Malformed(Exception):
    """No packet that GDB would send."""


@dataclass
class Commands:
    """Answers packets about the machine of `probe`, which stands because of `halt`.

    `monitor` answers what is typed behind `monitor`; what it answers with Resume.ABANDON ends the run.
    """

    probe: Probe
    monitor: Callable[[str], str | Resume]
    halt: Halt = field(default_factory=lambda: Halt(Why.ASKED))
    unacknowledged: bool = False
    _breakpoints: set[int] = field(default_factory=set)
    _watched: dict[tuple[int, int, int], None] = field(default_factory=dict)

    def answer(self, packet: bytes) -> Answer:
        """The reply to a packet; empty for one that is not known. Raises Parted, Killed."""
        try:
            text = packet.decode("latin-1")
            for pattern, method in _TABLE:
                if (found := pattern.fullmatch(text)) is not None:
                    return method(self, *found.groups())
        except (_Malformed, ValueError):
            return _BAD
        except DeviceFault:
            return _NO_MEMORY
        return b""

    def stopped(self) -> bytes:
        """Why the machine stands."""
        signal = _SIGNALS.get(self.halt.why, _TRAP)
        if self.halt.why not in (Why.LOAD, Why.STORE):
            return b"T%02xthread:1;" % signal
        kind = next((kind for kind, address, _ in self._watched if self._is_about(kind, address)), 2)
        return b"T%02x%s:%x;thread:1;" % (signal, _WATCHES[kind].encode(), self.halt.address)

    def move(self, probe: Probe) -> None:
        """Another machine, with the same breakpoints and watchpoints."""
        self.probe = probe
        for address in self._breakpoints:
            probe.break_at(address, True)
        for key in self._watched:
            self._watch(*key, True)

    def forget(self) -> None:
        """No breakpoints and watchpoints any more: nobody is there to remove them."""
        for address in self._breakpoints:
            self.probe.break_at(address, False)
        for kind, address, size in self._watched:
            self._watch(kind, address, size, False)
        self._breakpoints.clear()
        self._watched.clear()

    def _is_about(self, kind: int, address: int) -> bool:
        return address == self.halt.address and kind in ((3, 4) if self.halt.why is Why.LOAD else (2, 4))

    # Registers

    def _names(self) -> tuple[str, ...]:
        return description.registers(self.probe.core)

    def _hex(self, name: str) -> bytes:
        return self.probe.register(name).to_bytes(self.probe.registers[name] // 8, "little").hex().encode()

    def _set(self, name: str, digits: str) -> bool:
        data = _from_hex(digits)
        if len(data) != self.probe.registers[name] // 8:
            raise _Malformed
        value = int.from_bytes(data, "little")
        return value == self.probe.register(name) or self.probe.set_register(name, value)

    def _named(self, number: str) -> str:
        names, index = self._names(), _number(number)
        if index >= len(names):
            raise _Malformed
        return names[index]

    def read_registers(self) -> Answer:
        """`g`"""
        return b"".join(map(self._hex, self._names()))

    def write_registers(self, digits: str) -> Answer:
        """`G`"""
        at = 0
        for name in self._names():
            width = self.probe.registers[name] // 4
            if not self._set(name, digits[at : at + width]):
                return _FIXED
            at += width
        return _OK

    def read_register(self, number: str) -> Answer:
        """`p`"""
        return self._hex(self._named(number))

    def write_register(self, number: str, digits: str) -> Answer:
        """`P`"""
        return _OK if self._set(self._named(number), digits) else _FIXED

    # Memory

    def read_memory(self, address: str, size: str) -> Answer:
        """`m`: as much as there is room for in a packet."""
        return self.probe.read(_number(address), min(_number(size), _MOST)).hex().encode()

    def write_memory(self, address: str, size: str, digits: str) -> Answer:
        """`M`"""
        return self._write(address, size, _from_hex(digits))

    def write_bytes(self, address: str, size: str, data: str) -> Answer:
        """`X`"""
        return self._write(address, size, data.encode("latin-1"))

    def _write(self, address: str, size: str, data: bytes) -> Answer:
        if len(data) != _number(size):
            raise _Malformed
        self.probe.write(_number(address), data)
        return _OK

    # Breakpoints and watchpoints

    def insert(self, kind: str, address: str, size: str) -> Answer:
        """`Z`: kinds 0 and 1 are the same here, for no memory is patched."""
        at = _number(address)
        if int(kind) < 2:
            if not self.probe.break_at(at, True):
                return _NO_ROOM
            self._breakpoints.add(at)
            return _OK
        key = int(kind), at, _number(size)
        if not self._watch(*key, True):
            return _NO_ROOM
        self._watched[key] = None
        return _OK

    def remove(self, kind: str, address: str, size: str) -> Answer:
        """`z`"""
        at = _number(address)
        if int(kind) < 2:
            self.probe.break_at(at, False)
            self._breakpoints.discard(at)
            return _OK
        key = int(kind), at, _number(size)
        if key in self._watched:
            self._watch(*key, False)
            del self._watched[key]
        return _OK

    def _watch(self, kind: int, address: int, size: int, on: bool) -> bool:
        return self.probe.watch_data(address, size, loads=kind != 2, stores=kind != 3, on=on)

    # Going on

    def go(self, how: str, address: str | None = None) -> Answer:
        """`c`, `s` and their forms with a signal, which no firmware takes."""
        if address and not self.probe.set_register("pc", _number(address)):
            return _FIXED
        return Goes(Resume.STEP if how in "sS" else Resume.GO_ON)

    def go_threads(self, how: str) -> Answer:
        """`vCont`: of one thread the first action is what counts."""
        return self.go(how)

    def detach(self) -> Answer:
        """`D`"""
        raise Parted

    def kill(self) -> Answer:
        """`k`"""
        raise Killed

    # Questions

    def why(self) -> Answer:
        """`?`"""
        return self.stopped()

    def supported(self, _offered: str) -> Answer:
        """`qSupported`"""
        return b"PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;vContSupported+" % LONGEST

    def start_without_acknowledgements(self) -> Answer:
        """`QStartNoAckMode`"""
        self.unacknowledged = True
        return _OK

    def describe(self, offset: str, size: str) -> Answer:
        """`qXfer:features:read:target.xml`: a part, with `m` before it if more is to come, else `l`."""
        whole = description.target_xml(self.probe.core, self.probe.registers).encode()
        at, wanted = _number(offset), min(_number(size), LONGEST // 2)
        return (b"m" if at + wanted < len(whole) else b"l") + whole[at : at + wanted]

    def order(self, digits: str) -> Answer | Goes:
        """`qRcmd`: what was typed behind `monitor`."""
        said = self.monitor(_from_hex(digits).decode("utf-8", "replace").strip())
        return Goes(said) if isinstance(said, Resume) else said.encode().hex().encode()

    def ok(self) -> Answer:
        """Threads are chosen and found alive: there is one."""
        return _OK

    def actions(self) -> Answer:
        """`vCont?`"""
        return b"vCont;c;C;s;S"

    def attached(self) -> Answer:
        """`qAttached`: GDB leaves the machine alone when it quits."""
        return b"1"

    def first_threads(self) -> Answer:
        """`qfThreadInfo`"""
        return b"m1"

    def more_threads(self) -> Answer:
        """`qsThreadInfo`"""
        return b"l"

    def thread(self) -> Answer:
        """`qC`"""
        return b"QC1"


def _number(digits: str) -> int:
    """32 bits in hex. Raises _Malformed."""
    if len(digits) > 8:
        raise _Malformed
    return int(digits, 16)


def _from_hex(digits: str) -> bytes:
    if len(digits) % 2 or not re.fullmatch(r"[0-9a-fA-F]*", digits):
        raise _Malformed
    return bytes.fromhex(digits)


_HEX = "([0-9a-fA-F]+)"
_METHODS: dict[str, Callable[..., Answer]] = {
    r"\?": Commands.why,
    "g": Commands.read_registers,
    "G(.*)": Commands.write_registers,
    f"p{_HEX}": Commands.read_register,
    f"P{_HEX}=(.*)": Commands.write_register,
    f"m{_HEX},{_HEX}": Commands.read_memory,
    f"M{_HEX},{_HEX}:(.*)": Commands.write_memory,
    f"X{_HEX},{_HEX}:(.*)": Commands.write_bytes,
    f"Z([0-4]),{_HEX},{_HEX}(?:;.*)?": Commands.insert,
    f"z([0-4]),{_HEX},{_HEX}(?:;.*)?": Commands.remove,
    f"([cs]){_HEX}?": Commands.go,
    f"([CS])[0-9a-fA-F]{{2}}(?:;{_HEX})?": Commands.go,
    r"vCont;([cCsS])[^;]*(?:;.*)?": Commands.go_threads,
    r"vCont\?": Commands.actions,
    "D(?:;.*)?": Commands.detach,
    "k": Commands.kill,
    "vKill(?:;.*)?": Commands.kill,
    "qSupported(.*)": Commands.supported,
    "QStartNoAckMode": Commands.start_without_acknowledgements,
    f"qXfer:features:read:target\\.xml:{_HEX},{_HEX}": Commands.describe,
    "qRcmd,(.*)": Commands.order,
    "qC": Commands.thread,
    "qAttached(?:.*)": Commands.attached,
    "qfThreadInfo": Commands.first_threads,
    "qsThreadInfo": Commands.more_threads,
    "[HT].*": Commands.ok,
}
_TABLE = tuple((re.compile(pattern, re.DOTALL), method) for pattern, method in _METHODS.items())
