import numpy as np
import pytest

from lab.benching.reference import Reference
from lab.model import Model
from tests.building import tiny_model

pytest.importorskip("tflite_micro")


def test_a_model_smaller_than_what_the_interpreter_takes_for_itself_runs(tmp_path):
    file = tmp_path / "tiny.tflite"
    file.write_bytes(
        tiny_model.tflite_bytes(
            tiny_model.Graph(
                tensors=[tiny_model.Tensor((1, 4)), tiny_model.Tensor((1, 4), scale=1 / 256, zero_point=-128)],
                operators=[tiny_model.Operator(tiny_model.SOFTMAX, (0,), (1,), 2, {"Beta": 1.0})],
                outputs=[1],
            )
        )
    )
    (scores,) = Reference(Model.read(file), (np.zeros((1, 4), np.int8),)).outputs()
    assert scores.tolist() == [[-64, -64, -64, -64]]
