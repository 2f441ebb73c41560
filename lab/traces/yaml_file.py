"""YAML from strangers: plain values, lists and tables of a bounded size; no references, which unfold without end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from lab import files


def read(path: Path, at_most: int) -> Any:
    """The value of a file of at most so many bytes. Raises OSError, and ValueError with what is wrong and where."""
    text = files.text(path, at_most)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise ValueError(f"line {event.start_mark.line + 1} refers to another place (*{event.anchor})")
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        at = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ValueError(f"{error.problem or 'it is damaged'}{at}") from error
    except yaml.YAMLError as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def written(value: Any) -> str:
    """The text of a file."""
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))
