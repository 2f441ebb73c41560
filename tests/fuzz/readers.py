"""Every reader of files and lines from outside, with what it is given and how far what it gives is used.

`python -m tests.fuzz.readers 10000` gives each of them that many inputs and prints what came of them; behind the
number stand the names of single readers. `tests/fuzz/test_readers.py` does the same with few inputs.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import bincopy
import cbor2
import numpy as np
import soundfile

from lab import archive, target, traces, workload
from lab.asked import Asked
from lab.benching import batch, published
from lab.booting import fitting
from lab.booting.boot import Boot
from lab.building import demangling
from lab.bundling import bundle
from lab.bundling.bundle import Bundle, ExpectedThen, Manifest
from lab.conformance import probe, record
from lab.elf import Firmware
from lab.engines.builtin import catalogue, cost_model, memories, repl, svd
from lab.engines.builtin.calibration import Calibration
from lab.errors import LabError
from lab.images import read as read_image
from lab.measuring import device_log, linker_map, memory
from lab.measuring.foreign import adapter
from lab.measuring.measurement import Measurement
from lab.model.model import Tensor
from lab.monitor import script
from lab.outcomes.replay import Found, ReplayedInference
from lab.outcomes.stream import Pace
from lab.recorder import log, tracing
from lab.recordings import reading, sounds, splits
from lab.replaying import stored
from lab.replaying.comparing.first import compared
from lab.replaying.result import Expectation, ReplayResult
from lab.reporting import (
    clips_csv,
    evidence,
    html,
    junit,
    markdown,
    published_table,
    result_json,
    terminal,
    trace_table,
)
from lab.reporting.html import pictures, signal_plot
from lab.reporting.replay_lines import print_replay
from lab.signals import picture
from lab.signals.input import Input
from lab.traces import describing
from lab.training import recipes
from lab.verdict import baseline, judge, policy
from lab.verdict.result import Sensor
from lab.verdict.side_by_side import Side, side_by_side
from tests import fake_measuring, fake_project
from tests.engine.fake_board import FakeBoard
from tests.fuzz.mutation import Mutation
from tests.jpeg import jpeg
from tests.recorder import making as dumps
from tests.reporting import results
from tests.traces import making

ROOT = Path(__file__).parents[2]
LIMIT_S = 20
"""How long one input may take."""

MEMORY = 3 * 2**30
"""How much more address space than before an input may take."""

Read = Callable[[Path], object]


@dataclass(frozen=True)
class Reader:
    """`inputs` are valid files; `mutate` makes one of them hostile; `read` reads what `file` then holds.

    `exits` are the exit codes that an error may have; `share` is how many inputs it gets of those asked for.
    """

    file: str
    inputs: Callable[[], list[Any]]
    mutate: Callable[[Mutation, Any], bytes]
    read: Read
    exits: tuple[int, ...] = (2,)
    share: float = 1.0


@dataclass
class Counts:
    """What became of the inputs of a reader; `faults` are those that ended in no error of the lab's, each told once."""

    tried: int = 0
    read: int = 0
    refused: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    slowest_s: float = 0.0


class TooLong(BaseException):
    """An input took longer than LIMIT_S; no handler of ours takes it for an error."""


def fuzz(name: str, count: int, folder: Path) -> Counts:
    """Give a reader so many inputs, in a folder of its own."""
    reader = READERS[name]
    counts = Counts()
    inputs = reader.inputs()
    file = folder / reader.file
    with project(folder), limited():
        file.parent.mkdir(parents=True, exist_ok=True)
        for number in range(max(1, round(count * reader.share))):
            draws = Mutation(f"{name} {number}")
            content = reader.mutate(draws, draws.one_of(inputs))
            file.unlink(missing_ok=True)
            file.write_bytes(content)
            _try(reader, file, f"{name} {number}", counts)
    return counts


def _try(reader: Reader, file: Path, seed: str, counts: Counts) -> None:
    counts.tried += 1
    began = time.monotonic()
    try:
        with ended_after(LIMIT_S), redirect_stdout(io.StringIO()):
            reader.read(file)
        counts.read += 1
    except LabError as error:
        counts.refused += 1
        if error.exit_code not in reader.exits:
            _note(counts, f"exit code {error.exit_code}, {error.code}", seed, error.message)
        f"{error.message}{error.remedy}{error.details}".encode(errors="surrogateescape")
    except (Exception, TooLong) as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
        _note(counts, kind, seed, "".join(traceback.format_exception(error))[-3_000:])
    counts.slowest_s = max(counts.slowest_s, time.monotonic() - began)


