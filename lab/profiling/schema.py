"""The JSON schema of `profile.json`: `python -m lab.profiling.schema` writes it anew after `profile.py` has changed."""

from __future__ import annotations

import json
from pathlib import Path

from lab.profiling.profile import Profile

FILE = Path(__file__).with_name("profile.schema.json")


def generated() -> str:
    """The schema as text."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Profile.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(generated(), encoding="utf-8")
