"""A bug in the firmware is named at the stage where it does harm, with its position and both values, everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lab.measuring.host import Expectation, Host
from lab.model import Model
from lab.outcomes.recording import Difference
from lab.recordings import sounds
from lab.workload import Workload
from tests.acceptance.bench import Ran

LISTENER = "firmware/apps/sensing/listener.cc"
MICROPHONE = "firmware/families/nrf52/sensors/microphone.cc"
INT8_MODEL = "firmware/runtime/int8_model.cc"
OPERATORS = "firmware/runtime/operators.cc"
DECISION = "firmware/runtime/decisions/label_scores.h"

WRONG_KERNEL = """\
TfLiteStatus (*right_invoke)(TfLiteContext*, TfLiteNode*) = nullptr;

TfLiteStatus wrong_invoke(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteStatus status = right_invoke(context, node);
  const tflm::Bytes output = tflm::output_of(context, node);
  for (size_t i = 5; i < output.size; ++i) {
    static_cast<uint8_t*>(const_cast<void*>(output.data))[i] ^= 0x80;
  }
  return status;
}

TfLiteRegistration* spoilt(tflite::BuiltinOperator code, TfLiteRegistration* registration) {
  if (code == tflite::BuiltinOperator_DEPTHWISE_CONV_2D) {
    right_invoke = registration->invoke;
    registration->invoke = wrong_invoke;
  }
  return registration;
}

"""
ADD_OPERATOR = "void add(Resolver& resolver, tflite::BuiltinOperator code, "
REGISTRATION = "AddBuiltin(code, &registration, "


@pytest.fixture
def host(keyword_spotting: Workload, model: Model) -> Host:
    return Host(keyword_spotting, model)


@pytest.fixture
def expected(host: Host, two_words: Path, keyword_spotting: Workload) -> Callable[[str], Expectation]:
    def of(clip: str) -> Expectation:
        samples = sounds.load(two_words / clip, 16_000, keyword_spotting.input.frames).samples
        return host.expect(samples)

    return of


def assert_named(ran: Ran, differences: Callable[[str], Difference]) -> None:
    """Each recording's first difference is the one that is told, in all places where people and programs look."""
    assert (ran.code, ran.result["verdict"], len(ran.clips)) == (1, "failed", 2)
    bit_exact = next(check for check in ran.run["checks"] if check["name"] == "bit_exact")
    assert (bit_exact["value"], bit_exact["passed"]) == (0, False)
    device_log = (ran.folder / "device.log").read_text(encoding="utf-8")
    for clip in ran.clips:
        difference = differences(clip["clip"])
        assert clip["difference"] == vars(difference)
        assert f"{clip['clip']}: {difference}" in ran.shown
        assert str(difference) in ran.robot_log
        assert f"-- differs from the host: {difference}\n" in device_log
    assert any(message.startswith("bit_exact is 0 %; limit: at least 100 % ") for message in ran.robot_failures())


def test_without_a_bug_device_and_host_agree(lab_run):
    assert [clip["difference"] for clip in lab_run().clips] == [None, None]


def test_one_bit_in_one_buffer_of_the_microphone_is_named_at_its_sample(checkout, lab_run, expected):
    spoils_the_sixth = (
        "if (static int n = 0; ++n == 6) {\n        buffers_[latches_ ? filling_ : queued_][7] ^= 4;\n}\n"
    )
    with checkout.edited(
        MICROPHONE, ("      sink_(buffers_[latches_", f"      {spoils_the_sixth}      sink_(buffers_[latches_")
    ):
        ran = lab_run()

    def sample(clip: str) -> Difference:
        right = int(expected(clip).samples[5 * 320 + 7])
        return Difference("samples", "sample 1607", right ^ 4, right, 1_607)

    assert_named(ran, sample)


def test_a_window_that_lies_one_byte_too_far_is_named_at_its_first_wrong_feature(checkout, lab_run, expected):
    """In the application: what is wrong in the features themselves is wrong on the host too, of the same source."""
    make = "  features_.make(values);\n"
    too_far = f"{make}  for (size_t i = Features::kValues - 1; i > 0; --i) {{\n    values[i] = values[i - 1];\n  }}\n"
    with checkout.edited(LISTENER, (make, too_far)):
        ran = lab_run()

    def feature(clip: str) -> Difference:
        right = expected(clip).features
        first = int(np.flatnonzero(right.ravel()[1:] != right.ravel()[:-1])[0]) + 1
        step, channel = divmod(first, right.shape[1])
        device, host = int(right.ravel()[first - 1]), int(right.ravel()[first])
        return Difference("features", f"step {step}, channel {channel}", device, host, first)

    assert_named(ran, feature)


def test_wrong_values_out_of_a_kernel_are_named_at_its_operator(checkout, lab_run, expected, host, model):
    with checkout.edited(
        OPERATORS,
        (ADD_OPERATOR, WRONG_KERNEL + ADD_OPERATOR),
        (REGISTRATION, "AddBuiltin(code, spoilt(code, &registration), "),
    ):
        ran = lab_run()
    index = [operator.name for operator in model.operators].index("DEPTHWISE_CONV_2D")

    def element(clip: str) -> Difference:
        right = int(host.operator_outputs(expected(clip).features)[index].ravel()[5])
        wrong = right + 128 if right < 0 else right - 128
        return Difference("operator", f"operator {index} DEPTHWISE_CONV_2D, element 5", wrong, right, 5)

    assert_named(ran, element)


def test_a_score_that_is_wrong_after_every_operator_was_right_is_named(checkout, lab_run, expected, keyword_spotting):
    copying = "  std::memcpy(output, output_, outputs_);\n"
    with checkout.edited(INT8_MODEL, (copying, f"{copying}  output[2] ^= 1;\n")):
        ran = lab_run()

    def score(clip: str) -> Difference:
        right = expected(clip).scores[2]
        return Difference("decision", f"score 2 ({keyword_spotting.labels[2]})", int(np.int8(right) ^ 1), right, 2)

    assert_named(ran, score)


def test_a_wrong_decision_from_right_scores_is_named(checkout, lab_run, expected, keyword_spotting):
    with checkout.edited(DECISION, ("std::max_element(scores", "std::min_element(scores")):
        ran = lab_run()

    def label(clip: str) -> Difference:
        outcome = expected(clip)
        decided = keyword_spotting.labels[int(np.argmin(outcome.scores))]
        return Difference("decision", "label", decided, outcome.decided)

    assert_named(ran, label)
