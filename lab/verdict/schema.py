"""The JSON schema of `result.json`: `python -m lab.verdict.schema` writes it anew after `result.py` has changed."""

from __future__ import annotations

import json
from pathlib import Path

from lab.verdict.result import Result

FILE = Path(__file__).with_name("result.schema.json")


def generated() -> str:
    """The schema as text."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Result.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(generated(), encoding="utf-8")
