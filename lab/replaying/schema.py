"""The JSON schema of `replay.json`: `python -m lab.replaying.schema` writes it anew after `result.py` has changed."""

from __future__ import annotations

from pathlib import Path

from lab import json_schema
from lab.replaying.result import ReplayResult

FILE = Path(__file__).with_name("replay.schema.json")


def generated() -> str:
    """The schema as text."""
    return json_schema.text(ReplayResult)


if __name__ == "__main__":
    FILE.write_text(generated(), encoding="utf-8")
