"""The JSON schema of `result.json`: `python -m lab.verdict.schema` writes it anew after `result.py` has changed."""

from __future__ import annotations

from pathlib import Path

from lab import json_schema
from lab.verdict.result import Result

FILE = Path(__file__).with_name("result.schema.json")


def generated() -> str:
    """The schema as text."""
    return json_schema.text(Result)


if __name__ == "__main__":
    FILE.write_text(generated(), encoding="utf-8")
