"""Firmware that hangs, crashes or talks nonsense: the run ends with where it was, and never with a traceback."""

from __future__ import annotations

import zlib

import pytest

from lab.engines.builtin import machine
from lab.recordings import sounds
from tests.acceptance.bench import APPLICATION, Checkout, Ran, start

LOG = "firmware/families/nrf52/log.cc"
MICROPHONE = "firmware/families/nrf52/sensors/microphone.cc"
INFER = "void infer(const Decision& decision, uint32_t samples_crc) {\n"
SCORES = '      .numbers("scores", lab_scores, Decision::kScores)\n'
BOOTS = "  lab::say_boot(one_clip);\n"


def calling(body: str) -> tuple[str, str]:
    """Makes the application call a function with that body, of one line, before each inference."""
    return (INFER, f"__attribute__((noipa)) void planted_bug() {{ {body} }}\n{INFER}  planted_bug();\n")


def place_of(checkout: Checkout, text: str) -> str:
    """`file:line` of the application's line that has the text."""
    lines = checkout.text(APPLICATION).splitlines()
    return f"main.cc:{next(number for number, line in enumerate(lines, 1) if text in line)}"


def assert_ended(ran: Ran, code: int, kind: str, *parts: str) -> None:
    """The run ended early with that error, as exit code, result, terminal and Robot's log all say."""
    verdict = "failed" if code == 1 else "error"
    assert (ran.code, ran.result["verdict"], ran.error["kind"], ran.clips) == (code, verdict, kind, [])
    assert (ran.result["fingerprint"], ran.run["checks"]) == (None, [])
    said = f"{ran.error['message']}\n{ran.error['details']}"
    for part in parts:
        assert part in said
    assert " ".join(ran.error["message"].split()) in ran.shown
    assert ran.robot_failures()
    assert all(ran.error["message"] in message for message in ran.robot_failures())


@pytest.mark.produces("device-silent")
def test_a_loop_without_end_is_a_silent_device_with_the_place_where_it_loops(checkout, lab_run):
    with checkout.edited(APPLICATION, calling("for (volatile bool forever = true; forever;) {}")):
        place = place_of(checkout, "forever")
        ran = lab_run()
    assert_ended(ran, 1, "DeviceSilent", "printed no inference line within 21 virtual seconds", f"({place})")
    assert "planted_bug" in ran.error["details"]
    assert '"event":"boot"' in ran.error["details"]
    assert " x " in ran.error["details"], "the trace counts the rounds of the loop"


def test_a_firmware_that_prints_nothing_is_a_silent_device(checkout, lab_run):
    with checkout.edited(
        LOG,
        (
            "void write_log(const char* text, size_t size) {\n",
            "void write_log(const char* text, size_t size) {\n  if (size != 0) {\n    return;\n  }\n",
        ),
    ):
        ran = lab_run()
    assert_ended(ran, 1, "DeviceSilent", "printed no boot line within 2 virtual seconds", "(nothing)")


def test_an_interrupt_that_is_never_cleared_keeps_the_emulator_too_busy(checkout, lab_run, monkeypatch):
    monkeypatch.setattr(machine, "_HOST_SECONDS", 4)
    monkeypatch.setattr(machine, "_HOST_SECONDS_PER_VIRTUAL", 0)
    with checkout.edited(MICROPHONE, ("      pdm().EVENTS_END = 0;\n      sink_(", "      sink_(")):
        ran = lab_run()
    # The host's clock decides whether it stands in the handler or between two calls of it; both lead through it.
    assert_ended(ran, 1, "FirmwareError", "kept the emulator too busy", "pdm_handler")


