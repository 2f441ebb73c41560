"""An adapter for a firmware that nobody has described: written from what it prints while recordings are played."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from lab.booting.boot import BootOnlooker
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.machine import BuiltinMachine
from lab.errors import DeviceSilent, shortened
from lab.executing import Executor
from lab.image import Image
from lab.images import read
from lab.output import one_line
from lab.recordings.recording import Recording
from lab.target import Target
from lab.toml_lines import quoted
from lab.workload import Workload

_NS = 10**9
_BOOT_S = 2.0
_AFTER_S = 3.0
"""Of silence behind a recording, in which a firmware may still answer."""
_MARGIN_S = 0.5
_INVOKE = "_ZN6tflite16MicroInterpreter6InvokeEv"
_OF_LIBRARY = "device_lab: "
"""Begins each line that firmware/device_lab prints."""
_LIBRARYS_MARKS = ("device_lab_inference_begins", "device_lab_inference_ends")
_WITH_SCORES = re.compile(rf"{_OF_LIBRARY}result \w+ scores( -?\d+)+", re.ASCII)
_LIBRARYS_SCORES = rf"^{_OF_LIBRARY}result (?P<label>\w+) scores(?P<scores>[- \d]+)"
_BOOT_SHOWN, _ANSWERS_SHOWN = 5, 15
_LEAST_RIGHT = 0.3
"""Of the lines of a pattern: one that has the same word whatever is played tells nothing."""


@dataclass(frozen=True)
class Answered:
    """A line that came while the recording of that number was played, so many nanoseconds after its beginning."""

    label: str
    line: str
    after_ns: int
    recording: int = 0


@dataclass(frozen=True)
class Seen:
    """What a firmware printed at boot, and then of recordings of the labels that were `played`."""

    boot: tuple[str, ...]
    answers: tuple[Answered, ...]
    played: tuple[str, ...]
    port: str | None = None
    """The one that spoke, None for the board's UART."""


@dataclass(frozen=True)
class LabelledRecording:
    """A recording with its label, and its number among those that are played."""

    number: int
    label: str
    recording: Recording


@dataclass(frozen=True)
class _Setup:
    """A board with a firmware, of which lines are taken from that port; None for the board's UART, or who speaks."""

    file: Path
    address: int | None
    board: Target
    workload: Workload
    port: str | None = None

    def listener(self) -> _Listener:
        """A booted board."""
        return _Listener(self)


class _Listener:
    """A booted board, to which recordings are played one by one, each as it was at boot. Close it when done."""

    def __init__(self, setup: _Setup) -> None:
        self._setup = setup
        self._image = read(setup.file, setup.address)
        self._heard = BootOnlooker(lambda _port, _data: None, wants_accesses=False)
        self._machine = BuiltinEngine().machine(setup.board, onlooker=self._heard)
        try:
            self._boot(setup.port)
        except BaseException:
            self.close()
            raise

    def _boot(self, port: str | None) -> None:
        self.boot, self.port = _booted(self._machine, self._image, self._setup.board, self._heard, port)
        self._booted = self._machine.snapshot()

    def hear(self, played: LabelledRecording) -> tuple[Answered, ...]:
        """The lines that came. Where nothing has come at all and another port spoke, that one is listened to."""
        answers = self._answers(played)
        other = None if self.boot or answers else _other_port(self._setup.board, self._heard)
        if other in (None, self.port):
            return answers
        self._boot(other)
        return self._answers(played)

    def _answers(self, played: LabelledRecording) -> tuple[Answered, ...]:
        self._machine.restore(self._booted)
        return tuple(_answers(self._machine, self._setup.workload, played))

    def close(self) -> None:
        """Free the board."""
        self._machine.close()


def listen(
    file: Path,
    board: Target,
    workload: Workload,
    played: Sequence[LabelledRecording],
    executor: Executor,
    *,
    address: int | None = None,
    on_heard: Callable[[LabelledRecording], None] = lambda _played: None,
) -> Seen:
    """Boot a firmware, and play recordings into the workload's sensor: each to a board as it was at boot.

    `address` is where a plain memory image belongs. `on_heard` is given each recording that was played.
    Raises ConfigurationError for a sensor that the board lacks, and what `BuiltinMachine.run` raises.
    """
    setup = _Setup(file, address, board, workload)
    answers: list[Answered] = []
    left = list(played)
    with closing(setup.listener()) as first:
        while left and not (first.boot or answers):  # until it is known which port speaks
            answers += first.hear(left[0])
            on_heard(left.pop(0))
        boot, port = first.boot, first.port
    for one, found in zip(left, executor.hear(replace(setup, port=port), left), strict=True):
        answers += found
        on_heard(one)
    return Seen(boot, tuple(answers), tuple({one.label: None for one in played}), port)


