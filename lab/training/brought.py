"""A Keras model that somebody brings, with recordings of a workload to tune, calibrate and judge it by."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lab import files, zips
from lab.errors import ModelError, RecordingError, ToolMissing
from lab.recordings import splits
from lab.recordings.collection import Entry
from lab.store import OnStage
from lab.training import backend, conversion, features_file, keras3, keras_code
from lab.training.learnt import Kept, Learnt
from lab.training.lessons import Lessons, Values
from lab.training.material import Batch, Features, Pool, collected, gathered
from lab.workload import Workload

_SEED = 1
_BATCH = 64
_CALIBRATION = 300
_MOST_BYTES = 512 * files.MEGABYTE
_MOST_CONFIGURATION = 64 * files.MEGABYTE
_ENDINGS = (".keras", ".h5", ".hdf5")


def learnt(path: Path, workload: Workload, folders: Sequence[Path], on_stage: OnStage) -> Learnt:
    """The model as a trained network; the workload's split says which of the recordings it learns on from.

    Raises ModelError for a file that is no Keras model, or one that does not fit the workload; ToolMissing without
    TensorFlow; RecordingError; ConfigurationError for a broken split; and what compiling the features raises.
    """
    _check_harmless(path)
    on_stage("loading TensorFlow")
    tensorflow, keras = backend.load(_SEED)
    network = _to_logits(keras, path, _loaded(keras, path))
    _check_fits(path, network, workload)
    _check_finite(path, network)
    collections = collected(workload, folders)
    chosen = splits.of(workload)
    chosen.check(collections)
    taught = [*chosen.select(collections, "train"), *chosen.made(collections)]
    if not taught:
        raise RecordingError(
            f"None of the recordings in {', '.join(map(str, folders))} is to train on: the model can be calibrated by "
            "none.",
            remedy=f"{workload.folder / splits.FILE} says which are kept for judging.",
            code="nothing-to-train-on",
        )
    on_stage(f"computing the features of {len(taught):,} recordings")
    features = features_file.computed(taught, workload, on_stage)
    kept = [
        _kept(part, entries, workload, on_stage)
        for part in ("validation", "test")
        if (entries := list(chosen.select(collections, part)))
    ]
    return Learnt(
        tensorflow,
        keras,
        network,
        network,
        workload.features,
        workload.labels,
        features[np.linspace(0, len(features) - 1, min(_CALIBRATION, len(features))).astype(int)],
        _lessons(features, taught, network, workload),
        _SEED,
        kept,
    )


def _kept(part: str, entries: Sequence[Entry], workload: Workload, on_stage: OnStage) -> Kept:
    return Kept(
        part,
        "Recordings kept out",
        features_file.computed(entries, workload, on_stage),
        features_file.truth(entries, workload),
    )


def _lessons(features: Features, taught: Sequence[Entry], network: Any, workload: Workload) -> Lessons:
    """The recordings as they are."""
    pool = Pool(features[:, np.newaxis], None, features_file.truth(taught, workload), 1.0)

    def given(batch: Batch, _: np.random.Generator) -> Values:
        chosen = gathered([pool.features], batch)
        return conversion.as_input(chosen, workload.features).reshape(-1, *network.input_shape[1:])

    return Lessons([pool], given, len(workload.labels), _BATCH, 0.0)


def _check_harmless(path: Path) -> None:
    """Raises ModelError for a file that is not there or of another kind, and for layers that are code of Python's."""
    if not path.exists():
        raise _unreadable(path, "there is no such file")
    if not path.is_file():
        raise _unreadable(path, "it is no file" if not path.is_dir() else "it is a folder, such as of a SavedModel")
    if path.suffix not in _ENDINGS:
        raise _unreadable(path, f"its name does not end in {', '.join(_ENDINGS)}")
    if path.stat().st_size > _MOST_BYTES:
        raise _unreadable(path, f"it has more than {_MOST_BYTES // files.MEGABYTE} MB")
    code = keras_code.named(_configuration(path))
    if code is not None:
        raise ModelError(
            f"{path} has {code}, which is Python code that loading would run.",
            remedy="Write it as layers of Keras, and save the model again.",
            code="keras-code",
        )


