"""The YAML that GitHub and GitLab read: this repository's own files, and what the pages show."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.docs.documents import ROOT, Block, blocks

ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PAGE = ROOT / "docs" / "ci.md"
PLACEHOLDER = "OWNER/tinyml-device-lab@COMMIT"


def load(text: str) -> Any:
    return YAML(typ="safe").load(text)


def dump(content: object) -> str:
    stream = io.StringIO()
    YAML(typ="safe").dump(content, stream)
    return stream.getvalue()


def action() -> dict[str, Any]:
    content: dict[str, Any] = load(ACTION.read_text(encoding="utf-8"))
    return content


def shown(page: Path = PAGE) -> list[Block]:
    """The YAML blocks of a page."""
    return [block for block in blocks(page) if block.language == "yaml"]


def is_for_gitlab(block: Block) -> bool:
    """A pipeline: a workflow has `on` and `jobs`, and a part of one is a list of steps."""
    content = load(block.text)
    return isinstance(content, dict) and "on" not in content


def is_steps(block: Block) -> bool:
    """Part of a workflow: steps alone."""
    return isinstance(load(block.text), list)


def whole(block: Block) -> str:
    """A workflow of the block's steps, or the block where it is one; the placeholder stands for the action here."""
    text = block.text.replace(PLACEHOLDER, "./")
    if is_steps(block):
        job = {"runs-on": "ubuntu-latest", "steps": load(text)}
        return dump({"on": "push", "jobs": {"job": job}})
    return text