def _note(counts: Counts, kind: str, seed: str, said: str) -> None:
    counts.faults[kind] += 1
    counts.examples.setdefault(kind, f"{seed}: {said}")


@contextmanager
def ended_after(seconds: int) -> Iterator[None]:
    """Raises TooLong here after so many seconds."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def limited() -> Iterator[None]:
    """Whoever asks for more than MEMORY meanwhile gets a MemoryError."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@contextmanager
def project(folder: Path) -> Iterator[None]:
    """A project in that folder, in force."""
    made = fake_project.make(folder / "project")
    before = os.environ.get("LAB_PROJECT")
    os.environ["LAB_PROJECT"] = str(made)
    try:
        yield
    finally:
        if before is None:
            del os.environ["LAB_PROJECT"]
        else:
            os.environ["LAB_PROJECT"] = before


def _texts(*patterns: str) -> Callable[[], list[str]]:
    return lambda: [file.read_text("utf-8") for pattern in patterns for file in sorted(ROOT.glob(pattern))]


def _changed_text(draws: Mutation, text: str) -> bytes:
    return draws.text(text)


def _changed_bytes(draws: Mutation, content: bytes) -> bytes:
    return draws.bytes(content)


def _changed_json(draws: Mutation, text: str) -> bytes:
    """As a tree, of which numbers and halves of surrogate pairs are written out; now and then as text."""
    if draws.below(5) == 0:
        return draws.text(text)
    limit = sys.get_int_max_str_digits() if hasattr(sys, "get_int_max_str_digits") else 0
    try:
        if limit:
            sys.set_int_max_str_digits(0)
        return json.dumps(draws.tree(json.loads(text))).encode()
    finally:
        if limit:
            sys.set_int_max_str_digits(limit)


def _changed_metadata(draws: Mutation, text: str) -> bytes:
    metadata, then, records = text.partition("--then--")
    return draws.text(metadata) + (then + records).encode("latin-1")


# What is done with a file, as far as the lab goes with it before anything is built or emulated.


def _workload(_file: Path) -> None:
    chosen = workload.load("keyword-spotting")
    assert chosen.input.frames * 2 + chosen.features.steps * chosen.features.channels < 2**30
    for name in chosen.targets:
        chosen.limits_for(name, "stream")


def _platform(file: Path) -> None:
    catalogue.build(repl.read(file), FakeBoard().calling)


def _adapter(file: Path) -> None:
    adapter.load(file, workload.load("keyword-spotting"))


_CALIBRATION = Calibration.of("m4-trm-1", (1.25, 1.5)).to_toml()
_TIMINGS = """
[models.tiny]
file = "tiny.tflite"
sha256 = "00"

[models.other]
rebuilt = "as in its paper"

[[figures]]
model = "tiny"
target = "nano33ble"
board = "mine"
milliseconds = 1.5
clock_hz = 64_000_000
library = "cmsis-nn"
memories = "nrf52840"
use = "held"

[[figures]]
model = "other"
target = "nano33ble"
milliseconds = 5
"""
_SVD = """<device><name>Chip</name><peripherals>
<peripheral><name>RADIO</name><baseAddress>0x40001000</baseAddress><registers>
  <register><name>SHORTS</name><addressOffset>0x200</addressOffset></register>
  <cluster><name>PSEL</name><addressOffset>0x300</addressOffset>
    <register><name>TXD</name><addressOffset>0x4</addressOffset></register></cluster>
  <register><dim>2</dim><dimIncrement>4</dimIncrement><name>DAB[%s]</name>
    <addressOffset>0x600</addressOffset></register>
</registers></peripheral>
<peripheral derivedFrom="RADIO"><name>RADIO1</name><baseAddress>0x40002000</baseAddress></peripheral>
</peripherals></device>"""
_CODE = {"thumb": bytes.fromhex("00bf08680968401800fb01f2"), "riscv": bytes.fromhex("13050500032505003305b502")}


def _blocks(name: str) -> None:
    """What code costs: of each instruction set a load or two, sums and a product."""
    model = cost_model.CostModel.load(name)
    assert model.block(_CODE[model.table.instruction_set]).cycles >= 0


