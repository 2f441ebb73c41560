"""A project folder for tests: the real one's data files, with limits of the test's choice."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

GENEROUS = {
    "accuracy": "{ at_least = 0.9 }",
    "bit_exact": "{ at_least = 1.0 }",
    "instructions_per_inference": "{ at_most = 9_200_000 }",
    "cycles_per_inference": "{ at_most = 12_300_000 }",
    "latency_ms": "{ at_most = 190 }",
    "cpu_load": "{ at_most = 0.21 }",
    "realtime_headroom": "{ at_least = 4.5 }",
    "flash_bytes": "{ at_most = 182_000 }",
    "ram_bytes": "{ at_most = 91_000 }",
    "arena_used_bytes": "{ at_most = 28_672 }",
    "stack_used_bytes": "{ at_most = 1_850 }",
    "missed_deadlines": "{ at_most = 0 }",
}


def make(folder: Path, limits: Mapping[str, str] = GENEROUS) -> Path:
    """Copy what a run reads to `folder`, without models and recordings; its workload is for one board."""
    real = Path(__file__).parents[1]
    for part in ("renode_platforms", "robot_tests"):
        shutil.copytree(real / part, folder / part)
    (folder / "firmware").mkdir()
    words = folder / "models" / "keyword-spotting"
    words.mkdir(parents=True)
    text = (real / "models" / "keyword-spotting" / "workload.toml").read_text(encoding="utf-8")
    text = re.sub(r"^targets = .*$", 'targets = ["nano33ble"]', text, flags=re.MULTILINE)
    text = re.sub(r"^\[streaming\.limits_on\..*?^(?=\[)", "", text, flags=re.MULTILINE | re.DOTALL)
    before = text.partition("[limits]\n")[0]
    lines = "".join(f"{name} = {limit}\n" for name, limit in limits.items())
    (words / "workload.toml").write_text(f"{before}[limits]\n{lines}", encoding="utf-8")
    return folder
