from __future__ import annotations

import gzip
import random
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lab.building import tflm
from lab.decisions import anomaly
from lab.errors import ModelError
from lab.model import Model
from tests.building import tiny_model
from tests.building.tiny_model import (
    CUSTOM,
    FLOAT16,
    FLOAT32,
    FULLY_CONNECTED,
    INT32,
    Graph,
    Operator,
    Tensor,
    classifier,
    tflite_bytes,
)


def examples() -> Path:
    """The models that the crate of TFLM's sources carries."""
    return tflm.source().root.parent.parent / "examples" / "models"


def test_a_model_tells_its_operators_shapes_and_work(write):
    model = Model.read(write(classifier()))
    assert [(one.name, one.version) for one in model.operators] == [("FULLY_CONNECTED", 4), ("SOFTMAX", 2)]
    assert (model.input.shape, model.input.dtype) == ((1, 49, 40, 1), "INT8")
    assert (model.output.shape, model.output.scale, model.output.zero_point) == ((1, 12), (1 / 256,), (-128,))
    assert model.macs == 12 * 49 * 40
    assert model.activation_bytes == 49 * 40 + 12 + 12
    assert model.size == len(model.data)


# Multiply-accumulates computed by hand from the layers' shapes.
@pytest.mark.parametrize(
    ("name", "operators", "macs"),
    [
        ("micro_speech", ["DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "SOFTMAX"], 25 * 20 * 8 * 80 + 4000 * 4),
        ("hello_world", ["QUANTIZE", *["FULLY_CONNECTED"] * 3, "DEQUANTIZE"], 16 + 16 * 16 + 16),
    ],
)
def test_models_that_others_trained_are_read(name, operators, macs):
    model = Model.read(examples() / f"{name}.tflite")
    assert [operator.name for operator in model.operators] == operators
    assert model.macs == macs


def test_a_model_that_fits_its_workload_passes(write, keyword_spotting):
    Model.read(write(classifier((1, 1960)))).check(keyword_spotting)
    Model.read(write(classifier((1, 49, 40)))).check(keyword_spotting)


@pytest.mark.produces("model-unreadable")
def test_a_missing_model_is_named_with_what_to_do(tmp_path):
    with pytest.raises(ModelError, match=r"nowhere\.tflite cannot be read: No such file") as error:
        Model.read(tmp_path / "nowhere.tflite")
    assert "Name a .tflite file" in error.value.remedy


def test_a_folder_in_place_of_a_model_is_an_error(tmp_path):
    with pytest.raises(ModelError, match="cannot be read: Is a directory"):
        Model.read(tmp_path)


def test_a_model_cut_short_anywhere_is_an_error(write):
    whole = (examples() / "hello_world.tflite").read_bytes()
    for length in range(len(whole)):
        with pytest.raises(ModelError, match="is not a whole TFLite model"):
            Model.read(write(whole[:length]))


def test_a_damaged_model_is_read_or_refused_but_never_breaks_the_reader(write):
    whole = (examples() / "hello_world.tflite").read_bytes()
    chance = random.Random(20261121)  # noqa: S311
    refused = 0
    for _ in range(3000):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(len(damaged))] = chance.choice((0, 255, chance.randrange(256)))
        try:
            Model.read(write(bytes(damaged)))
        except ModelError:
            refused += 1
    assert 1000 < refused < 3000


def test_a_small_file_with_countless_tables_is_refused_at_once(write, monkeypatch):
    tables = tiny_model._tables
    monkeypatch.setattr(tiny_model, "_tables", lambda builder, one: tables(builder, list(one) * 20_000))
    with pytest.raises(ModelError, match="holds 100,000 tables"):
        Model.read(write(classifier()))


def test_a_file_of_another_kind_is_refused(write):
    with pytest.raises(ModelError, match="are not TFL3"):
        Model.read(write(b"RIFF" + bytes(range(256)) * 16))


def test_weights_quantised_alone_are_refused_as_such(write):
    hybrid = classifier()
    for index in (0, 3, 4):
        hybrid.tensors[index].type = FLOAT32
    with pytest.raises(ModelError, match=r"quantised in its weights only \(FULLY_CONNECTED with float32") as error:
        Model.read(write(hybrid))
    assert "representative_dataset" in error.value.remedy
    assert error.value.details.startswith("operator 0 FULLY_CONNECTED: float32[1, 49, 40, 1], int8[12, 1960]")


def test_float16_weights_are_refused_as_such(write):
    half = classifier()
    half.tensors[1] = Tensor((12, 1960), FLOAT16, data=bytes(2 * 12 * 1960), scale=None)
    with pytest.raises(ModelError, match="float16 weights") as error:
        Model.read(write(half))
    assert "tf.float16" in error.value.remedy


def test_several_subgraphs_are_refused(write):
    twice = classifier()
    twice.subgraphs = 2
    with pytest.raises(ModelError, match="has 2 subgraphs"):
        Model.read(write(twice))


def test_a_dynamic_shape_is_refused(write):
    dynamic = classifier()
    dynamic.tensors[3].shape = (-1, 12)
    with pytest.raises(ModelError, match="sizes must be fixed"):
        Model.read(write(dynamic))


def test_a_tensor_read_before_it_is_written_is_refused(write):
    disordered = classifier()
    disordered.operators.reverse()
    with pytest.raises(ModelError, match="operator 0 SOFTMAX reads tensor 3 before it is written"):
        Model.read(write(disordered))


@pytest.mark.parametrize(
    ("index", "tensor", "complaint"),
    [
        (
            1,
            Tensor((12, 1961), data=bytes(12 * 1961)),
            r"operator 0 FULLY_CON.* no whole rows of 1961",
        ),
        (1, Tensor((12, 1960), data=bytes(100)), "needs 23,520 bytes and its buffer has 100"),
        (2, Tensor((11,), INT32, data=bytes(44)), "11 biases for 12 units"),
        (3, Tensor((1, 12), scale=None), "integers that have no scale"),
    ],
)
def test_shapes_that_contradict_each_other_are_refused(write, index, tensor, complaint):
    graph = classifier()
    graph.tensors[index] = tensor
    with pytest.raises(ModelError, match=complaint):
        Model.read(write(graph))


def test_an_index_beyond_the_tensors_is_refused(write):
    graph = classifier()
    graph.operators[0] = Operator(FULLY_CONNECTED, (0, 1, 99), (3,))
    with pytest.raises(ModelError, match="FULLY_CONNECTED names tensor 99 of 5"):
        Model.read(write(graph))


def test_other_features_than_the_models_are_an_error(write, keyword_spotting):
    with pytest.raises(ModelError, match=r"takes int8\[1, 40, 49, 1\]; the features of keyword-spotting are"):
        Model.read(write(classifier((1, 40, 49, 1)))).check(keyword_spotting)


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ((1, 49, 10, 1), "10 channels, not 40"),
        ((1, 50, 10, 1), "50 steps, not 49 and 10 channels, not 40"),
        ((1, 40, 49, 1), "steps and channels are exchanged"),
        ((1, 100), "100 values, not 1,960"),
    ],
)
def test_what_of_the_input_does_not_fit_is_named(write, keyword_spotting, shape, says):
    with pytest.raises(ModelError, match=rf": {says}\.$"):
        Model.read(write(classifier(shape))).check(keyword_spotting)


