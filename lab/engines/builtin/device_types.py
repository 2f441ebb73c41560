"""Which device types have a model: those of the lab, and those of the project in force.

A module holds one model, the class of its name whatever the case: `Timers.NRF52840_Timer` is `NRF52840_Timer` in
`nrf52840_timer.py`. The lab's are in `devices/` beside this file, a project's in its `renode_platforms/devices/`, where
a model may be derived from one of the lab's.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path

from lab import modules, places
from lab.engines.builtin import devices
from lab.engines.builtin.peripheral import Peripheral
from lab.errors import ConfigurationError, LabError

_PROJECTS = "project_devices"
"""The package that a project's folder of models is, so that one can import another: `from ._shared import X`."""


def find(name: str) -> type[Peripheral] | None:
    """The model of Renode's type name, with or without its namespace; None if there is none.

    Raises ConfigurationError for a model of the project that is of no use.
    """
    short = name.rpartition(".")[2]
    module = short.lower()
    if (stem := _of_project().get(module)) is not None:
        return _projects_model(stem, short)
    return _models_in(devices.__name__, module).get(short) if module in _shipped() else None


def known() -> Iterator[str]:
    """The names of all types, without their namespaces, in no order."""
    for module in _shipped():
        yield from _models_in(devices.__name__, module)
    yield from _of_project()


def blamed(error: BaseException) -> BaseException:
    """The same error; if the lab does not expect it and a model of the project is in it, one that names that model."""
    if _PROJECTS not in sys.modules or not isinstance(error, Exception) or isinstance(error, (LabError, SyntaxError)):
        return error
    folder = Path(sys.modules[_PROJECTS].__path__[0])
    place = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        kind = type(frame.f_locals.get("self"))
        if Path(frame.f_code.co_filename).parent == folder:
            place = f"{frame.f_code.co_filename}:{line}, in {frame.f_code.co_name}"
        elif kind.__module__.startswith(f"{_PROJECTS}.") and place is None:  # called in a way that it does not allow
            place = f"{sys.modules[kind.__module__].__file__}, class {kind.__name__}"
    if place is None:
        return error
    what = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": .")
    return ConfigurationError(
        f"{place}: {what}.",
        remedy="Mend this device model of the project.",
        details="".join(traceback.format_exception(error)),
        code="device-model",
    )


@contextmanager
def blaming() -> Iterator[None]:
    """Raises what `blamed` makes of an error in here."""
    try:
        yield
    except Exception as error:
        if (said := blamed(error)) is error:
            raise
        raise said from error


def _projects_model(stem: str, name: str) -> type[Peripheral] | None:
    file = _folder() / f"{stem}.py"
    if name.lower() in _shipped() and _models_in(devices.__name__, name.lower()):
        raise ConfigurationError(
            f"{file}: the lab has a model of that name.",
            remedy="Give yours another name, here and in the .repl; it may be derived from the lab's.",
            code="device-model",
        )
    package = _package(_folder())
    try:
        with blaming():
            models = _models_in(package, stem)
    except SyntaxError as error:
        raise ConfigurationError(
            f"{error.filename}:{error.lineno}: {error.msg}.", remedy="Mend this device model.", code="device-model"
        ) from error
    if not models:
        raise ConfigurationError(
            f"{file} has no class that is a Peripheral and is named like the file.",
            remedy=f"The model is to be named as the .repl does: class {name}(Peripheral).",
            code="device-model",
        )
    return models.get(name)


def _package(folder: Path) -> str:
    """The package of that folder's modules, made anew when the project is another one."""
    there = sys.modules.get(_PROJECTS)
    if there is None or list(there.__path__) != [str(folder)]:
        for name in [name for name in sys.modules if name.partition(".")[0] == _PROJECTS]:
            del sys.modules[name]
        spec = ModuleSpec(_PROJECTS, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[_PROJECTS] = module_from_spec(spec)
    return _PROJECTS


def _models_in(package: str, module: str) -> dict[str, type[Peripheral]]:
    names = vars(import_module(f"{package}.{module}"))
    return {
        name: value
        for name, value in names.items()
        if name.lower() == module.lower() and isinstance(value, type) and issubclass(value, Peripheral)
    }


@cache
def _shipped() -> list[str]:
    """The lab's modules of models, and of what several models share."""
    return modules.names(devices.__name__)


def _of_project() -> dict[str, str]:
    """The modules of the project's models, by their names in small letters."""
    return {file.stem.lower(): file.stem for file in _folder().glob("*.py") if not file.stem.startswith("_")}


def _folder() -> Path:
    return places.project() / "renode_platforms" / "devices"
