"""Which kernels compute a model's operators: TFLM's own, or those of a library that is made for the core.

The libraries' sources are files of the Python package bakenn, pinned by their content, or an upstream tree that is
named. What a library has no kernel for, TFLM's own computes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import util
from pathlib import Path

from lab import places, store
from lab.building.tflm import SOURCES
from lab.configuration import Frozen, read_toml
from lab.errors import ConfigurationError, ToolMissing, UnknownName
from lab.target import Target

AUTO, REFERENCE = "auto", "reference"
_PACKAGE = "bakenn"
_RELEASE = re.compile(r"^- Release version: (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Library:
    """A library of kernels; `folder` names its recipe, our registrations and its place in the package.

    `functions` has, for each registration of ours, the file in the library that it calls. A registration is named after
    the one of TFLM's that it stands before, without `Register_`: for most, the operator's name in the schema.
    `arm_only` says that it compiles for Arm cores alone.
    """

    name: str
    title: str
    folder: str
    marker: str
    functions: Mapping[str, str]
    arm_only: bool = False


_LIBRARIES = (
    Library(
        "cmsis-nn",
        "CMSIS-NN",
        "cmsis_nn",
        "Include/arm_nnfunctions.h",
        {
            "CONV_2D": "Source/ConvolutionFunctions/arm_convolve_wrapper_s8.c",
            "DEPTHWISE_CONV_2D": "Source/ConvolutionFunctions/arm_depthwise_conv_wrapper_s8.c",
            "FULLY_CONNECTED": "Source/FullyConnectedFunctions/arm_fully_connected_s8.c",
            "FULLY_CONNECTED_16X8": "Source/FullyConnectedFunctions/arm_fully_connected_s8.c",
            "AVERAGE_POOL_2D": "Source/PoolingFunctions/arm_avgpool_s8.c",
            "MAX_POOL_2D": "Source/PoolingFunctions/arm_max_pool_s8.c",
            "SOFTMAX": "Source/SoftmaxFunctions/arm_softmax_s8.c",
            "ADD": "Source/BasicMathFunctions/arm_elementwise_add_s8.c",
            "MUL": "Source/BasicMathFunctions/arm_elementwise_mul_s8.c",
        },
        arm_only=True,
    ),
    Library(
        "esp-nn",
        "ESP-NN",
        "esp_nn",
        "include/esp_nn.h",
        {
            "CONV_2D": "src/convolution/esp_nn_conv_opt.c",
            "DEPTHWISE_CONV_2D": "src/convolution/esp_nn_depthwise_conv_opt.c",
            "FULLY_CONNECTED": "src/fully_connected/esp_nn_fully_connected_ansi.c",
            "FULLY_CONNECTED_16X8": "src/fully_connected/esp_nn_fully_connected_ansi.c",
            "AVERAGE_POOL_2D": "src/pooling/esp_nn_avg_pool_ansi.c",
            "MAX_POOL_2D": "src/pooling/esp_nn_max_pool_ansi.c",
            "SOFTMAX": "src/softmax/esp_nn_softmax_opt.c",
            "ADD": "src/basic_math/esp_nn_add_ansi.c",
            "MUL": "src/basic_math/esp_nn_mul_ansi.c",
        },
    ),
)

COMPUTING = (REFERENCE, *(library.name for library in _LIBRARIES))
NAMES = (AUTO, *COMPUTING)


@dataclass(frozen=True)
class Kernels:
    """What computes the operators; `name` is the variant of a run, `version` is for people.

    `root` is the library's tree and `extra` a folder of headers that it needs besides; None for TFLM's own kernels.
    """

    name: str
    version: str
    library: Library | None = None
    root: Path | None = None
    extra: Path | None = None

    def serves(self, operator: str) -> bool:
        """Whether there is a registration of that name, which has the library compute what types and shapes allow."""
        if self.library is None or self.root is None:
            return False
        file = self.library.functions.get(operator)
        return file is not None and (self.root / file).is_file()

    @cached_property
    def key(self) -> str:
        """A hash of the library's content, and of the headers that it needs besides."""
        return store.key(*(_content(folder) for folder in (self.root, self.extra) if folder is not None))