def _booted(
    machine: BuiltinMachine, image: Image, board: Target, heard: BootOnlooker, port: str | None
) -> tuple[tuple[str, ...], str | None]:
    """Boot it: the lines that it printed by itself, and on which port, the board's UART unless only another spoke.

    The machine stands behind the last of them, where recordings begin, as with the adapter's `ready`.
    """
    if port is not None:
        machine.listen_to(f"sysbus.{port}")
    machine.load(image)
    machine.run(limit=_BOOT_S)
    boot = tuple(machine.lines())
    if not boot and port is None and (other := _other_port(board, heard)):
        return _booted(machine, image, board, heard, other)
    if boot:
        machine.load(image)
        machine.run(until=lambda _: len(machine.lines()) >= len(boot), limit=_BOOT_S)
    return boot, port


def _other_port(board: Target, heard: BootOnlooker) -> str | None:
    """The port that sent whole lines, other than the board's UART."""
    uart = board.platform.uart.removeprefix("sysbus.")
    return next((port for port, said in heard.speakers.items() if b"\n" in said and port != uart), None)


def _answers(machine: BuiltinMachine, workload: Workload, played: LabelledRecording) -> Iterator[Answered]:
    wanted = workload.input
    frames = wanted.with_rest(played.recording.samples, _AFTER_S)
    machine.take()
    began_ns = machine.counters().time_ns
    machine.play(wanted.signal(frames), wanted.sensor)
    machine.run(limit=wanted.lasts(played.recording.samples) + _AFTER_S)
    for line in machine.take()[0]:
        yield Answered(played.label, line.text, line.time_ns - began_ns, played.number)


@dataclass(frozen=True)
class _Pattern:
    """A line in which numbers may be others, and one word is a label's text."""

    pattern: str
    text: str


def adapter(seen: Seen, workload: Workload, image: Image, address: int | None = None) -> str:
    """The adapter as TOML, with the address that a plain memory image was given.

    Raises DeviceSilent if no line has the text of a label.
    """
    found = [(one, pattern) for one in seen.answers for pattern in _patterns(one.line, workload.labels)]
    every = Counter(pattern.pattern for _, pattern in found)
    right = Counter(pattern.pattern for one, pattern in found if _plain(pattern.text) == _plain(one.label))
    telling = [pattern for pattern, times in right.most_common() if times > _LEAST_RIGHT * every[pattern]]
    if not telling:
        raise _says_no_label(seen, workload, image)
    chosen = telling[0]
    results = [(one, pattern) for one, pattern in found if pattern.pattern == chosen]
    lines = [*_beginning(workload, image, address), *_lines(seen, workload, image, chosen, results)]
    return "\n".join(lines) + "\n"


def _beginning(workload: Workload, image: Image, address: int | None) -> Iterator[str]:
    yield f"# How the lab reads {one_line(image.path.name)}, as `lab adopt` saw it with a few recordings of each label"
    yield f"# of {workload.name}. Look it over: docs/own-firmware.md explains each key."
    if address is not None:
        yield f"[image]\naddress = {address:#x}\n"


def _lines(
    seen: Seen, workload: Workload, image: Image, chosen: str, results: Sequence[tuple[Answered, _Pattern]]
) -> Iterator[str]:
    yield "[output]"
    if seen.port is not None:
        yield f"port = {quoted(seen.port)}"
    if seen.boot and (ready := _printable(seen.boot[-1], 0)):
        yield f"ready = {_quoted('^' + _general_part(ready))}"
    else:
        yield f"ready_after_s = {_BOOT_S}    # it prints no line by itself"
    with_scores = all(_WITH_SCORES.fullmatch(one.line) for one, _ in results)
    yield f"result = {_quoted(_LIBRARYS_SCORES if with_scores else chosen)}"
    latest_s = max(_first_ns(results, workload).values()) / _NS
    yield f"result_within_s = {math.ceil(10 * (latest_s + _MARGIN_S)) / 10}    # the latest came after {latest_s:.2f} s"
    if any(line.startswith(_OF_LIBRARY) for line in seen.boot):
        yield f"fault = '^{_OF_LIBRARY}fault '"
    answered = {one.label for one, _ in results}
    if workload.background and not with_scores:
        yield f"silent = [{', '.join(map(quoted, workload.background))}]    # nothing to report"
    elif silent := [label for label in seen.played if label not in answered]:
        yield f"silent = [{', '.join(map(quoted, silent))}]    # no such line came of these"
    texts = {pattern.text: _meant(pattern.text, workload.labels) for _, pattern in results}
    if other := {text: label for text, label in sorted(texts.items()) if text != label}:
        yield "\n[labels]"
        yield from (f"{quoted(text)} = {quoted(label)}" for text, label in other.items())
    yield from _measure({symbol.name for symbol in image.symbols})