def test_another_type_than_the_features_is_an_error(keyword_spotting):
    model = Model.read(examples() / "micro_speech.tflite")
    with pytest.raises(ModelError, match=r"takes uint8\[1, 49, 40, 1\]; .*: its values are uint8, not int8"):
        model.check(keyword_spotting)


def test_other_labels_than_the_workloads_are_an_error(write, keyword_spotting):
    with pytest.raises(ModelError, match=r"answers with int8\[1, 11\]; keyword-spotting has 12 labels") as error:
        Model.read(write(classifier(labels=11))).check(keyword_spotting)
    assert "workload.toml" in error.value.remedy


def test_the_checksum_is_that_of_the_file(write):
    content = tflite_bytes(classifier())
    assert Model.read(write(content)).crc == Model.read(write(content)).crc
    assert Model.read(Path(examples() / "micro_speech.tflite")).crc == "55f16bf5"


def test_a_bias_with_a_scale_for_each_channel_may_name_its_filters_axis(write):
    """As in TFLM's own int8 person detection, of 2019."""
    network = classifier()
    scales = [0.0001] * 12
    bias = next(index for index, tensor in enumerate(network.tensors) if tensor.type == INT32)
    network.tensors[bias] = Tensor((12,), INT32, data=bytes(48), scale=scales, channel_dimension=3)
    assert len(Model.read(write(network)).tensors[bias].scale) == 12


def quantised(scale, zero_point, *, output=None):
    network = classifier()
    network.tensors[0].scale, network.tensors[0].zero_point = scale, zero_point
    network.tensors[0].channel_dimension = 1
    if output is not None:
        network.tensors[4].scale, network.tensors[4].zero_point = output
    return network