def _timings(file: Path) -> None:
    """Each figure as it is shown, though nothing is run."""
    modelled = published._Modelled("m4-trm-1", 6_000_000, 6_400_000, 100.0)
    found = [published._rerun(one, modelled) for one in published.read(file).figures]
    published_table.print_figures(found, _console(), 0.1)
    json.dumps([one.model_dump() for one in found], allow_nan=False)


_POLICY = """
[metrics.accuracy]
direction = "higher"
absolute = 0.005       # of what a project sets itself, in both of TOML's ways
needs = ["recordings"]

[metrics.cycles_per_inference]
direction = "lower"
relative = 0.01
missing = "ignore"
needs = ["toolchain", "recordings", "cost_model"]
"""


def _policy(file: Path) -> None:
    for rule in policy.load(file.parent).metrics.values():
        for before, now in ((1, 2), (0.5, 0.1), (0, 0), (10**12, 1)):
            rule.standing(before, now)
            str(rule.tolerated(before))


def _result(file: Path) -> None:
    result = result_json.load(file)
    html.render(result, file.parent)
    for show in (junit.render, markdown.render, clips_csv.render):
        show(result).encode()
    if len(result.runs) == 1:
        terminal.print_result(result, file.parent)
    else:
        terminal.print_together(result, file.parent)
    _compared(Side.of_result("now", result))
    for run in result.runs:
        baseline.of(run).to_json().encode()


def _compared(side: Side) -> None:
    from lab.reporting import comparison_table

    for before, now in ((_good_side(), side), (side, _good_side())):
        found = side_by_side(before, now, policy.load())
        comparison_table.print_comparison(found, _console(), most=10)


def _console() -> Any:
    from rich.console import Console

    return Console(file=io.StringIO(), highlight=False)


@cache
def _good_side() -> Side:
    return Side.of_result("before", results.failing())


def _baseline(file: Path) -> None:
    golden = baseline.read(file)
    baseline.lines(file)
    golden.to_json().encode()
    _compared(Side.of_baseline("now", golden))


def _record(file: Path) -> None:
    for run in record.read(file).runs:
        assert all(len(one.signal.samples) < 2**20 for one in run.stimuli)
        for event in run.observation.events:
            str(event)


def _npy(file: Path) -> None:
    batch._of_array(file, Tensor("input", (1, 49, 40, 1), "INT8", 1960, constant=False))


def _npz(file: Path) -> None:
    batch._of_archive(Path("a.tflite"), [Tensor("input", (4,), "INT8", 4, constant=False)], file)


def _labels(file: Path) -> None:
    batch.labels(file)


def _evidence(file: Path) -> None:
    """Both files from one: the place of the array is behind the sound."""
    sound, _, features = file.read_bytes().partition(b"--then--")
    for name, content in (("0.flac", sound), ("0.npy", features)):
        (file.parent / name).unlink(missing_ok=True)
        (file.parent / name).write_bytes(content)
    kept = evidence.read(file.parents[1], 0, "yes")
    if kept is not None and kept.sound is not None:
        pictures.sound(kept.sound)
        pictures.waveform(kept.values[:, 0])
        pictures.peak(kept.values[:, 0])
        if kept.features is not None:
            words = workload.load("keyword-spotting")
            pictures.features(kept.features, words.features.layout(words.input))


def _movement(file: Path) -> None:
    kept = evidence.read(file.parents[1], 0, "wing", ("x", "y", "z"), "g")
    if kept is not None:
        signal_plot.plot(kept.values, kept.axes, kept.unit)


def _bundle(file: Path) -> None:
    with bundle.read(file).opened() as (_workload, firmware, _adapter):
        firmware.line_at(0x1000)


def _replay(file: Path) -> None:
    result = stored.load(file)
    print_replay(result, file.parent, _console())
    compared(result.inferences, result.inferences)
    Asked.from_options(result.options, workload=result.workload, target=result.target)


def _elf(file: Path) -> None:
    image = Firmware(file)
    image.line_at(0x1000)
    image.function_at(0x1000)
    sum(len(one.name) for one in image.functions)
    memory.of(image, target.load("nano33ble"), 1024)


def _boots(file: Path) -> None:
    """Two milliseconds on the board that it fits, as `lab boot` does it."""
    image = read_image(file)
    with Boot(image, fitting.board(image), lambda _port, _data: None) as boot:
        boot.run(0.002, None)