def _configuration(path: Path) -> Any:
    """What the file says of its layers. Raises ModelError."""
    try:
        if path.suffix == ".keras":
            with zipfile.ZipFile(path) as archive:
                _check_unpacks(archive)
                return json.loads(archive.read("config.json"))
        import h5py  # noqa: PLC0415  (comes with TensorFlow)

        with h5py.File(path, "r") as file:
            if "model_config" not in file.attrs:
                raise ValueError("it has none, as a file of weights alone")
            return json.loads(file.attrs["model_config"])
    except ImportError as error:
        raise backend.missing(error) from error
    except (*zips.DAMAGED, OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise _unreadable(path, f"the configuration of its layers cannot be read: {error}") from error


def _check_unpacks(archive: zipfile.ZipFile) -> None:
    """Raises ValueError for one that would fill the memory; Keras unpacks all of it."""
    unpacked = sum(one.file_size for one in archive.infolist())
    if unpacked > _MOST_BYTES or archive.getinfo("config.json").file_size > _MOST_CONFIGURATION:
        raise ValueError(f"it has more than {_MOST_BYTES // files.MEGABYTE} MB, unpacked")


def _loaded(keras: Any, path: Path) -> Any:
    """As a model of tf-keras, whichever Keras has saved it. Raises ModelError."""
    try:
        with backend.quiet():
            if _is_of_keras3(path):
                return keras3.as_tf_keras(keras, backend.keras3().saving.load_model(path, compile=False))
            return keras.models.load_model(path, compile=False)
    except ToolMissing:
        raise
    except Exception as error:  # whatever Keras makes of a file that somebody wrote
        if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
            raise _unreadable(path, "its layers need more memory than there is") from error
        raise _unreadable(path, f"{type(error).__name__}: {str(error).partition(chr(10))[0][:300]}") from error


def _is_of_keras3(path: Path) -> bool:
    if path.suffix != ".keras":
        import h5py  # noqa: PLC0415  (comes with TensorFlow)

        with h5py.File(path, "r") as file:
            return str(file.attrs.get("keras_version", "")).startswith("3.")
    with zipfile.ZipFile(path) as archive:
        version = json.loads(archive.read("metadata.json")).get("keras_version", "")
    return not str(version).startswith("2.")


def _to_logits(keras: Any, path: Path, network: Any) -> Any:
    """The network without the softmax at its end, which conversion adds again. Raises ModelError for another end."""
    if len(network.inputs) != 1 or len(network.outputs) != 1:
        raise _misfit(path, f"needs one input and one output, and has {len(network.inputs)} and {len(network.outputs)}")
    last = network.layers[-1]
    ends_in = getattr(last, "activation", None)
    name = "softmax" if isinstance(last, keras.layers.Softmax) else getattr(ends_in, "__name__", "linear")
    if name == "linear":
        return network
    if name != "softmax":
        raise _misfit(path, f"ends in {name}, and has to end in a softmax or in logits")
    if not last.weights:
        return keras.Model(network.input, last.input)

    def linear(layer: Any) -> Any:
        settings = layer.get_config()
        return type(layer).from_config({**settings, "activation": "linear"} if layer is last else settings)

    found = keras.models.clone_model(network, clone_function=linear)
    found.set_weights(network.get_weights())
    return found


def _check_fits(path: Path, network: Any, workload: Workload) -> None:
    rows, values = workload.features.shape(workload.input)
    given, labels = network.input_shape[1:], len(workload.labels)
    if None in given or math.prod(given) != rows * values:
        raise _misfit(path, f"takes {list(given)}, and the features of {workload.name} are [{rows}, {values}]")
    if network.output_shape[1:] != (labels,) or workload.decision.outputs(workload) != labels:
        raise _misfit(path, f"gives {list(network.output_shape[1:])}, and {workload.name} has {labels} labels")


def _check_finite(path: Path, network: Any) -> None:
    for weights in network.weights:
        if not np.isfinite(weights.numpy()).all():
            raise ModelError(
                f"{path} cannot be read as a Keras model: not all of its weights {weights.name} are finite numbers.",
                remedy="Train it again, with a smaller learning rate: it has diverged.",
                code="keras-unreadable",
            )


def _misfit(path: Path, why: str) -> ModelError:
    return ModelError(
        f"{path} does not fit the workload: it {why}.",
        remedy="Name the workload whose features it was trained with, with --workload; `lab features` gives those.",
        code="model-misfit",
    )


def _unreadable(path: Path, why: str) -> ModelError:
    return ModelError(
        f"{path} cannot be read as a Keras model: {why.rstrip('.')}.",
        remedy="Save it with model.save('model.keras'), of layers that Keras itself has.",
        code="keras-unreadable",
    )