@pytest.mark.produces("model-quantisation")
@pytest.mark.parametrize(
    ("scale", "zero_point", "said"),
    [
        (0.1017, -128, "with scale 0.1017 and zero point -128"),  # TFLM's micro_speech
        (1 / 64, -63, "with scale 0.015625 and zero point -63"),
        (4 / 255, -64, "with scale 0.01568628 and zero point -64"),  # features of -1 to 3 as they came in training
        ([1 / 64] * 49, -64, "with 49 scales"),
    ],
)
def test_features_of_another_scale_are_refused_with_both(write, keyword_spotting, scale, zero_point, said):
    with pytest.raises(ModelError) as refused:
        Model.read(write(quantised(scale, zero_point))).check(keyword_spotting)
    line = keyword_spotting.file.read_text().splitlines().index("[features]") + 9
    assert f"takes int8[1, 49, 40, 1] {said}; the features of keyword-spotting are int8" in refused.value.message
    assert f"scale 0.015625 and zero point -64 ({keyword_spotting.file}:{line})" in refused.value.message
    assert "features.scale" in refused.value.remedy


def test_a_scale_that_rounds_every_feature_to_itself_will_do(write, keyword_spotting):
    Model.read(write(quantised(0.01562501, -64))).check(keyword_spotting)


def test_features_of_the_workloads_own_scale_are_taken(write, keyword_spotting):
    own = keyword_spotting.features.model_copy(update={"scale": 0.1017, "zero_point": -128})
    Model.read(write(quantised(0.1017, -128))).check(keyword_spotting.model_copy(update={"features": own}))


def test_scores_that_are_no_probabilities_are_refused_in_streams_alone(write, keyword_spotting):
    model = Model.read(write(quantised(1 / 64, -64, output=(0.2, 3))))
    model.check(keyword_spotting)
    with pytest.raises(ModelError, match=r"with scale 0\.2 and zero point 3, which are no probabilities"):
        model.check(keyword_spotting, streamed=True)


def test_scores_of_an_anomaly_need_not_be_probabilities(write, keyword_spotting):
    decision = anomaly.Settings(stride_ms=480, directions=12, threshold=1_000)
    of = keyword_spotting.model_copy(update={"decision": decision})
    Model.read(write(quantised(1 / 64, -64, output=(0.2, 3)))).check(of, streamed=True)


HDF5, ZIP = b"\x89HDF\r\n\x1a\n", b"PK\x03\x04\x14\0\0\0"


@pytest.mark.produces("model-format")
@pytest.mark.parametrize(
    ("name", "content", "is_a", "remedy"),
    [
        ("m.h5", HDF5 + bytes(100), "a Keras model", "from_keras_model(tf.keras.models.load_model('{file}'))"),
        ("m.keras", ZIP + b"..model.weights.h5..", "a Keras model", "load_model('{file}')"),
        ("m.zip", ZIP + bytes(100), "a zip archive", "unzip {file}"),
        ("m.tflite.gz", gzip.compress(b"model", mtime=0), "compressed with gzip", "gunzip --keep {file}"),
        ("m.onnx", b"\x08\x08\x12\x07pytorch" + bytes(100), "an ONNX model", "onnx2tf"),
        ("m.tflite", b"\x08\x07\x12\x04onnx" + bytes(100), "an ONNX model", "onnx2tf"),
        ("saved_model.pb", b"\x08\x01\x12" + bytes(100), "part of a SavedModel", "from_saved_model('{folder}')"),
        ("m.cc", b"alignas(8) const unsigned char g_model[] = {\n  0x1c, 0x00};\n", "C++ source", "re.findall"),
        ("m.h", b"const uint8_t model_data[3] = {1, 2, 3};\n", "C++ source", "open('{file}')"),
        ("m.tflite", b"version https://git-lfs.github.com/spec/v1\noid", "a pointer of Git LFS", "git lfs pull"),
        ("m.tflite", b"\n<!DOCTYPE html>\n<html>", "a web page", "Download the file itself"),
    ],
)
def test_a_file_of_another_format_is_named_with_its_conversion(tmp_path, name, content, is_a, remedy):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ModelError) as refused:
        Model.read(file)
    assert refused.value.message.startswith(f"{file} is {is_a}")
    assert refused.value.message.endswith(", not a .tflite model.")
    assert remedy.format(file=file, folder=tmp_path) in refused.value.remedy


def test_a_saved_model_folder_is_named_with_its_conversion(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"\x08\x01")
    with pytest.raises(ModelError, match=r"is a SavedModel folder, not a \.tflite model") as refused:
        Model.read(tmp_path)
    assert f"from_saved_model('{tmp_path}')" in refused.value.remedy