def _picture(file: Path) -> None:
    picture.read(file)


def _sound(file: Path) -> None:
    sounds.load(file, 16_000, 16_000)


_WORN = Input(sensor="worn", rate_hz=50, window_s=1.0, hop_s=0.5, axes=("x", "y", "z"), unit="g", range=4, bits=14)
_MOVED = np.linspace(-1, 1, 360).reshape(120, 3)


def _motion(file: Path) -> None:
    """All windows are loaded, as `lab run` does it."""
    for entry in reading.read(file.parent, _WORN, ("walking", "unknown")):
        try:
            assert reading.load(entry, _WORN).samples.shape == (50, 3)
        except LabError as error:
            f"{error.message}{error.remedy}".encode(errors="surrogateescape")


def _tables() -> list[str]:
    header = "time (ms);x (g);y [mg];acc_z_ms2"
    rows = [f"{20 * at};{x:.4f};{y:.4f};{z:.4f}" for at, (x, y, z) in enumerate(_MOVED)]
    return ["\n".join([header, *rows[:count]]).replace(";", separator) for separator, count in ((",", 120), (";", 60))]


def _packed_arrays() -> list[bytes]:
    every = []
    clips = np.stack([_MOVED] * 3)
    for save, arrays in (
        (np.savez, {"walking_00": _MOVED, "cycling": _MOVED.astype(np.float32), "fs": 50, "subject": "7"}),
        (np.savez_compressed, {"acc": clips, "label": "walking", "fs": np.float32(50), "speed": "low"}),
    ):
        packed = io.BytesIO()
        save(packed, **arrays)
        every.append(packed.getvalue())
    return every


def _exported() -> dict[str, Any]:
    sensors = [{"name": f"acc{axis}", "units": "m/s2"} for axis in "XYZ"]
    payload = {"device_type": "A", "interval_ms": 20, "sensors": sensors, "values": (9.8 * _MOVED).tolist()}
    return {"protected": {"ver": "v1", "alg": "none"}, "signature": "00", "payload": payload}


def _channels(kind: str, encoding: str) -> bytes:
    packed = io.BytesIO()
    soundfile.write(packed, _MOVED / 4, 50, format=kind, subtype=encoding)
    return packed.getvalue()


def _trace(file: Path) -> None:
    """All that is in it is looked at, as `lab trace` does it."""
    trace = traces.read(file)
    assert trace.end_s <= 1e8
    facts = describing.describe(trace)
    trace_table.print_trace(file, trace, facts, _console())
    json.loads(trace_table.to_json(file, trace, facts))
    for one in trace.signals:
        assert sum(len(block) for block in one.blocks(2**16)) == len(one.frames)


def _of_arm(file: Path) -> None:
    """Metadata and records from one file: the place of the records is behind the metadata."""
    metadata, _, records = file.read_bytes().partition(b"--then--")
    for name, content in (("a.sds.yml", metadata), ("a.0.sds", records)):
        (file.parent / name).unlink(missing_ok=True)
        (file.parent / name).write_bytes(content)
    _trace(file.parent / "a.0.sds")


def _labelled(file: Path) -> None:
    (file.parent / "a.csv").write_text("t_s,x\n0,1\n1,2\n", "utf-8")
    _trace(file.parent / "a.csv")


def _dumped(file: Path) -> None:
    """Looked at as `lab record` and what comes after it do."""
    found = log.chosen(log.read(file), None, str(file))
    list(tracing.summary(found))
    trace = tracing.trace(found)
    for mark in trace.marks:
        tracing.inferred(mark)
    assert trace.end_s <= 1e9
    describing.describe(trace)


def _dump() -> list[bytes]:
    inferences = [dumps.inference(end, end, 1, True, (-128, 127)) for end in (0, 250, 700)]
    values = np.arange(700, dtype=np.int16)
    return dumps.payloads(values, inferences)


def _changed_dump(draws: Mutation, payloads: list[bytes]) -> bytes:
    """Lines of changed payloads with the right checksum, or whole ones that are changed."""
    if draws.below(3) == 0:
        return draws.text("\n".join(dumps.lines(payloads)))
    changed = list(payloads)
    for _ in range(1 + draws.below(4)):
        at = draws.below(len(changed))
        changed[at] = draws.bytes(changed[at])[: dumps.MOST_BYTES] or b"S"
    return "\n".join(dumps.lines(changed)).encode()


