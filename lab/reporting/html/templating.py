"""How pages are put together: templates, and styles and scripts that are put into them."""

from __future__ import annotations

from pathlib import Path

import jinja2
from markupsafe import Markup

from lab.reporting import compiled_templates


def environment(folder: Path) -> jinja2.Environment:
    """The templates of a folder, which know of no value but those they are given."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,  # names of recordings are the user's, as much else here
        undefined=jinja2.StrictUndefined,
        bytecode_cache=compiled_templates.kept(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return found


def assets(*files: Path) -> Markup:
    """Files of ours, one after the other, as they are."""
    return Markup("\n".join(file.read_text(encoding="utf-8") for file in files))  # noqa: S704  (ours, not a user's)
