"""`lab bench` over several boards, with made-up outcomes."""

import json
import math

import pytest

from lab.benching.accuracy import Accuracy
from lab.benching.agreement import Agreement
from lab.benching.comparing import Host
from lab.benching.outcome import Inference, OperatorCost, Outcome, OutputValues
from lab.benching.serving import Expected
from lab.cli import bench as command
from lab.cli import main
from lab.errors import ArenaTooSmall
from tests.building import tiny_model


def outcome(board, differing=0):
    return Outcome(
        model="tiny.tflite",
        model_crc="0",
        target=board,
        kernels="reference",
        agreement=Agreement(values=12, differing=differing),
        compared_with="TFLM",
        instructions=1,
        cycles=None,
        cost_model=None,
        latency_ms=None,
        arena_used_bytes=1,
        arena_smallest_bytes=1,
        flash_bytes=1,
        ram_bytes=1,
        stack_used_bytes=1,
        operators=(),
    )


@pytest.fixture
def tiny(tmp_path):
    file = tmp_path / "tiny.tflite"
    file.write_bytes(tiny_model.tflite_bytes(tiny_model.classifier()))
    return str(file)


def test_a_board_without_room_is_named_and_the_others_go_on(monkeypatch, capsys, tiny):
    def benched(model, board, *_):
        if board.name == "nano33ble":
            raise ArenaTooSmall("tiny.tflite needs a larger arena than the RAM of nano33ble has room for.")
        return outcome(board.name)

    monkeypatch.setattr(command, "bench", benched)
    assert main(["bench", tiny, "--target", "nano33ble", "--target", "esp32c3", "--json"]) == 1
    said = capsys.readouterr()
    assert [one["target"] for one in json.loads(said.out)] == ["esp32c3"]
    assert "error[arena-too-small]: tiny.tflite needs a larger arena" in said.err


def test_a_seed_below_zero_is_refused(capsys, tiny):
    assert main(["bench", tiny, "--seed", "-1"]) == 2
    assert "--seed" in capsys.readouterr().err


@pytest.mark.parametrize(("differing", "code"), [(0, 0), (3, 1)])
def test_the_exit_code_says_whether_every_output_equals_the_hosts(monkeypatch, capsys, tiny, differing, code):
    monkeypatch.setattr(command, "bench", lambda _model, board, *_: outcome(board.name, differing))
    assert main(["bench", tiny, "--target", "nano33ble"]) == code
    assert ("bit for bit" in capsys.readouterr().out) == (code == 0)