def _written(*endings: str) -> Callable[[], list[bytes]]:
    """Traces in a format, as the lab writes it."""

    def files() -> list[bytes]:
        found = []
        with tempfile.TemporaryDirectory() as folder:
            for number, ending in enumerate(endings):
                file = Path(folder) / f"a{number}{ending}"
                wanted = making.shaken(60, name="acceleration"), making.uneven(60), making.sound(frames=200)
                trace = making.with_events(wanted[number % 2] if ending in (".resd", ".csv", ".sds") else wanted[2])
                traces.write(trace, file, lossy=True)
                beside = Path(folder) / f"a{number}.sds.yml"
                head = beside.read_bytes() + b"--then--" if beside.exists() else b""
                found.append(head + file.read_bytes())
        return found

    return files


def _described(file: Path) -> None:
    """A dataset.toml beside a table that needs it."""
    (file.parent / "walking.csv").write_text("\n".join(["a,b,c,t", *(f"1,2,3,{20 * at}" for at in range(120))]))
    _motion(file)


_DATASET = """
axes = ["c", "b", "a"]
unit = "m/s^2"
time = "t"
time_unit = "ms"
full_scale = 16.0
rate_hz = 50.0
person = "^(?P<person>[a-z]+)"

[labels]
strolling = "walking"
"""


def _archive(file: Path) -> None:
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        archive.unpack(file, Path(folder) / "unpacked", elsewhere="elsewhere")


def _log(file: Path) -> None:
    for line in file.read_bytes().decode("utf-8", "replace").split("\n"):
        device_log.parse(line)


def _map(file: Path) -> None:
    linker_map.read(file)


def _images() -> list[bytes]:
    """Probes that a real Renode ran, one of each board."""
    found = []
    for file in sorted(ROOT.glob("firmware/probes/*/renode-*+*.json")):
        found += [run.elf for run in record.read(file).runs if run.elf is not None][:2]
    return found


def _changed_firmware(draws: Mutation, elf: bytes) -> bytes:
    """The file as it is, or records of a code that is changed."""
    if draws.below(3) == 0:
        return draws.bytes(elf)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "probe.elf").write_bytes(elf)
        segments = Firmware(Path(folder, "probe.elf")).segments
    records = bincopy.BinFile()
    for segment in segments:
        changed = draws.bytes(segment.data)[: len(segment.data)]
        records.add_binary(changed or segment.data, segment.address, overwrite=True)
    return draws.one_of((records.as_ihex, records.as_srec))().encode()


def _bundles() -> list[dict[str, bytes]]:
    """By their members, one of them with an adapter."""
    manifest = Manifest(
        workload="keyword-spotting",
        target="nano33ble",
        mode="stream",
        recording="a replay of field.wav",
        until=3,
        expected=(ExpectedThen(label="yes", start_s=1.0, end_s=2.0),),
        platform="0" * 64,
        engine="builtin",
        provenance={"lab": "0.1.0"},
    )
    text = (ROOT / "models/keyword-spotting/workload.toml").read_text(encoding="utf-8")
    read_by = (ROOT / "examples/foreign-firmware/heard.toml").read_text(encoding="utf-8")
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for adapter_text in (None, read_by):
            samples = np.arange(64, dtype=np.int16).reshape(-1, 1)
            held = Bundle(manifest, text, _images()[0], b"TFL3", samples, ("{}", "text"), adapter_text)
            bundle.write(held, Path(folder, "one"))
            with zipfile.ZipFile(Path(folder, "one")) as packed:
                made.append({name: packed.read(name) for name in packed.namelist()})
    return made


