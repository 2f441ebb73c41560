"""The JSON schemas of files that the lab writes for others: each is generated from a type and kept beside it."""

from __future__ import annotations

import json

from pydantic import BaseModel


def text(of: type[BaseModel]) -> str:
    """The schema of what a type is written as."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **of.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2) + "\n"
