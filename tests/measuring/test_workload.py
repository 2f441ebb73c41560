from __future__ import annotations

import re

import pytest

from lab import workload
from lab.configuration import read_toml
from lab.errors import ConfigurationError


@pytest.mark.parametrize("key", ["arena_bytes", "rate_hz", "step_ms", "stride_ms"])
def test_a_size_of_zero_is_refused_by_the_name_of_its_key(tmp_path, key):
    whole = workload.load("keyword-spotting").file.read_text()
    file = tmp_path / "workload.toml"
    file.write_text(re.sub(rf"(?m)^{key} = .*$", f"{key} = 0", whole))
    with pytest.raises(ConfigurationError, match=f"{key}: Input should be greater than 0"):
        read_toml(file, workload.Workload, name="keyword-spotting", folder=tmp_path)


@pytest.mark.parametrize("said", ["", 'arena_bytes = 1_024\narena = "auto"'], ids=["neither", "both"])
def test_a_workload_says_in_one_way_how_large_its_arena_is(tmp_path, said):
    whole = workload.load("keyword-spotting").file.read_text()
    file = tmp_path / "workload.toml"
    file.write_text(re.sub(r"(?m)^arena_bytes = .*$", said, whole))
    with pytest.raises(ConfigurationError, match="either arena_bytes, or arena"):
        read_toml(file, workload.Workload, name="keyword-spotting", folder=tmp_path)
