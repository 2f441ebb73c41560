"""The JSON schema of `profile.json`: `python -m lab.profiling.schema` writes it anew after `profile.py` has changed."""

from __future__ import annotations

from pathlib import Path

from lab import json_schema
from lab.profiling.profile import Profile

FILE = Path(__file__).with_name("profile.schema.json")


def generated() -> str:
    """The schema as text."""
    return json_schema.text(Profile)


if __name__ == "__main__":
    FILE.write_text(generated(), encoding="utf-8")