def _measure(functions: Collection[str]) -> Iterator[str]:
    begins, ends = _LIBRARYS_MARKS
    if begins in functions and ends in functions:
        yield f'\n[measure]\nbegin = "{begins}"\nend = "{ends}"'
    elif _INVOKE in functions:
        yield '\n[measure]\nbegin = "tflite::MicroInterpreter::Invoke()"'


def _first_ns(results: Sequence[tuple[Answered, _Pattern]], workload: Workload) -> dict[int, int]:
    """When the first line of each recording came that reports something; of none that does, when the last came."""
    found: dict[int, int] = {}
    for one, pattern in results:
        if _meant(pattern.text, workload.labels) not in workload.background:
            found.setdefault(one.recording, one.after_ns)
    return found or {one.recording: one.after_ns for one, _ in results}


def _patterns(line: str, labels: Sequence[str]) -> Iterator[_Pattern]:
    """A pattern for each word of the line that is a label's text."""
    known = {_plain(label) for label in labels}
    for word in re.finditer(r"[A-Za-z_]\w*", line, re.ASCII):
        if _plain(word[0]) in known:
            before, behind = _printable(line[: word.start()], -1), _printable(line[word.end() :], 0)
            begins = "^" if len(before) == word.start() else ""
            around = [_general_part(part, known) for part in (before, behind)]
            yield _Pattern(f"{begins}{around[0]}(?P<label>\\w+){around[1]}", word[0])


def _printable(text: str, piece: int) -> str:
    """Of what stands beside a word as far as it can be printed: `piece` is -1 before the word, 0 behind it."""
    return re.split(r"[^\t\x20-\x7e]+", text)[piece]


def _meant(text: str, labels: Iterable[str]) -> str:
    return next(label for label in labels if _plain(label) == _plain(text))


def _plain(text: str) -> str:
    return text.strip("_").casefold()


def _general_part(text: str, labels: Iterable[str] = ()) -> str:
    """Any number for each number, and any word for another label."""
    known = set(labels)

    def general(part: str) -> str:
        if re.fullmatch(r"[-+]?\d+(?:\.\d+)?", part, re.ASCII):
            return r"[-+]?[\d.]+"
        return r"\w+" if _plain(part) in known else _escaped(part)

    return "".join(map(general, re.split(r"([-+]?\d+(?:\.\d+)?|[A-Za-z_]\w*)", text, flags=re.ASCII)))


def _escaped(text: str) -> str:
    """Without backslashes before blanks, which read badly."""
    return re.sub(r"\\([ \t])", r"\1", re.escape(text))


def _quoted(pattern: str) -> str:
    """TOML's literal string, in which a backslash is one; its basic string where the pattern has a quote."""
    return f"'{pattern}'" if "'" not in pattern and pattern.isprintable() else quoted(pattern)


def _says_no_label(seen: Seen, workload: Workload, image: Image) -> DeviceSilent:
    lines = shortened([f"  at boot: {line}" for line in seen.boot], _BOOT_SHOWN)
    lines += shortened([f"  at {one.label}: {one.line}" for one in seen.answers], _ANSWERS_SHOWN)
    return DeviceSilent(
        f"{image.path.name} printed no line that tells the labels of {workload.name} apart while recordings of each "
        "were played.",
        remedy="If it prints one in other words, write the adapter by hand: docs/own-firmware.md. If it hears nothing, "
        "`lab boot` shows which devices it goes to.",
        details="\n".join(["It printed:", *lines]) if lines else "It printed nothing.",
        code="no-label-printed",
    )
