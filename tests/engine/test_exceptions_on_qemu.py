import pytest

from .qemu import compiled, on_qemu, require_qemu

# Where the two boards differ, not the engines: mps2-an386 has all eight priority bits. QEMU ignores SLEEPONEXIT, and
# asks the MPU for the first byte of an access alone.
ONLY_ON_NRF52840 = {
    "unimplemented priority bits read as zero",
    "SLEEPONEXIT sleeps again after each handler",
    "a store that reaches into it faults",
}


@pytest.mark.parametrize(("source", "count"), [("exceptions.c", 67), ("protection.c", 30)])
def test_what_the_engine_is_checked_for_holds_on_an_independent_engine(tmp_path, source, count):
    require_qemu()
    elf = compiled(source, tmp_path, "-O1", "-DSEMIHOSTING")
    ran = on_qemu(elf, "-semihosting", "-icount", "shift=5")
    verdicts = [
        line.split(" ", 1) for line in (ran.stdout + ran.stderr).splitlines() if line.startswith(("ok", "FAIL"))
    ]
    failed = {name for verdict, name in verdicts if verdict != "ok"}
    assert failed == ONLY_ON_NRF52840 & {name for _, name in verdicts}
    assert len(verdicts) == count
