from __future__ import annotations

import pytest

from . import made


@pytest.fixture(scope="session")
def replay(tmp_path_factory: pytest.TempPathFactory) -> made.Made:
    return made.made(tmp_path_factory.mktemp("replay"))
