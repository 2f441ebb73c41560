"""Edge Impulse's data acquisition format, as JSON or CBOR: what its Studio exports and its devices send.

docs.edgeimpulse.com/tools/specifications/data-acquisition/json-cbor: a `payload` has `interval_ms`, `sensors` with
`name` and `units`, and `values`, a list for each frame, or a number where there is one sensor. Signatures are not
checked: whoever has the file may change it.
"""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pydantic_core
from numpy.typing import NDArray

from lab import files
from lab.signals.dataset import Dataset
from lab.signals.unusable import quoted, unusable
from lab.traces.holds import Files, Holds, too_large
from lab.traces.sheet import Content, Sheet, held
from lab.traces.trace import RecordedSignal, Trace

ENDINGS = OF_RECORDINGS = WRITES = frozenset({".json", ".cbor"})
SAYS_LABELS = HAS_LABELS = False

_MOST_BYTES = 32 * files.MEGABYTE
_MOST_WRITTEN = 2**20
_LARGEST = sys.float_info.max
"""An integer may be larger."""

_HOLDS = Holds(axes=True, units=True, any_rate=True)
_MOST_VALUES = 2**25  # a list that a CBOR file has once may stand in it many times


def read(path: Path, described: Dataset) -> Content:
    """The recording of a file. Raises RecordingError and OSError."""
    content = files.content(path, _MOST_BYTES)
    whole = _of_cbor(path, content) if path.suffix.lower() == ".cbor" else _of_json(path, content)
    payload = whole.get("payload") if isinstance(whole, dict) else None
    if not isinstance(payload, dict):
        raise unusable(path, "is no recording of Edge Impulse: it has no payload")
    sensors = payload.get("sensors")
    if not isinstance(sensors, list) or not all(isinstance(sensor, dict) for sensor in sensors):
        raise unusable(path, "does not list its sensors")
    names = tuple(str(sensor.get("name", "")) for sensor in sensors)
    values = _values(path, payload.get("values"), len(names))
    rate_hz = described.rate_hz or _rate_hz(path, payload.get("interval_ms"))
    units = tuple(str(sensor.get("units", "")) for sensor in sensors)
    return Content((Sheet(names=names, frames=held(values), units=units, rate_hz=rate_hz),))


def losses(trace: Trace, _path: Path) -> Iterator[str]:
    """As `Format` has it."""
    return _HOLDS.losses(trace)


def write(trace: Trace, path: Path) -> Files:
    """As `Format` has it: the first signal, unsigned."""
    return {path: lambda stream: _write(path, trace.signals[0], stream)}


def _write(path: Path, signal: RecordedSignal, stream: BinaryIO) -> int:
    if len(signal.frames) * len(signal.axes) > _MOST_WRITTEN:
        raise too_large(path, f"would have more than {_MOST_WRITTEN:,} values")
    values = signal.frames.read(0, len(signal.frames)).tolist()
    whole = {
        "protected": {"ver": "v1", "alg": "none"},
        "signature": "0" * 64,
        "payload": {
            "device_type": "DEVICE-LAB",
            "interval_ms": 1_000 / signal.rate_hz,
            "sensors": [{"name": axis, "units": unit} for axis, unit in zip(signal.axes, signal.units, strict=True)],
            "values": values,
        },
    }
    if path.suffix.lower() == ".cbor":
        import cbor2  # noqa: PLC0415 - for few runs

        stream.write(cbor2.dumps(whole))
    else:
        stream.write(json.dumps(whole, ensure_ascii=False).encode())
    return 0


def _of_json(path: Path, content: bytes) -> Any:
    try:
        return pydantic_core.from_json(content.removeprefix(codecs.BOM_UTF8), allow_inf_nan=False, cache_strings=False)
    except ValueError as error:
        raise unusable(path, f"is no JSON that can be read: {error}") from error


def _of_cbor(path: Path, content: bytes) -> Any:
    import cbor2  # noqa: PLC0415 - for few runs

    try:
        return cbor2.loads(content)
    except (cbor2.CBORDecodeError, RecursionError) as error:
        raise unusable(path, f"is no CBOR that can be read: {error}") from error


def _rate_hz(path: Path, interval_ms: object) -> float:
    if isinstance(interval_ms, bool) or not isinstance(interval_ms, int | float) or not 0 < interval_ms <= _LARGEST:
        raise unusable(path, f"has {quoted(interval_ms)} as interval_ms: milliseconds are needed")
    return 1000 / float(interval_ms)


def _values(path: Path, values: object, count: int) -> NDArray[np.float64]:
    """float64 [frames, sensors]."""
    if not isinstance(values, list):
        raise unusable(path, "has no list of values")
    rows = values if not values or isinstance(values[0], list) else [[value] for value in values]
    if len(rows) * count > _MOST_VALUES:
        raise unusable(path, f"has more than {_MOST_VALUES:,} values: split it")
    for frame, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != count:
            has = f"{len(row):,} values" if isinstance(row, list) else "no list of values"
            raise unusable(path, f"has {has} in frame {frame:,}, for {count} sensors")
    if not {int, float}.issuperset(map(type, chain.from_iterable(rows))):
        frame = next(frame for frame, row in enumerate(rows) if not {int, float}.issuperset(map(type, row)))
        raise unusable(path, f"holds something else than numbers in frame {frame:,}")
    try:
        return np.array(rows, np.float64).reshape(len(rows), count)
    except OverflowError as error:
        raise unusable(path, "holds an integer of more than 64 bits") from error