def test_a_firmware_that_prints_for_ever_fails_with_what_it_printed(checkout, lab_run, monkeypatch):
    monkeypatch.setattr(machine, "_OUTPUT", 1 << 16)  # a sixteenth, which ends the same way
    forever = 'char text[] = "on and on\\r\\n"; for (;;) board::write_log(text, sizeof(text) - 1);'
    with checkout.edited(APPLICATION, calling(forever)):
        ran = lab_run()
    assert_ended(ran, 1, "FirmwareError", "prints without end", "on and on", "planted_bug")


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ('asm volatile("udf #0");', ["UsageFault", "undefined instruction"]),
        (
            "*reinterpret_cast<volatile uint32_t*>(0x60000000) = 1;",
            ["BusFault", "access to 0x60000000, where there is nothing"],
        ),
        (
            "*reinterpret_cast<volatile uint32_t*>(0) = 1;",
            ["Fault"],
        ),
    ],
    ids=["undefined instruction", "store to nothing", "null pointer"],
)
@pytest.mark.produces("device-fault")
def test_a_fault_is_named_with_function_line_and_what_led_there(checkout, lab_run, body, parts):
    with checkout.edited(APPLICATION, calling(body)):
        place = place_of(checkout, "planted_bug() {")
        ran = lab_run()
    assert_ended(ran, 1, "DeviceFault", *parts, '"event":"boot"', '"event":"fault"')
    assert "planted_bug" in ran.error["message"]
    assert f"({place})" in ran.error["message"]
    blocks = ran.error["details"].partition("before the fault, oldest first:\n")[2].partition("Last basic blocks")[0]
    assert "planted_bug" in blocks
    assert 10 <= len(blocks.splitlines()) <= 64


def test_a_jump_to_nowhere_is_a_fault_with_what_led_there(checkout, lab_run):
    jump = "volatile uintptr_t nowhere = 0x70000001; reinterpret_cast<void (*)()>(nowhere)();"
    with checkout.edited(APPLICATION, calling(jump)):
        ran = lab_run()
    assert_ended(ran, 1, "DeviceFault", "0x70000000", "planted_bug", '"event":"fault"')


def test_a_stack_overflow_is_a_fault_in_the_function_that_went_too_deep(checkout, lab_run):
    deeper = (
        "__attribute__((noipa)) int planted_depth(int left) {"
        " volatile char page[256]; page[0] = 1; return left == 0 ? 0 : planted_depth(left - 1) + page[0]; }\n"
    )
    old, new = calling("planted_depth(1000);")
    with checkout.edited(APPLICATION, (old, deeper + new)):
        ran = lab_run()
    assert_ended(ran, 1, "DeviceFault", "planted_depth")


def test_a_fault_handler_that_faults_is_a_lock_up_with_its_place(checkout, lab_run):
    handler = "firmware/cores/cortex_m/faults.cc"
    recovery = "  board::recover_log();\n"
    with (
        checkout.edited(APPLICATION, calling('asm volatile("udf #0");')),
        checkout.edited(handler, (recovery, f'  asm volatile("udf #1");\n{recovery}')),
    ):
        ran = lab_run()
    assert_ended(ran, 1, "DeviceFault", "undefined instruction", "The core locked up", "report_fault", "(faults.cc:")
    assert "planted_bug" in ran.error["details"]


@pytest.mark.produces("protocol-line")
def test_a_fault_report_without_a_number_is_named(checkout, lab_run):
    with (
        checkout.edited(APPLICATION, calling('asm volatile("udf #0");')),
        checkout.edited("firmware/cores/cortex_m/faults.cc", ('.hex("pc", frame.pc)', '.text("pc", "nowhere")')),
    ):
        ran = lab_run()
    assert_ended(ran, 1, "FirmwareError", "'fault' line has a bad 'pc'")


