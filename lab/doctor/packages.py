"""Python and the packages of the base install, as the installed lab itself lists them."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import Requirement

from lab import origin
from lab.doctor.component import LIBRARY, Component, Use

_DISTRIBUTION = "tinyml-device-lab"
_OLDEST, _NEWEST = (3, 10), (3, 14)
_INTERPRETER = "tflite-micro"
_USES: dict[str, tuple[Use, str]] = {
    "unicorn": ("emulate", "executes the firmware's instructions"),
    "capstone": ("emulate", "reads instructions for the cost model"),
    _INTERPRETER: ("compare", "computes the expected results on the host"),
    "tflite": ("build", "reads .tflite models"),
}

_FOR_TRAINING = {"tensorflow": "trains models", "onnxruntime": "runs the teacher model"}


def components() -> Iterator[Component]:
    """Python, this system, every package of the base install, and what training needs besides."""
    yield _python()
    yield _system()
    for line in metadata.requires(_DISTRIBUTION) or []:
        requirement = Requirement(line)
        # The host's interpreter is looked for where its marker leaves it out too: there, this is what is missing.
        if requirement.name == _INTERPRETER or requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            use, purpose = _USES.get(requirement.name, ("build", LIBRARY))
            remedy = f"Type: pip install '{requirement.name}{requirement.specifier}'"
            yield _package(requirement, use, purpose, remedy)
    remedy = f"Type: {origin.with_extra('train')}"
    for name, purpose in _FOR_TRAINING.items():
        yield _package(Requirement(name), "train", purpose, remedy)


def _python() -> Component:
    fits = _OLDEST <= sys.version_info[:2] <= _NEWEST
    return Component(
        "Python",
        "build",
        "runs the lab",
        "ok" if fits else "unusable",
        platform.python_version(),
        sys.executable,
        "" if fits else "Install the lab with CPython 3.10 to 3.14.",
    )


def _system() -> Component:
    fits = (platform.system(), platform.machine()) == ("Linux", "x86_64")
    return Component(
        "Linux x86-64",
        "compare",
        "required by the host's TFLM interpreter",
        "ok" if fits else "unusable",
        platform.release() if fits else f"{platform.system()} {platform.machine()}",
        "",
        "" if fits else "Use Linux on x86-64, in a container for instance; building and emulating work here too.",
    )


def _package(requirement: Requirement, use: Use, purpose: str, remedy: str) -> Component:
    try:
        found = metadata.distribution(requirement.name)
    except metadata.PackageNotFoundError:
        return Component(requirement.name, use, purpose, "missing", remedy=remedy)
    path = str(found.locate_file(""))
    if not requirement.specifier.contains(found.version, prereleases=True):
        return Component(requirement.name, use, purpose, "too old", found.version, path, remedy)
    return Component(requirement.name, use, purpose, "ok", found.version, path)