def test_json_has_what_is_no_number_as_text(monkeypatch, capsys, tiny):
    """JSON itself has no NaN and no infinity, and strict readers refuse them."""
    values = OutputValues(name="", type="float32", shape=(2,), scale=(), zero_point=(), values=(math.nan, -math.inf))
    apart = Agreement(values=2, differing=1, is_float=True, largest_error=math.inf, largest_ulp=7, tolerance=1)
    made = outcome("nano33ble").model_copy(update={"outputs": (values,), "agreement": apart})
    monkeypatch.setattr(command, "bench", lambda *_: made)
    assert main(["bench", tiny, "--target", "nano33ble", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert found["outputs"][0]["values"] == ["NaN", "-Infinity"]
    assert found["agreement"]["largest_error"] == "Infinity"


def test_the_first_values_of_an_output_are_shown(monkeypatch, capsys, tiny):
    values = OutputValues(name="", type="int8", shape=(1, 12), scale=(), zero_point=(), values=tuple(range(12)))
    monkeypatch.setattr(command, "bench", lambda *_: outcome("nano33ble").model_copy(update={"outputs": (values,)}))
    assert main(["bench", tiny, "--target", "nano33ble"]) == 0
    assert "output int8[1, 12]: 0, 1, 2, 3, 4, 5, 6, 7, … (12 values; --json prints all)" in capsys.readouterr().out


@pytest.mark.parametrize("boards", [(), ("all",), ("nano33ble", "all")])
def test_all_is_every_board_once_as_it_is_where_none_is_named(monkeypatch, capsys, tiny, boards):
    monkeypatch.setattr(command, "bench", lambda _model, board, *_: outcome(board.name))
    assert main(["bench", tiny, "--json", *(word for board in boards for word in ("--target", board))]) == 0
    ran = [one["target"] for one in json.loads(capsys.readouterr().out)]
    assert sorted(ran) == ["esp32c3", "nano33ble", "stm32f746g"]


def test_a_board_that_there_is_not_is_refused_before_any_runs(monkeypatch, tiny):
    monkeypatch.setattr(command, "bench", lambda *_: pytest.fail("ran"))
    assert main(["bench", tiny, "--target", "nano33ble", "--target", "nano34ble"]) == 2


def test_a_limit_for_the_accuracy_needs_labels(monkeypatch, capsys, tiny):
    monkeypatch.setattr(command, "bench", lambda *_: pytest.fail("ran"))
    assert main(["bench", tiny, "--min-accuracy", "0.9"]) == 2
    assert "--min-accuracy needs labels" in capsys.readouterr().err


@pytest.mark.parametrize(("minimum", "code"), [(None, 0), (0.5, 0), (0.75, 1)])
def test_an_accuracy_below_its_limit_fails(monkeypatch, capsys, tiny, minimum, code):
    reached = Accuracy(labelled=2, device_right=1, host_right=2, minimum=minimum)
    monkeypatch.setattr(command, "bench", lambda *_: outcome("nano33ble").model_copy(update={"accuracy": reached}))
    assert main(["bench", tiny, "--target", "nano33ble"]) == code
    limit = "" if minimum is None else f"; limit ≥ {100 * minimum:g} %{', not reached' if code else ''}"
    assert f"accuracy on the device 50 % (1 of 2), on the host 100 % (2 of 2){limit}\n" in capsys.readouterr().out


def test_the_costs_of_several_inferences_are_the_largest_with_the_least_beside(monkeypatch, capsys, tiny):
    made = [
        Inference(index=at, agreement=None, outputs=((at,),), instructions=count, cycles=None)
        for at, count in enumerate((1_200, 1_500))
    ]
    made = outcome("nano33ble").model_copy(update={"instructions": 1_500, "inferences": tuple(made)})
    monkeypatch.setattr(command, "bench", lambda *_: made)
    assert main(["bench", tiny, "--target", "nano33ble"]) == 0
    said = capsys.readouterr().out
    assert "bit for bit: 12 values in 2 inferences." in said
    assert "the most of all inferences, and the least 1,200" in said


def operator(index, name, computed):
    return OperatorCost(
        index=index, name=name, kernels=computed, output=(1, 2), instructions=1, cycles=None, macs=0, share=0.5
    )


@pytest.mark.parametrize(("others", "code"), [((), 0), ((1,), 1)])
def test_operators_of_other_kernels_than_expected_are_named(monkeypatch, capsys, tiny, others, code):
    operators = operator(0, "CONV_2D", "cmsis-nn"), operator(1, "ADD", "reference")
    expected = Expected(kernels="cmsis-nn", others=others)
    made = {"kernels": "cmsis-nn", "operators": operators, "expected_kernels": expected}
    monkeypatch.setattr(command, "bench", lambda *_: outcome("nano33ble").model_copy(update=made))
    assert main(["bench", tiny, "--target", "nano33ble", "--expect-kernels", "cmsis-nn"]) == code
    said = capsys.readouterr().out
    assert "on nano33ble, cmsis-nn kernels for 1 of 2 operators" in said
    assert ("cmsis-nn was to compute: 1 ADD (reference)." in said) == (code == 1)


def test_kernels_that_there_are_not_are_expected_by_nobody(monkeypatch, capsys, tiny):
    monkeypatch.setattr(command, "bench", lambda *_: pytest.fail("ran"))
    assert main(["bench", tiny, "--expect-kernels", "auto"]) == 2
    assert "cmsis-nn, esp-nn, reference" in capsys.readouterr().err


def test_the_host_runs_once_for_all_boards(monkeypatch, capsys, tiny):
    made = []
    monkeypatch.setattr(command.Host, "of", lambda _model, _steps: made.append("once") or Host(None, "nothing runs it"))
    seen = []

    def benched(_model, board, _given, on_host, *_):
        seen.append(on_host())
        return outcome(board.name)

    monkeypatch.setattr(command, "bench", benched)
    assert main(["bench", tiny, "--json"]) == 0
    assert (made, len(seen)) == (["once"], 3)
    assert len({id(one) for one in seen}) == 1
