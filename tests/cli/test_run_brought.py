"""`lab run` with a firmware that somebody brings: what it refuses before anything runs."""

import pytest

from lab.cli import main
from tests.docs.documents import ROOT

HEARD = str(ROOT / "examples" / "foreign-firmware" / "heard.toml")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--elf", "firmware.elf"), "--firmware and --adapter belong together"),
        (("--adapter", HEARD), "--firmware and --adapter belong together"),
        (("--elf", "x", "--adapter", HEARD, "--kernels", "reference"), "so that --kernels has no meaning"),
        (("--elf", "x", "--adapter", HEARD, "--tflm-root", "."), "so that --tflm-root has no meaning"),
        (("--elf", "nowhere.elf", "--adapter", HEARD), "nowhere.elf cannot be read"),
        (("--firmware", HEARD, "--adapter", HEARD), "so it is taken for a plain memory image"),
        (("--firmware", HEARD, "--adapter", HEARD), "`address` in [image] of"),
    ],
)
def test_what_does_not_belong_together_or_is_no_firmware_is_a_usage_error(capsys, options, says):
    assert main(["run", "keyword-spotting", *options]) == 2
    assert says in " ".join(capsys.readouterr().err.split())
