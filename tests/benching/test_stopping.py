"""Where a device stood that did not come to the end, with boards that are made up."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from lab.benching.stopping import inferred
from lab.errors import DeviceFault, DeviceSilent, FirmwareError
from lab.model import Model
from tests.building import tiny_model


@pytest.fixture
def model(tmp_path):
    (tmp_path / "tiny.tflite").write_bytes(tiny_model.tflite_bytes(tiny_model.classifier()))
    return Model.read(tmp_path / "tiny.tflite")


def image(error=None, *, at=0, operators=2):
    """A board that raises in inference `at`, and with its operators traced after so many of them."""

    @contextmanager
    def board(*, trace_operators=False):
        made = iter(range(1_000_000))

        def infer(_model, _given):
            if error and next(made) == at:
                raise error
            return "inferred"

        def steps(_given, count):
            now = next(made)
            for index in range(count):
                if error and now == at and index == operators:
                    raise error
                yield index
            if error and now == at and operators == count:
                raise error

        yield SimpleNamespace(steps=steps) if trace_operators else SimpleNamespace(infer=infer)

    return SimpleNamespace(board=board)


@pytest.mark.parametrize("kind", [DeviceFault, DeviceSilent])
def test_the_operator_and_the_inference_are_told_beside_what_was_told_before(model, kind):
    error = kind("It was silent.", remedy="Look.", details="last words", code="as-before")
    with pytest.raises(kind) as raised:
        inferred(model, image(error, at=2, operators=1), [()] * 5)
    assert raised.value.message == "It was silent, in operator 1 SOFTMAX (int8[1, 12] to int8[1, 12]) of inference 2."
    assert (raised.value.remedy, raised.value.details, raised.value.code) == ("Look.", "last words", "as-before")


def test_of_one_inference_the_operator_alone_is_told(model):
    with pytest.raises(DeviceFault, match=r", in operator 0 FULLY_CONNECTED \([^()]*\)\.$"):
        inferred(model, image(DeviceFault("A fault."), operators=0), [()])


@pytest.mark.parametrize("operators", [2, 3], ids=["behind the last operator", "nowhere"])
def test_what_is_met_in_no_operator_is_told_as_it_was(model, operators):
    with pytest.raises(DeviceFault, match=r"^A fault\.$"):
        inferred(model, image(DeviceFault("A fault."), operators=operators), [()])


def test_what_the_device_says_by_itself_is_not_looked_for(model):
    with pytest.raises(FirmwareError, match=r"^Node ADD failed\.$"):
        inferred(model, image(FirmwareError("Node ADD failed."), operators=0), [()])


@pytest.mark.parametrize(("count", "told"), [(99, 0), (100, 10), (250, 10)])
def test_of_many_inferences_progress_is_told(model, count, told):
    said = []
    assert len(inferred(model, image(), [()] * count, said.append)) == count
    assert len(said) == told
    assert not said or said[-1] == f"{count} of {count} inferences"
