"""Files that people name in place of a `.tflite`: what each is, and how it becomes one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple


class Other(NamedTuple):
    """What a file or folder is, and what to do."""

    is_a: str
    remedy: str


_CONVERT = (
    "Convert it with full int8 quantisation: converter = tf.lite.TFLiteConverter.{call}; "
    "www.tensorflow.org/lite/performance/post_training_quantization shows the settings."
)
_FROM_KERAS = _CONVERT.format(call="from_keras_model(tf.keras.models.load_model({name!r}))")
_FROM_FOLDER = _CONVERT.format(call="from_saved_model({name!r})")
_BYTES_BACK = (
    'Name the .tflite that it was made from, or write one from its bytes: python3 -c "import re; '
    "open('model.tflite', 'wb').write(bytes(int(one, 16) for one in re.findall('0x(..)', open({name!r}).read())))\""
)
_KERAS_MODEL, _ZIP = "a Keras model", b"pk\x03\x04"
_MAGIC = (
    (b"\x89hdf\r\n\x1a\n", _KERAS_MODEL, _FROM_KERAS),
    (_ZIP, "a zip archive", "Unpack it, and name the .tflite in it: unzip {name}"),
    (b"\x1f\x8b", "compressed with gzip", "Unpack it: gunzip --keep {name}, or tar -xzf {name}"),
    (b"version https://git-lfs", "a pointer of Git LFS, without the file itself", "Fetch the file: git lfs pull"),
    (b"<!doctype html", "a web page", "Download the file itself, not the page that shows it."),
    (b"<html", "a web page", "Download the file itself, not the page that shows it."),
)
"""First bytes, letters in lower case; what such a file is, and what to do with it."""
_ARRAY = re.compile(rb"(?:unsigned char|uint8_t)\s+\w+\s*\[")
_HEAD = 4096


def folder(path: Path) -> Other | None:
    """What a folder is, None for one of no model."""
    if not (path / "saved_model.pb").is_file():
        return None
    return Other("a SavedModel folder", _FROM_FOLDER.format(name=str(path)))


def file(path: Path, data: bytes) -> Other | None:
    """What a file is by its first bytes, or by its name where these say nothing; None for what is not known."""
    return _by_content(path, data) or _by_name(path, data)


def _by_content(path: Path, data: bytes) -> Other | None:
    head = data[:_HEAD].lstrip().lower()
    if head.startswith(_ZIP) and b"model.weights.h5" in data:
        return Other(_KERAS_MODEL, _FROM_KERAS.format(name=str(path)))
    for magic, is_a, remedy in _MAGIC:
        if head.startswith(magic):
            return Other(is_a, remedy.format(name=str(path)))
    if _ARRAY.search(data):
        return Other("C++ source with the model as an array", _BYTES_BACK.format(name=str(path)))
    return None


def _by_name(path: Path, data: bytes) -> Other | None:
    """Protocol buffers have no first bytes of their own."""
    if path.suffix == ".onnx" or (data[:1] == b"\x08" and (b"onnx" in data[:_HEAD] or b"pytorch" in data[:_HEAD])):
        return Other("an ONNX model", f"Convert it with the Python package onnx2tf: onnx2tf -i {path.name} -oiqt")
    if path.name == "saved_model.pb":
        return Other("part of a SavedModel", _FROM_FOLDER.format(name=str(path.parent)))
    return None
