"""Device logs from the field."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import workload
from lab.errors import UsageError
from lab.measuring.foreign import adapter
from lab.replaying.comparing import field_log

SPOTTING = workload.load("keyword-spotting")
LINE = (
    '{"event":"inference","n":7,"time_ms":1234,"label":"yes","scores":[1,-2],'
    '"samples_crc":"0a","features_crc":"0b","cycles":5}'
)


def written(folder: Path, *lines: str) -> Path:
    file = folder / "field.log"
    file.write_text("\r\n".join(lines), encoding="utf-8")
    return file


def test_the_labs_lines_are_found_behind_what_a_terminal_puts_before_them(tmp_path: Path):
    file = written(tmp_path, "garbage \x1b[0m", f"[12:00:01.250] {LINE}", LINE[:60], "{}", LINE.replace("yes", "no"))
    found = field_log.inferences(file, SPOTTING, None)
    assert [(one.number, one.label, one.scores) for one in found] == [(0, "yes", (1, -2)), (1, "no", (1, -2))]
    assert (found[0].samples_crc, found[0].features_crc) == ("0a", "0b")


def test_lines_of_others_are_found_by_their_adapter(tmp_path: Path):
    toml = tmp_path / "heard.toml"
    toml.write_text(
        "[output]\nresult = 'Heard (?P<label>\\w+)'\nresult_within_s = 2\n[labels]\nJA = \"yes\"\n", encoding="utf-8"
    )
    read = adapter.load(toml, SPOTTING)
    file = written(tmp_path, "boot", "Heard JA (201)", "Heard something (3)")
    found = field_log.inferences(file, SPOTTING, read)
    assert [(one.label, one.scores) for one in found] == [("yes", ())]


@pytest.mark.produces("field-log")
def test_a_log_without_results_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="has no inference"):
        field_log.inferences(written(tmp_path, "boot", '{"event":"boot"}'), SPOTTING, None)
