"""Whole trainings, tiny ones, on some clips of the shipped set."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from lab import workload
from lab.errors import ModelError
from lab.model import Model
from lab.training import backend, conversion, recipes
from lab.training.recipes.speech import Block
from lab.training.speech import networks
from tests.training.silent import Silent

pytestmark = [
    # TensorFlow and tf-keras warn of their own innards.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

CLIPS_A_LABEL = 3


@pytest.fixture(scope="module", autouse=True)
def _tensorflow():
    pytest.importorskip("tensorflow", reason="training needs the extra `train`")
    pytest.importorskip("tf_keras", reason="training needs the extra `train`")
    pytest.importorskip("onnxruntime", reason="training needs the extra `train`")


@pytest.fixture(scope="module")
def keyword_spotting():
    return workload.load("keyword-spotting")


@pytest.fixture(scope="module")
def clips(keyword_spotting, tmp_path_factory):
    """A few synthetic clips, and some of a human speaker who is to be judged with."""
    shipped = keyword_spotting.folder / keyword_spotting.recordings.folder
    voices, humans = tmp_path_factory.mktemp("voices"), tmp_path_factory.mktemp("humans")
    for label in (folder for folder in sorted(shipped.iterdir()) if folder.is_dir()):
        (voices / label.name).mkdir()
        for file in sorted(label.glob("*.flac"))[:CLIPS_A_LABEL]:
            shutil.copy(file, voices / label.name)
    (voices / "made.json").write_text("{}")
    (humans / "yes").mkdir()
    shutil.copy(next((shipped / "yes").glob("*.flac")), humans / "yes" / "a7545b9f_nohash_0.flac")
    return voices, humans


@pytest.fixture(scope="module")
def tiny(keyword_spotting):
    """The shipped recipe with a small network, one head, and one epoch each."""
    shipped = recipes.of(keyword_spotting).with_options(epochs=1, seed=7)
    blocks = (Block(filters=8, stride=2), Block(filters=8))
    network = shipped.student.network.model_copy(update={"filters": 8, "blocks": blocks, "stride": 4})
    schedule = shipped.teacher.schedule.model_copy(update={"epochs": 1})
    changed = {
        "student": shipped.student.model_copy(update={"network": network}),
        "teacher": shipped.teacher.model_copy(update={"heads": 1, "schedule": schedule}),
        "augmentation": shipped.augmentation.model_copy(update={"variants": 2}),
    }
    return shipped.model_copy(update=changed)


@pytest.fixture(scope="module")
def untaught(tiny):
    return tiny.model_copy(update={"teacher": None})


def test_a_seed_trains_the_same_int8_model_twice(keyword_spotting, clips, tiny, tmp_path):
    first, again = (tiny.train(keyword_spotting, clips, Silent()) for _ in range(2))
    assert first.data == again.data
    written = tmp_path / "tiny.tflite"
    written.write_bytes(first.data)
    model = Model.read(written)
    model.check(keyword_spotting)
    assert (model.input.scale, model.input.zero_point) == ((1 / 64,), (-64,))
    (judged,) = first.judged
    assert (judged.part, judged.int8.clips) == ("test", 1)


def test_a_teacher_makes_a_difference(keyword_spotting, clips, tiny, untaught):
    taught, alone = (each.train(keyword_spotting, clips[:1], Silent()) for each in (tiny, untaught))
    assert taught.data != alone.data


def test_another_seed_trains_another_model(keyword_spotting, clips, untaught):
    first = untaught.train(keyword_spotting, clips[:1], Silent())
    other = untaught.with_options(epochs=None, seed=8).train(keyword_spotting, clips[:1], Silent())
    assert first.data != other.data
    assert first.judged == ()


def test_a_model_is_quantised_as_the_workload_says(keyword_spotting, tiny, tmp_path):
    changed = keyword_spotting.features.model_copy(update={"scale": 0.1017, "zero_point": -128})
    other = keyword_spotting.model_copy(update={"features": changed})
    tensorflow, keras = backend.load(1)
    network = networks.build(keras, tiny.student.network, (49, 40), 12)
    clips = np.random.default_rng(1).integers(-128, 128, (4, 49, 40)).astype(np.int8)
    written = tmp_path / "other.tflite"
    written.write_bytes(conversion.to_int8(tensorflow, keras, network, clips, changed))
    model = Model.read(written)
    model.check(other)
    assert model.input.scale == (pytest.approx(0.1017, rel=1e-6),)
    assert model.input.zero_point == (-128,)
    with pytest.raises(ModelError, match="takes int8"):
        model.check(keyword_spotting)
