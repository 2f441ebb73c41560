"""The JSON schema of `replay.json`: `python -m lab.replaying.schema` writes it anew after `result.py` has changed."""

from __future__ import annotations

import json
from pathlib import Path

from lab.replaying.result import ReplayResult

FILE = Path(__file__).with_name("replay.schema.json")


def generated() -> str:
    """The schema as text."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ReplayResult.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(generated(), encoding="utf-8")
