"""A board that listens: what it reports, and how each way of going wrong is told."""

import json
import struct

import numpy as np
import pytest

from lab import target, workload
from lab.engines.machine import Counters, Mark
from lab.errors import ArenaTooSmall, ConfigurationError, DeviceFault, DeviceSilent, FirmwareError
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from tests.measuring.fake_machine import PARAMETERS_AT, BareFirmware, ScriptedEngine, ScriptedMachine

BOOT = json.dumps(
    {
        "event": "boot",
        "protocol": 1,
        "target": "nano33ble",
        "application": "keyword-spotting",
        "mode": "clip",
        "model_crc": "0badcafe",
        "arena_used": 20_000,
        "arena_size": 32_768,
    }
)
INFERENCE = json.dumps(
    {
        "event": "inference",
        "n": 0,
        "time_ms": 1000,
        "label": "yes",
        "scores": [-128] * 12,
        "samples_crc": "00000000",
        "features_crc": "00000000",
        "cycles": 5,
    }
)
STATISTICS = json.dumps(
    {
        "event": "statistics",
        "time_ms": 1000,
        "buffers": 50,
        "lost_samples": 0,
        "late_inferences": 0,
        "stack_used": 1024,
        "stack_size": 8192,
    }
)
MARKS = [Mark("lab_mark", 1, Counters(100, 150, 2_000_000)), Mark("lab_mark", 2, Counters(1100, 2150, 3_000_000))]
SILENCE = np.zeros(16_000, np.int16)


def board(machine: ScriptedMachine) -> Board:
    parameters = Parameters("clip", 16_000)
    return Board(
        ScriptedEngine(machine), target.load("nano33ble"), workload.load("keyword-spotting"), BareFirmware(), parameters
    )


def test_counts_of_a_recording_are_those_between_the_marks_of_its_inference():
    heard = board(ScriptedMachine([BOOT], [INFERENCE, STATISTICS], MARKS)).listen(SILENCE)
    assert (heard.instructions, heard.cycles) == (1000, 2000)
    assert heard.awake_cycles == 2150
    # 1 ms from boot (at 1 ms) to the inference's beginning (at 2 ms), at 64 MHz, and the inference's 2,000 cycles
    assert heard.cpu_load == 2150 / (64_000 + 2000)
    assert heard.inference.label == "yes"
    assert heard.statistics.stack_used == 1024


def test_lines_of_a_recording_leave_out_what_was_printed_before_it():
    heard = board(ScriptedMachine(["hello", BOOT], ["text", INFERENCE, STATISTICS], MARKS)).listen(SILENCE)
    assert heard.lines == ("text", INFERENCE, STATISTICS)


def test_the_mode_is_written_into_the_parameter_block_before_boot():
    machine = ScriptedMachine([BOOT], [])
    board(machine)
    words = struct.unpack_from("<11I", machine.memory, PARAMETERS_AT)
    assert words == (0x5042414C, 2, 1, 16000, 50, 1, 178, 1000, 0, 0xFFFFFFFF, 66560)


@pytest.mark.produces("parameter-block")
def test_firmware_with_another_parameter_block_is_refused():
    machine = ScriptedMachine([BOOT], [])
    struct.pack_into("<I", machine.memory, PARAMETERS_AT + 4, 9)
    with pytest.raises(ConfigurationError, match="version 9"):
        board(machine)
    assert machine.closed


def test_a_fault_line_names_function_and_source_line():
    fault = {"event": "fault", "kind": "HardFault", "pc": "0x00000204", "lr": "0x101", "cfsr": "0x8200"}
    machine = ScriptedMachine([BOOT], [json.dumps(fault)])
    with pytest.raises(DeviceFault, match=r"HardFault at pc 0x00000204 in crash\+0x4 \(crash.cc:7\)") as caught:
        board(machine).listen(SILENCE)
    assert "last device lines" in caught.value.details


def test_a_silent_device_is_told_with_what_was_awaited():
    with pytest.raises(DeviceSilent, match="no inference line within 21 virtual seconds"):
        board(ScriptedMachine([BOOT], [])).listen(SILENCE)


def test_an_arena_error_is_its_own_kind():
    error = json.dumps({"event": "error", "what": "arena", "message": "AllocateTensors failed"})
    with pytest.raises(ArenaTooSmall, match="AllocateTensors failed"):
        board(ScriptedMachine([error], []))


@pytest.mark.produces("start-failed")
def test_another_error_at_the_start_is_told_in_the_firmwares_words():
    error = json.dumps({"event": "error", "what": "microphone", "message": "no clock"})
    with pytest.raises(FirmwareError, match=r"could not start \(microphone\): no clock"):
        board(ScriptedMachine([error], []))


@pytest.mark.produces("sensor-failed")
def test_a_sensor_that_fails_is_told_in_the_drivers_words():
    error = json.dumps({"event": "error", "what": "sensor", "message": "It does not answer at address 0x6b"})
    with pytest.raises(FirmwareError, match="sensor failed: It does not answer at address 0x6b"):
        board(ScriptedMachine([BOOT], [error])).listen(SILENCE)


def test_a_sensor_that_fails_while_time_passes_ends_the_run():
    error = json.dumps({"event": "error", "what": "sensor", "message": "It no longer answers"})
    device = board(ScriptedMachine([BOOT], [error]))
    device.restart(SILENCE)
    with pytest.raises(FirmwareError, match="no longer answers"):
        device.run_for(1.0)


def test_a_known_event_that_lacks_a_field_is_an_error_of_the_firmware():
    with pytest.raises(FirmwareError, match="bad 'time_ms'"):
        board(ScriptedMachine([BOOT], ['{"event": "inference", "n": 0}'])).listen(SILENCE)


def test_an_inference_without_marks_is_refused():
    with pytest.raises(FirmwareError, match="lab_mark"):
        board(ScriptedMachine([BOOT], [INFERENCE, STATISTICS])).listen(SILENCE)