def test_what_is_said_of_an_array_gives_the_model_back(tmp_path, monkeypatch):
    model = tflite_bytes(classifier((1, 5)))
    file = tmp_path / "model.cc"
    lines = [", ".join(f"0x{byte:02x}" for byte in model[at : at + 12]) for at in range(0, len(model), 12)]
    file.write_text("unsigned char model[] = {\n" + ",\n".join(lines) + "};\n")
    with pytest.raises(ModelError) as refused:
        Model.read(file)
    monkeypatch.chdir(tmp_path)
    command = refused.value.remedy.partition("python3 ")[2]
    subprocess.run([sys.executable, *shlex.split(command)], check=True)
    assert Model.read(tmp_path / "model.tflite").data == model


def test_values_of_64_bits_may_be_aligned_to_32(write):
    """TFLM and LiteRT run such files, which writers other than TensorFlow's make."""
    whole = bytearray(tflite_bytes(classifier((1, 5))))
    vector = whole.index(np.int64(-64).tobytes()) - 4  # behind its length
    field = max(at for at in range(0, vector, 4) if at + int.from_bytes(whole[at : at + 4], "little") == vector)
    moved = len(whole) + -len(whole) % 8
    shifted = whole.ljust(moved, b"\0") + whole[vector : vector + 12]
    shifted[field : field + 4] = (moved - field).to_bytes(4, "little")
    model = Model.read(write(bytes(shifted)))
    assert (model.input.scale, model.input.zero_point) == ((1 / 64,), (-64,))


@pytest.mark.produces("operator-custom")
@pytest.mark.parametrize(
    ("name", "said", "remedy"),
    [
        ("ethos-u", "the custom operator ethos-u, made for Arm's Ethos-U by Vela;", "before it was compiled"),
        ("SignalWindow", "the custom operator SignalWindow; the boards have", "allow_custom_ops = False"),
    ],
)
def test_a_custom_operator_is_named_whatever_its_tensors(write, name, said, remedy):
    graph = classifier()
    graph.operators[1] = Operator(CUSTOM, (3,), (4,), custom=name)
    graph.operators.reverse()
    with pytest.raises(ModelError) as refused:
        Model.read(write(graph))
    assert said in refused.value.message
    assert remedy in refused.value.remedy


def test_a_tensor_that_nothing_uses_may_have_any_shape(write):
    """Converters leave intermediates of an LSTM without a size."""
    graph = classifier()
    graph.tensors.append(Tensor((0,)))
    assert len(Model.read(write(graph)).tensors) == 6


def test_several_subgraphs_are_refused_with_what_helps(write):
    twice = classifier()
    twice.subgraphs = 2
    with pytest.raises(ModelError) as refused:
        Model.read(write(twice))
    assert "tf_keras" in refused.value.remedy
    assert "unroll=True" in refused.value.remedy


def test_a_second_subgraph_may_fill_variables(write):
    model = Model.read(write(tiny_model.counting()))
    assert [one.name for one in model.filling] == ["VAR_HANDLE", "ASSIGN_VARIABLE"]
    given = [model.given(one) for one in model.operators]
    assert [tensor and tensor.shape for tensor in given] == [None, None, (1, 4), (1, 4), None]


def test_a_second_subgraph_that_computes_is_refused(write):
    graph = tiny_model.counting()
    graph.filling[1].append(Operator(tiny_model.ADD, (1, 1), (1,), 2))
    with pytest.raises(ModelError, match="has 2 subgraphs, of which one does more than to fill variables"):
        Model.read(write(graph))


def test_a_variable_of_two_sizes_is_refused(write):
    """TFLM would write as many bytes as the variable has, behind the smaller tensor."""
    graph = tiny_model.counting()
    graph.filling[0][1] = Tensor((1, 400), data=bytes(400))
    with pytest.raises(ModelError, match=r"ASSIGN_VARIABLE takes a variable to be int8\[1, 400\]") as refused:
        Model.read(write(graph))
    assert refused.value.code == "operator-misfit"


def test_a_variable_that_no_handle_gives_is_refused(write):
    graph = tiny_model.counting()
    graph.inputs = [0, 1]
    del graph.operators[1]
    with pytest.raises(ModelError, match="no VAR_HANDLE of its subgraph gives"):
        Model.read(write(graph))


def test_damage_to_a_model_with_variables_is_read_or_refused():
    """Names of variables lie where no schema looks."""
    whole, generator, refused = tiny_model.tflite_bytes(tiny_model.counting()), np.random.default_rng(5), 0
    for _ in range(600):
        damaged = bytearray(whole)
        damaged[generator.integers(len(whole))] = generator.integers(256)
        try:
            Model.of(Path("damaged.tflite"), bytes(damaged))
        except ModelError:
            refused += 1
    assert 100 < refused < 600


def test_a_model_without_operators_is_refused(write):
    with pytest.raises(ModelError, match="has no operators"):
        Model.read(write(Graph([Tensor((1, 4))], [], outputs=[0])))
