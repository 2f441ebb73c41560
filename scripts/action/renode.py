"""The action's step "Install Renode": the pinned release into LAB_CACHE, unless the runner has it.

The output `program` says where it is.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from lab import cli
from lab.engines.renode import installation


def main() -> int:
    """Install it and say where it is."""
    code = cli.main(["setup", "renode"])
    found = installation.of_release()
    if code == 0 and found is not None:
        with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
            outputs.write(f"program={found.path}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