def _changed_bundle(draws: Mutation, members: dict[str, bytes]) -> bytes:
    """One of its members, or the archive as it is packed."""
    name = draws.one_of([*members, ""])
    if name.endswith(".json"):
        members = {**members, name: _changed_json(draws, members[name].decode())}
    elif name:
        change = draws.text if name.endswith((".toml", ".log")) else draws.bytes
        content: Any = members[name].decode() if name.endswith((".toml", ".log")) else members[name]
        members = {**members, name: change(content)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for member, content in members.items():
            file.writestr(member, content)
    return packed.getvalue() if name else draws.bytes(packed.getvalue())


def _replays() -> list[str]:
    told = ReplayedInference(0, 1.0, 1.2, "yes", tuple(range(12)), (Found(1.2, "yes", 200),), "a" * 8, "b" * 8)
    result = ReplayResult(
        verdict="failed",
        fingerprint="f" * 64,
        workload="keyword-spotting",
        target="nano33ble",
        variant="default",
        engine="builtin",
        trace="field.wav",
        from_s=0.0,
        to_s=2.0,
        stimulus="0" * 64,
        sensor=Sensor.of(workload.load("keyword-spotting").input),
        labels=("yes",),
        background=(),
        threshold_is_share=True,
        pace=Pace(52, 64, 1.23, "m4-trm-1"),
        inferences=(told, told),
        expectations=(Expectation(label="yes", start_s=1.0, end_s=2.0, reported=((1.2, "yes"),), passed=True),),
        options=("--engine", "builtin", "--kernels", "auto"),
        host_seconds=1.0,
    )
    return [result.to_json()]


def _sounds(kind: str, subtype: str, *, rate_hz: int = 16_000, channels: int = 1) -> bytes:
    tone = 0.5 * np.sin(np.arange(rate_hz // 2) / 10)
    file = io.BytesIO()
    soundfile.write(file, np.stack([tone] * channels, axis=1), rate_hz, format=kind, subtype=subtype)
    return file.getvalue()


def _arrays() -> list[bytes]:
    found = []
    for array in (np.zeros((1, 49, 40, 1), np.int8), np.ones((49, 40), "<f4"), np.asfortranarray(np.ones((3, 4)))):
        file = io.BytesIO()
        np.save(file, array)
        found.append(file.getvalue())
    return found


def _archives() -> list[bytes]:
    found = []
    for save in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        save(file, input0=np.zeros((3, 4), np.int8), labels=np.arange(3))
        found.append(file.getvalue())
    return found


def _kept() -> list[bytes]:
    file = io.BytesIO()
    np.save(file, np.zeros((49, 40), np.int8))
    return [_sounds("FLAC", "PCM_16") + b"--then--" + file.getvalue()]


def _movements() -> list[str]:
    frames = [f"{number / 25:g},{number % 7 / 8},-0.5,1" for number in range(40)]
    return ["\n".join(["time (s),x (g),y (g),z (g)", *frames, ""])]


def _archives() -> list[bytes]:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as packed:
        for name, kind in (("top", tarfile.DIRTYPE), ("top/a", tarfile.REGTYPE), ("top/link", tarfile.SYMTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "a"
            member.size = 100 if kind == tarfile.REGTYPE else 0
            packed.addfile(member, io.BytesIO(bytes(member.size)))
    return [file.getvalue()]


def _results() -> list[str]:
    found = [results.EVERY[name]() for name in ("passing", "failing", "regressed", "faulting", "side_by_side")]
    request_of = judge.judge(results.words(), _stream())
    return [result.to_json() for result in (*found, request_of)]


def _stream() -> Measurement:
    return fake_measuring.stream_measurement()


_LINES = """\
{"event":"boot","protocol":1,"target":"nano33ble","application":"a","mode":"clip","model_crc":"0","arena_used":1,\
"arena_size":2}
{"event":"inference","n":1,"time_ms":1000,"label":"yes","scores":[-128,127],"samples_crc":"a","features_crc":"b",\
"cycles":12}
{"event":"statistics","time_ms":1,"buffers":2,"lost_samples":0,"late_inferences":0,"stack_used":1,"stack_size":2}
{"event":"fault","kind":"HardFault","pc":"0x10","lr":"0x20","psr":"0"}
{"event":"operator","index":0,"operator":"CONV_2D","address":"0x20000000","bytes":4,"crc":"0"}
"""
_MAP = """\
Linker script and memory map

.text           0x00000000      0x3e8
 *(.text .text.*)
 .text.main     0x00000000      0x100 CMakeFiles/app.dir/apps/app/main.cc.obj
 .rodata.str1.1 0x00000110       0x20 /cache/libtflm.a(conv.cc.obj)
.bss            0x20000000      0x100
 .bss.arena     0x20000000      0x100 CMakeFiles/app.dir/runtime/model.S.obj
"""
_LABELS = "0.5\t1.25\tyes\n\\\t100\t2000\n1.5\t1.5\tbutton\n2\t3.75\ttwo words\n"
_ARRAY = "#include <x.h>\n/* two */ // words\nconst int16_t g_yes[] = {\n 1, -2, 0x7f,\n 30000 };\n"
_WORKLOAD = "project/models/keyword-spotting"
_BOARD = "project/renode_platforms/nano33ble"

READERS: dict[str, Reader] = {
    "workload": Reader(
        f"{_WORKLOAD}/workload.toml", _texts("models/keyword-spotting/workload.toml"), _changed_text, _workload
    ),
    "target": Reader(
        f"{_BOARD}/target.toml",
        _texts("renode_platforms/*/target.toml"),
        _changed_text,
        lambda _: target.load("nano33ble"),
    ),
    "adapter": Reader("heard.toml", _texts("examples/foreign-firmware/*.toml"), _changed_text, _adapter),
    "policy": Reader("baselines/policy.toml", lambda: [_POLICY], _changed_text, _policy),
    "cost model": Reader(
        "project/renode_platforms/cost_models/m4-trm-1.toml",
        _texts("renode_platforms/cost_models/*.toml"),
        _changed_text,
        lambda _: _blocks("m4-trm-1"),
    ),
    "calibration": Reader(
        "calibration.toml", lambda: [_CALIBRATION], _changed_text, lambda file: Calibration.load(file, "m4-trm-1").error
    ),
    "timings of boards": Reader("timings.toml", lambda: [_TIMINGS], _changed_text, _timings),
    "SVD": Reader("chip.svd", lambda: [_SVD], _changed_text, svd.registers.__wrapped__),
    "memory model": Reader(
        "project/renode_platforms/cost_models/memories/nrf52840.toml",
        _texts("renode_platforms/cost_models/memories/*.toml"),
        _changed_text,
        lambda _: memories.MemoryModel.load("nrf52840"),
    ),
    "recipe": Reader(
        f"{_WORKLOAD}/training.toml",
        _texts("models/keyword-spotting/training.toml"),
        _changed_text,
        lambda _: recipes.of(workload.load("keyword-spotting")),
    ),
    "split": Reader(
        f"{_WORKLOAD}/split.toml",
        _texts("models/keyword-spotting/split.toml"),
        _changed_text,
        lambda _: splits.of(workload.load("keyword-spotting")),
    ),
    "probes": Reader(
        "project/firmware/probes/nano33ble/probes.toml",
        _texts("firmware/probes/*/probes.toml"),
        _changed_text,
        lambda _: [one.stimuli for one in probe.of(target.load("nano33ble")).values()],
    ),
    "platform (.repl)": Reader("board.repl", _texts("renode_platforms/*/*.repl"), _changed_text, _platform),
    "monitor script (.resc)": Reader("board.resc", _texts("renode_platforms/*/*.resc"), _changed_text, script.read),
    "result.json": Reader("run/result.json", _results, _changed_json, _result, share=0.5),
    "replay.json": Reader("run/replay.json", _replays, _changed_json, _replay, share=0.5),
    "bundle": Reader("a.bundle", _bundles, _changed_bundle, _bundle, share=0.5),
    "baseline": Reader("baselines/a.json", _texts("baselines/*/nano33ble*.json"), _changed_json, _baseline, share=0.5),
    "conformance record": Reader(
        "record.json", _texts("firmware/probes/esp32c3/renode-1.16.1.json"), _changed_json, _record
    ),
    "array (.npy)": Reader("input.npy", _arrays, _changed_bytes, _npy),
    "items (.npz)": Reader("input.npz", _archives, _changed_bytes, _npz),
    "labels": Reader("labels.txt", lambda: ["0\n3\n-1\n"], _changed_text, _labels),
    "evidence of a run": Reader("run/clips/both", _kept, _changed_bytes, _evidence),
    "movement of a run": Reader("run/clips/wing.0.csv", _movements, _changed_text, _movement, share=0.5),
    "ELF": Reader("a.elf", _images, _changed_bytes, _elf),
    "firmware that boots": Reader("firmware", _images, _changed_firmware, _boots, share=0.5),
    "linker map": Reader("a.map", lambda: [_MAP], _changed_text, _map),
    "JPEG": Reader("a.jpg", lambda: [jpeg(bytes(range(256)))], _changed_bytes, _picture),
    "WAV": Reader(
        "a.wav",
        lambda: [
            _sounds("WAV", "PCM_16"),
            _sounds("WAV", "FLOAT", rate_hz=44_100, channels=2),
            _sounds("RF64", "PCM_24"),
        ],
        _changed_bytes,
        _sound,
    ),
    "AIFF, W64, CAF, AU": Reader(
        "a.aiff", lambda: [_sounds(kind, "PCM_16") for kind in ("AIFF", "W64", "CAF", "AU")], _changed_bytes, _sound
    ),
    "FLAC": Reader("a.flac", lambda: [_sounds("FLAC", "PCM_16")], _changed_bytes, _sound),
    "MP3, Ogg, Opus": Reader(
        "a.ogg",
        lambda: [_sounds("MP3", "MPEG_LAYER_III"), _sounds("OGG", "VORBIS"), _sounds("OGG", "OPUS")],
        _changed_bytes,
        _sound,
    ),
    "table of axes": Reader("walking.csv", _tables, _changed_text, _motion),
    "archive of axes": Reader("walking.npz", _packed_arrays, _changed_bytes, _motion),
    "channels of axes": Reader(
        "walking.wav",
        lambda: [_channels("WAV", "PCM_16"), _channels("WAV", "FLOAT"), _channels("FLAC", "PCM_24")],
        _changed_bytes,
        _motion,
    ),
    "Edge Impulse, JSON": Reader("walking.1.json", lambda: [json.dumps(_exported())], _changed_json, _motion),
    "Edge Impulse, CBOR": Reader("walking.1.cbor", lambda: [cbor2.dumps(_exported())], _changed_bytes, _motion),
    "trace, sound": Reader("a.wav", _written(".wav", ".flac"), _changed_bytes, _trace, share=0.5),
    "trace, FLAC": Reader("a.flac", _written(".flac"), _changed_bytes, _trace, share=0.5),
    "trace, table": Reader(
        "a.csv", lambda: [one.decode() for one in _written(".csv", ".csv")()], _changed_text, _trace, share=0.5
    ),
    "trace, archive": Reader("a.npz", _written(".npz"), _changed_bytes, _trace, share=0.5),
    "trace, archive of arrays": Reader("a.npz", _packed_arrays, _changed_bytes, _trace, share=0.5),
    "trace, JSON": Reader("a.json", lambda: [json.dumps(_exported())], _changed_json, _trace, share=0.5),
    "trace, CBOR": Reader("a.cbor", lambda: [cbor2.dumps(_exported())], _changed_bytes, _trace, share=0.5),
    "trace, RESD": Reader("a.resd", _written(".resd", ".resd"), _changed_bytes, _trace, share=0.5),
    "trace, SDS": Reader("whole", _written(".sds", ".sds"), _changed_bytes, _of_arm, share=0.5),
    "trace, SDS's metadata": Reader(
        "whole", lambda: [one.decode("latin-1") for one in _written(".sds")()], _changed_metadata, _of_arm, share=0.5
    ),
    "flight recorder": Reader("device.log", lambda: [_dump()], _changed_dump, _dumped),
    "labels of a trace": Reader("a.labels.txt", lambda: [_LABELS], _changed_text, _labelled, share=0.5),
    "dataset.toml": Reader("dataset.toml", lambda: [_DATASET], _changed_text, _described),
    "C array": Reader("a.cc", lambda: [_ARRAY], _changed_text, _sound),
    "archive": Reader("a.tar.gz", _archives, _changed_bytes, _archive, exits=(3,)),
    "device log": Reader("device.log", lambda: [_LINES], _changed_text, _log, exits=(1,)),
}


def main(arguments: list[str]) -> int:
    """Fuzz every reader, or those that are named, and print a table."""
    count, names = int(arguments[0]), arguments[1:] or list(READERS)
    demangling.demangled = lambda symbols, _prefix: list(symbols)  # a process for each image would take hours
    print("| reader | inputs | read | refused | faults | slowest |\n|---|---|---|---|---|---|", flush=True)
    faulty = 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            counts = fuzz(name, count, Path(folder))
        faults = sum(counts.faults.values())
        faulty += faults
        line = f"| {name} | {counts.tried:,} | {counts.read:,} | {counts.refused:,} | {faults:,} |"
        print(f"{line} {counts.slowest_s:.1f} s |", flush=True)
        for kind, number in counts.faults.most_common():
            print(f"{number:6} {kind}\n{counts.examples[kind]}\n", file=sys.stderr, flush=True)
    return min(faulty, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