class _Pin(Frozen):
    """What the package's files must be: `content` has a hash for all that it keeps for a library."""

    version: str
    content: dict[str, str]


def check_name(name: str, names: Sequence[str] = NAMES) -> None:
    """Raises UnknownName for a name that is none of those."""
    if name not in names:
        raise UnknownName("kernel library", name, names)


def has_kernel(name: str, operator: str) -> bool:
    """Whether the library of that name has a kernel for the operator, by its schema name, for some types and shapes."""
    return any(operator in library.functions for library in _LIBRARIES if library.name == name)


def choose(target: Target, name: str = AUTO, root: Path | None = None) -> Kernels:
    """The kernels of that name for the target, with the library's sources from the tree at `root` where one is named.

    Raises UnknownName, ConfigurationError for kernels that do not fit the core or a tree that holds none, ToolMissing
    without the package.
    """
    check_name(name)
    chosen = target.core.kernels if name == AUTO else name
    if chosen == REFERENCE:
        if root is not None:
            raise ConfigurationError(
                f"TFLM's own kernels are in its own tree; {root} is not looked at.",
                remedy="Name a library with --kernels, or a tree of TFLM with --tflm-root.",
                code="kernels-unused",
            )
        return Kernels(REFERENCE, "TFLM's own")
    library = next(library for library in _LIBRARIES if library.name == chosen)
    if library.arm_only and not target.toolchain.prefix.startswith("arm-"):
        raise ConfigurationError(
            f"{library.title} is for Arm cores; {target.name} has {target.core.name}.",
            remedy=f"Leave --kernels out for what suits the core, {target.core.kernels}.",
            code="kernels-core",
        )
    return _packaged(library) if root is None else _given(library, root)


def _given(library: Library, folder: Path) -> Kernels:
    root = folder.expanduser().resolve()
    if not (root / library.marker).is_file():
        raise ConfigurationError(
            f"{folder} holds no {library.title}: there is no {library.marker} in it.",
            remedy=f"Name the folder of an upstream tree of {library.title}, or other kernels with --kernels.",
            code="kernels-tree",
        )
    return Kernels(library.name, f"{library.title} tree {root.name}", library, root, _core_headers())


def _packaged(library: Library) -> Kernels:
    vendored, pin = _vendored(library.folder), _pin()
    root = vendored / library.folder
    if _content(vendored) != pin.content[library.folder]:
        raise ConfigurationError(
            f"{vendored} is not what {_PACKAGE} {pin.version} carries, but of another version or changed.",
            remedy=f"Type: pip install --force-reinstall --no-deps {_PACKAGE}=={pin.version}",
            code="kernels-changed",
        )
    found = _RELEASE.search((root / "BAKENN_PROVENANCE.md").read_text(encoding="utf-8"))
    release = found[1] if found else ""
    version = f"{library.title} {release} ({_PACKAGE} {pin.version})"
    return Kernels(library.name, version, library, root, _core_headers())


def _core_headers() -> Path:
    return _vendored("cmsis_nn") / "cmsis_core" / "Include"


def _vendored(folder: str) -> Path:
    """Where the package keeps a library and what belongs to it. Raises ToolMissing without the package."""
    spec = util.find_spec(_PACKAGE)  # finds it without running any of it
    if spec is None or not spec.submodule_search_locations:
        version = _pin().version
        raise ToolMissing(
            f"The Python package {_PACKAGE}, which carries CMSIS-NN and ESP-NN, is not installed.",
            remedy=f"Type: pip install {_PACKAGE}=={version}",
            code="kernels-missing",
        )
    return Path(spec.submodule_search_locations[0]).resolve() / "backend" / folder / "vendor"


def _pin() -> _Pin:
    return read_toml(places.project() / "firmware" / "third_party" / "bakenn.toml", _Pin)


def _content(root: Path) -> str:
    return store.content_of(root, (path for path in root.rglob("*") if path.suffix in SOURCES and path.is_file()))