def test_a_main_that_returns_is_a_silent_device(checkout, lab_run):
    with checkout.edited(APPLICATION, (BOOTS, f"{BOOTS}  if (one_clip) {{\n    return 0;\n  }}\n")):
        ran = lab_run()
    assert_ended(ran, 1, "DeviceSilent", "printed no inference line", "sleep_forever")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_crash_in_the_middle_leaves_what_was_heard_before(checkout, tmp_path, two_words, jobs):
    last = sounds.load(min((two_words / "yes").iterdir()), 16_000, 16_000).samples
    crash = f'{INFER}  if (samples_crc == {zlib.crc32(last.tobytes())}u) {{\n    asm volatile("udf #0");\n  }}\n'
    options = ("--json", "--recordings", two_words, "--jobs", jobs, "--out", tmp_path / "run")
    with checkout.edited(APPLICATION, (INFER, crash)):
        process = start("run", "keyword-spotting", *options, folder=tmp_path, project=checkout.folder)
        ran = process.finish(tmp_path / "run")
    assert (ran.code, ran.result["verdict"], ran.error["kind"]) == (1, "failed", "DeviceFault")
    assert [clip["clip"].partition("/")[0] for clip in ran.clips] == ["stop"]
    assert (ran.result["fingerprint"], ran.run["checks"]) == (None, [])
    assert ran.out == (ran.folder / "result.json").read_text(encoding="utf-8")
    assert "UsageFault at pc 0x" in ran.err
    assert "Last basic blocks before the fault, oldest first:" in ran.err
    assert "== ended by: UsageFault" in (ran.folder / "device.log").read_text(encoding="utf-8")


def test_garbage_in_the_log_is_kept_and_does_no_harm(checkout, lab_run):
    garbage = [
        r"\xff\xfe\x01 \x1b[2J",
        r"{\"event\":\"inference\"",
        r"{\"event\":[1]}",
        r"{\"event\":null} trailing",
        r"[[[[[[[[",
        r"\"boot\"",
        r"{\"event\":\"wonder\",\"of\":\"the world\"}",
        "[" * 2000,
    ]
    said = "".join(
        f'  {{ char text[] = "{line}\\r\\n"; board::write_log(text, sizeof(text) - 1); }}\n' for line in garbage
    )
    with checkout.edited(APPLICATION, (BOOTS, f"{said}{BOOTS}"), (INFER, f"{INFER}{said}")):
        ran = lab_run()
    assert [clip["difference"] for clip in ran.clips] == [None, None]
    assert '{"event":"wonder","of":"the world"}\n' in (ran.folder / "device.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "instead", "complaint"),
    [
        (SCORES, "", "'inference' line has a bad 'scores'"),
        pytest.param(
            SCORES,
            SCORES.replace("kScores", "kScores - 1"),
            "11 scores; keyword-spotting has 12 and the 12 labels",
            marks=pytest.mark.produces("labels-differ"),
        ),
        (
            '      .crc("samples_crc", samples_crc)\n',
            '      .number("samples_crc", samples_crc)\n',
            "bad 'samples_crc'",
        ),
        (
            '      .text("label", workload::kLabels[decision.label(lab_scores)])\n',
            '      .text("label", &workload::kLabels[decision.label(lab_scores)][1])\n',
            "has the label '",
        ),
        ('      .number("stack_used", board::stack_used())\n', "", "'statistics' line has a bad 'stack_used'"),
        pytest.param(
            '  line.number("protocol", 1)\n',
            '  line.number("protocol", 2)\n',
            "protocol 2",
            marks=pytest.mark.produces("protocol-version"),
        ),
    ],
    ids=["no scores", "a score too few", "a CRC that is a number", "an unknown label", "no stack", "protocol"],
)
def test_a_line_that_breaks_the_protocol_is_named(checkout, lab_run, line, instead, complaint):
    with checkout.edited(APPLICATION, (line, instead)):
        ran = lab_run()
    assert_ended(ran, 1, "FirmwareError", complaint)


@pytest.mark.produces("marks-missing")
def test_an_inference_without_its_marks_is_named(checkout, lab_run):
    with checkout.edited("firmware/runtime/network.cc", ("  lab_mark(mark::kInferenceBegins);\n", "")):
        ran = lab_run()
    assert_ended(ran, 1, "FirmwareError", "without calling lab_mark(1)")
