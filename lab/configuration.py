"""Reading a TOML file into a checked, frozen value."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from lab.errors import ConfigurationError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Frozen(BaseModel):
    """Base of all configuration values: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Value = TypeVar("Value", bound=Frozen)


def read_toml(path: Path, kind: type[Value], **given: object) -> Value:
    """The file as a `kind`; `given` adds fields that the file does not carry (its name, its folder).

    Raises ConfigurationError that names the file and the line (syntax) or the key (content).
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return kind.model_validate({**content, **given})
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, problem['loc'])) or 'file'}: {problem['msg']}" for problem in error.errors()]
        raise ConfigurationError(f"{path}: " + "; ".join(problems) + ".") from error
