from .qemu import compiled, on_qemu, require_qemu

# Where the two boards differ, not the engines: mps2-an386 has all eight priority bits. QEMU ignores SLEEPONEXIT.
ONLY_ON_NRF52840 = {"unimplemented priority bits read as zero", "SLEEPONEXIT sleeps again after each handler"}


def test_what_the_engine_is_checked_for_holds_on_an_independent_engine(tmp_path):
    require_qemu()
    elf = compiled("exceptions.c", tmp_path, "-O1", "-DSEMIHOSTING")
    ran = on_qemu(elf, "-semihosting", "-icount", "shift=5")
    verdicts = [
        line.split(" ", 1) for line in (ran.stdout + ran.stderr).splitlines() if line.startswith(("ok", "FAIL"))
    ]
    assert {name for verdict, name in verdicts if verdict != "ok"} == ONLY_ON_NRF52840
    assert len(verdicts) > 60
