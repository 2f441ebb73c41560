from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab import workload
from lab.recordings import sounds, synthesis

FOLDER = Path(__file__).parents[2] / "models" / "keyword-spotting"
SHIPPED = FOLDER / "recordings"
MADE = json.loads((SHIPPED / "made.json").read_text())


def _script():
    spec = importlib.util.spec_from_file_location("synthesise", FOLDER / "synthesise.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


synthesise = _script()


def test_every_label_has_at_least_twenty_recordings_and_all_are_small():
    labels = workload.load("keyword-spotting").labels
    found = sounds.read(SHIPPED, labels)
    assert found.notes == ()
    counts = {label: sum(entry.label == label for entry in found) for label in labels}
    assert min(counts.values()) >= 20
    assert sum(entry.path.stat().st_size for entry in found) < 10_000_000


def test_every_recording_is_a_second_of_16_khz_mono_and_not_clipped():
    for entry in sounds.read(SHIPPED, synthesise.WORDS):
        assert soundfile.info(entry.path).frames == 16_000, entry.name
        loaded = sounds.load(entry.path, 16_000, 16_000)
        assert loaded.notes == (), entry.name
        assert 0 < np.abs(loaded.samples).max() <= 0.95 * 32768 + 1, entry.name


def test_the_files_are_those_that_the_script_plans():
    planned = [take.path for take in synthesise.plan("evaluation")]
    assert sorted(planned) == sorted(path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*.flac"))
    assert planned == [clip["path"] for clip in MADE["clips"]]
    assert [synthesise.described(take) for take in synthesise.plan("evaluation")] == MADE["clips"]


def person(voice: str) -> str:
    """Who speaks: of espeak-ng's voices the variant; edward2 is edward's sibling, kal16 and kal_diphone are one man."""
    name = voice.partition("+")[2] or voice.removesuffix("_diphone")
    return re.sub(r"(?<=\w\w)\d+$", "", name)


def test_nobody_of_the_evaluation_is_heard_in_training():
    people = {
        name: {person(voice) for voices in synthesise.cast(name).voices.values() for voice in voices}
        for name in ("evaluation", "training")
    }
    assert person("en-gb+edward2") == person("en-us+edward")
    assert person("kal16") == person("kal_diphone")
    assert len(people["evaluation"]) >= 12
    assert not people["evaluation"] & people["training"]


def test_a_part_of_the_set_made_again_is_the_same_byte_for_byte(tmp_path):
    here = synthesis.versions()
    made_with = MADE["tools"].items()
    other = [f"{tool} is {here.get(tool, 'missing')}, not {then}" for tool, then in made_with if here.get(tool) != then]
    if other:
        pytest.skip(f"made with other versions: {'; '.join(other)}")
    takes = synthesise.plan("evaluation")
    spoken_by = {str(take.voice): take for take in takes if not take.room}
    in_rooms = {take.background.kind: take for take in takes if take.room}
    noises = {take.background.kind: take for take in takes if not take.voice}
    for take in [*list(spoken_by.values())[:6], *in_rooms.values(), *noises.values()]:
        synthesise.make(take, tmp_path)
        assert (tmp_path / take.path).read_bytes() == (SHIPPED / take.path).read_bytes(), take.path
