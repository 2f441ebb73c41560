"""`timeline.html`: one file that shows a timeline, without network; a long sound is a file beside it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.reporting import html
from lab.reporting.html import templating
from lab.reporting.timeline import drawn
from lab.reporting.timeline.lanes import Timeline
from lab.reporting.timeline.packing import Packed

_HERE = Path(__file__).parent
_SHARED = Path(html.__file__).parent
_MOST_WITHIN = 2**20
"""Bytes of a sound that is put into the page: about half a minute."""


@dataclass(frozen=True)
class Head:
    """What stands above the lanes. `links` are names and captions of files beside the page.

    `bundle` is the command that packs what failed for somebody else, typed in the folder of the page.
    """

    title: str
    verdict: str
    line: str
    facts: Sequence[str]
    links: Sequence[tuple[str, str]]
    remedy: str = ""
    bundle: str = ""


def render(timeline: Timeline, head: Head, sound: Path) -> str:
    """The text of the page for a folder, in which `sound` is what was played, if it is there."""
    packed = Packed()
    lanes = [drawn.drawn(lane, packed) for lane in timeline.lanes]
    return (
        templating.environment(_HERE)
        .get_template("timeline.html.jinja")
        .render(
            head=head,
            drawn={"begin": timeline.begin_s, "end": timeline.end_s, "lanes": lanes},
            packed=packed.text(),
            sound=_source(sound),
            sound_name=sound.name,
            style=templating.assets(_SHARED / "style.css", _HERE / "timeline.css"),
            script=templating.assets(_SHARED / "shared.js", _HERE / "timeline.js"),
        )
    )


def _source(file: Path) -> str | None:
    """What to play it from: itself while it is short, so that the page can go alone."""
    if not file.is_file():
        return None
    if file.stat().st_size > _MOST_WITHIN:
        return file.name
    return f"data:audio/{file.suffix[1:]};base64,{b64encode(file.read_bytes()).decode()}"
