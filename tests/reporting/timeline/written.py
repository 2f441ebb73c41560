"""A timeline's page, read as its own script reads it."""

from __future__ import annotations

import base64
import zlib
from html.parser import HTMLParser

import numpy as np

KINDS = {"f8": np.float64, "u4": np.uint32, "u1": np.uint8}


class Page(HTMLParser):
    """The scripts of a page by their id, and the tags of all that is no script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: dict[str, str] = {}
        self.tags: list[str] = []
        self._id: str | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._id = dict(attrs).get("id") if tag == "script" else None

    def handle_data(self, data):
        if self._id:
            self.scripts[self._id] = self.scripts.get(self._id, "") + data

    def read(self, place):
        """As the page's own script reads what is packed."""
        content = zlib.decompress(base64.b64decode(self.scripts["packed"]))
        if place["as"] == "lines":
            return content[place["at"] :][: place["bytes"]].decode().split("\n")
        return np.frombuffer(content, KINDS[place["as"]], place["of"], place["at"])
