"""`lab conformance`: what it says of a difference, what it refuses, how a record is made and used."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from lab.conformance import difference, record, recorded, workloads
from lab.conformance.case import Case, LeftOut, OtherImage, hash_of
from lab.conformance.choice import Choice
from lab.conformance.feeds import Feeds
from lab.engines.builtin.machine import BuiltinMachine
from lab.errors import EngineDied
from tests.conformance import records


def change_event(index, line):
    return lambda run: run["observation"]["events"].__setitem__(index, line)


def test_the_first_event_that_diverges_is_named_with_both_sides_and_its_source_line(conformance, edited):
    code, said, _ = conformance(
        "--against", edited("systick_wfi", change_event(4, "SysTick_Handler 484 468875")), "--probe", "systick_wfi"
    )
    assert code == 1
    assert "event 5, after mark:2 (systick_wfi.c:" in said
    assert "builtin        SysTick_Handler at instruction 484, 468,750 ns" in said
    assert "Renode 1.16.1  SysTick_Handler at instruction 484, 468,875 ns" in said
    assert "differences found: builtin against Renode 1.16.1, 1 differs" in said


def test_an_event_that_is_missing_is_a_difference(conformance, edited):
    file = edited("systick_wfi", lambda run: run["observation"]["events"].append("mark:99 9999 3000000"))
    code, said, _ = conformance("--against", file, "--probe", "systick_wfi")
    assert code == 1
    assert "builtin        nothing more" in said


def test_a_line_of_the_uart_that_differs_is_named(conformance, edited):
    file = edited("uart_lines", lambda run: run["observation"]["uart"].__setitem__(3, "{}"))
    code, said, _ = conformance("--against", file, "--probe", "uart_lines")
    assert code == 1
    assert "line 4 of the UART" in said
    assert "builtin        '{\"n\":3}'" in said


def test_a_word_of_memory_that_differs_is_named_by_its_symbol(conformance, edited, tmp_path):
    result = records.case("unaligned", tmp_path).firmware.symbol("result").address
    memory = record.read(records.NEWEST).find("nano33ble", "unaligned").observation.memory
    kept = next(region for region in memory if region.address <= result < region.address + len(region.data))
    at = result + 8 - kept.address
    changed = kept.model_copy(update={"data": kept.data[:at] + b"\x01\x02\x03\x04" + kept.data[at + 4 :]})
    file = edited("unaligned", lambda run: run["observation"].update(memory=[changed.model_dump(mode="json")]))
    code, said, _ = conformance("--against", file, "--probe", "unaligned")
    assert code == 1
    assert f"memory at 0x{result + 8:08x} (result+8)" in said
    assert "Renode 1.16.1  0x04030201" in said


def test_a_probe_that_is_stricter_elsewhere_than_it_is_meant_to_be_differs(conformance, tmp_path):
    content = json.loads(records.NEWEST.read_text())
    content["runs"] = [run for run in content["runs"] if run["name"] == "memory_beyond"]
    content["runs"][0]["observation"]["events"][0] = "mark:7 3 0"
    (tmp_path / "edited.json").write_text(json.dumps(content))
    code, said, _ = conformance("--against", tmp_path / "edited.json", "--probe", "memory_beyond")
    assert code == 1
    assert "event 1" in said


def test_json_has_every_outcome_and_both_sides_of_a_difference(conformance, edited):
    file = edited("masks", change_event(0, "mark:2 1 0"))
    code, said, _ = conformance("--against", file, "--probe", "masks", "--json")
    found = json.loads(said)
    assert (code, found["verdict"], found["engine"], found["reference"]) == (1, "differs", "builtin", "Renode 1.16.1")
    (outcome,) = found["outcomes"]
    assert outcome["status"] == "differs"
    assert outcome["difference"]["where"] == "event 1"
    assert outcome["difference"]["there"] == "mark:2 at instruction 1, 0 ns"


def test_a_probe_that_the_record_lacks_is_not_run_and_said(conformance, edited):
    file = edited("masks", lambda _run: None)
    code, said, _ = conformance("--against", file, "--probe", "dwt", "--probe", "masks", "--json")
    statuses = {outcome["name"]: (outcome["status"], outcome["reason"]) for outcome in json.loads(said)["outcomes"]}
    assert code == 0
    assert statuses == {"masks": ("equal", ""), "dwt": ("not run", "the record does not have it")}


@pytest.mark.produces("nothing-compared")
def test_comparing_nothing_is_no_success(conformance, edited):
    code, _, said = conformance("--against", edited("masks", lambda _run: None), "--probe", "dwt")
    assert code == 2
    assert "Nothing could be compared with Renode 1.16.1: the record does not have it." in said


def test_firmware_that_became_another_image_is_compared_by_name(monkeypatch, tmp_path):
    probe = records.case("masks", tmp_path)
    stimuli = Feeds(samples=10).stimuli
    built = Case(probe.target, "keyword-spotting yes/one.wav", probe.firmware, 1.0, stimuli, features="as ever")
    monkeypatch.setattr(workloads, "cases", lambda *_arguments: iter([built]))
    kept = record.read(records.NEWEST)

    def found(**there):
        run = kept.runs[0].model_copy(update={"name": built.name, "elf": None, **there})
        (one,) = recorded.cases(
            kept.model_copy(update={"runs": (run,)}), built.target, Choice(["keyword-spotting"]), tmp_path
        )
        return one

    same = {"image": built.image, "stimulus": hash_of(stimuli), "handlers": ("SVC_Handler",), "features": "as ever"}
    assert found(**same) is built
    assert found(**{**same, "image": "0"}) == replace(built, recorded_of=OtherImage(("SVC_Handler",), True))
    assert found(**{**same, "image": "0", "features": "others"}).recorded_of == OtherImage(("SVC_Handler",), False)
    assert "another recording" in found(**{**same, "stimulus": "0"}).reason
    missing = found(**same, name="keyword-spotting yes/gone.wav")
    assert isinstance(missing, LeftOut)
    assert "its recording is not there any more" in missing.reason


def test_what_another_image_leaves_out_is_said_once(conformance, monkeypatch, tmp_path):
    image = records.case("masks", tmp_path)
    others = [replace(image, name=f"app {name}", recorded_of=OtherImage(image.handlers, True)) for name in "ab"]
    kept = record.read(records.NEWEST)
    runs = tuple(kept.find("nano33ble", "masks").model_copy(update={"name": other.name}) for other in others)
    monkeypatch.setattr(record, "read", lambda _file: kept.model_copy(update={"runs": runs}))
    monkeypatch.setattr(recorded, "cases", lambda *_arguments: iter(others))
    code, said, _ = conformance("--against", records.NEWEST)
    assert code == 0
    assert "2 of another image than the recorded one, not compared: instruction counts, times since reset" in said
    assert "no difference: builtin against Renode 1.16.1, 2 equal by name" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--record", "r.json", "--engine", "builtin"), "--record keeps what a real Renode did, and --engine is"),
        (("--record", "r.json", "--against", "r.json"), "--record and --against exclude each other."),
        (("--against", "nowhere.json"), "nowhere.json cannot be read"),
        (("--against", str(records.NEWEST), "--probe", "maks"), "no probe named 'maks'. Did you mean 'masks'?"),
        (("--against", str(records.NEWEST), "--target", "nano"), "no target named 'nano'"),
    ],
)
def test_what_cannot_be_followed_is_refused(conformance, arguments, said):
    code, _, error = conformance(*arguments)
    assert code == 2
    assert said in " ".join(error.split())


@pytest.mark.produces("record-broken")
@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 2}'])
def test_a_file_that_is_no_record_is_refused(conformance, tmp_path, content):
    (tmp_path / "broken.json").write_text(content)
    code, _, said = conformance("--against", tmp_path / "broken.json")
    assert code == 2
    assert "is not a record of a conformance run" in said


def test_without_a_renode_the_record_that_ships_is_named(conformance, monkeypatch, tmp_path):
    for name in ("HOME", "PATH", "LAB_CACHE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("RENODE_PATH", raising=False)
    code, _, said = conformance("--target", "nano33ble")
    assert code == 3
    assert "No Renode was found" in said
    assert f"--against {records.NEWEST.name}" in said.replace(f"{records.NEWEST.parent}/", "").replace(
        "firmware/probes/nano33ble/", ""
    )


def test_a_record_has_the_version_and_all_that_a_later_comparison_needs(conformance, double, tmp_path):
    file = tmp_path / "kept.json"
    code, said, _ = conformance("--record", file, "--target", "nano33ble", "--probe", "pdm_order", "--probe", "masks")
    assert code == 0
    assert "no difference: builtin against Renode 9.9.9, 2 equal" in said
    assert "Renode 9.9.9 is a double." in said
    kept = record.read(file)
    assert kept.renode == "9.9.9"
    assert kept.provenance["renode"] == "9.9.9+double"
    assert {"lab", "host", "settings", "compiler nano33ble", "platform nano33ble"} <= set(kept.provenance)
    (masks, order) = kept.runs
    assert (masks.name, order.name, order.samples) == ("masks", "pdm_order", 1500)
    assert masks.observation.memory[0].address == 0x2000_0000
    assert len(masks.observation.memory[0].data) == 0x4_0000
    code, said, _ = conformance("--against", file, "--probe", "masks", "--probe", "pdm_order")
    assert code == 0


def test_a_record_that_is_there_is_renewed_by_what_was_run_and_keeps_the_rest(conformance, double, tmp_path):
    file = tmp_path / "kept.json"
    content = json.loads(records.NEWEST.read_text())
    content["renode"] = "9.9.9"
    content["runs"] = [run for run in content["runs"] if run["name"] in ("dwt", "masks")]
    content["runs"][1]["observation"]["events"] = []
    file.write_text(json.dumps(content))
    before = record.read(file)
    assert conformance("--record", file, "--target", "nano33ble", "--probe", "dwt", "--probe", "pdm_order")[0] == 0
    kept = record.read(file)
    assert [run.name for run in kept.runs] == ["masks", "dwt", "pdm_order"]
    assert kept.find("nano33ble", "masks") == before.find("nano33ble", "masks")
    assert kept.find("nano33ble", "dwt").observation.events
    assert kept.provenance["renode"] == before.provenance["renode"]
    assert {kept.provenance[f"{name}: renode"] for name in ("dwt", "pdm_order")} == {"9.9.9+double"}
    assert "dwt: settings" not in kept.provenance
    chosen = (word for run in kept.runs for word in ("--probe", run.name))
    assert conformance("--record", file, "--target", "nano33ble", *chosen)[0] == 0
    assert "dwt: renode" not in record.read(file).provenance


def test_a_record_of_another_renode_is_not_renewed(conformance, double, tmp_path):
    shutil.copyfile(records.NEWEST, tmp_path / "kept.json")
    code, _, said = conformance("--record", tmp_path / "kept.json", "--target", "nano33ble", "--probe", "masks")
    assert code == 2
    assert "is a record of Renode 1.16.1; this one is 9.9.9." in said
    assert (tmp_path / "kept.json").read_bytes() == records.NEWEST.read_bytes()


def test_a_record_has_what_an_accelerometer_felt(conformance, double, tmp_path):
    file = tmp_path / "kept.json"
    assert conformance("--record", file, "--target", "stm32f746g", "--probe", "lis2dw12")[0] == 0
    assert record.read(file).runs[0].accelerations == ((8192, -4096, 16384),)
    assert conformance("--against", file, "--probe", "lis2dw12")[0] == 0


def test_a_record_that_cannot_be_written_leaves_nothing_behind(conformance, double, tmp_path):
    folder = tmp_path / "taken"
    folder.mkdir()
    code, _, said = conformance("--record", folder, "--target", "nano33ble", "--probe", "masks")
    assert code == 3
    assert "cannot be written" in said
    assert list(tmp_path.glob("*.partial")) == []


def test_an_engine_that_breaks_in_one_case_goes_on_with_the_next(conformance, double, monkeypatch):
    observe = BuiltinMachine.run
    broken = []

    def run(machine, **arguments):
        if "nested" in machine._firmware.path.name and not broken:
            broken.append(machine)
            raise EngineDied("Renode ended.", remedy="None.")
        return observe(machine, **arguments)

    monkeypatch.setattr(BuiltinMachine, "run", run)
    code, said, _ = conformance("--target", "nano33ble", "--probe", "nested", "--probe", "masks", "--json")
    found = json.loads(said)
    assert (code, found["verdict"]) == (3, "broken")
    assert [(one["name"], one["status"], one["reason"]) for one in found["outcomes"]] == [
        ("nested", "broken", "Renode ended."),
        ("masks", "equal", ""),
    ]


def test_two_faults_are_alike_whatever_each_engine_says_of_them(tmp_path):
    kept = record.read(records.NEWEST).find("nano33ble", "masks").observation
    faults = [kept.model_copy(update={"fault": words, "instructions": count}) for words, count in (("a", 1), ("b", 2))]
    firmware = records.case("masks", tmp_path).firmware
    assert difference.first(*faults, firmware) is None
    found = difference.first(faults[0], kept, firmware)
    assert (found.where, found.here, found.there) == ("the end of the run", "fault: a", "ran to its end")
