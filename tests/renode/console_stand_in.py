"""A program that speaks as Renode's monitor does, for what a real one cannot be made to do at will.

Run as `python console_stand_in.py SCENARIO NOTES OPTION...`: SCENARIO is what goes wrong once samples were fed, NOTES a
file to which each start is added. The board in it boots, and decides 50 ms after the first sample.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

BOOT = '{"event":"boot"}'
DECISION = '{"event":"inference"}'
RECEIVED = 0x4000_0000
WIDTH = 40
LOOKS = 3
_BOOT_NS, _DECISION_NS = 1_050_000, 51_000_000


class Monitor:
    def __init__(self, scenario: str, notes: Path) -> None:
        self.scenario = scenario
        self.starts = notes.read_text().count("started") if notes.exists() else 0
        self.log = Path()
        self.prompt = "(monitor) "
        self.time_ns = 0
        self.fed = False
        self.watched: list[str] = []
        self.memory: dict[int, bytes] = {}
        with notes.open("a") as file:
            file.write(f"started {os.getpid()} {time.monotonic()}\n")
        if scenario == "slow":
            time.sleep(1.5)
        say("Renode, version 1.17.0 (stand-in)")
        with notes.open("a") as file:
            file.write(f"ready {os.getpid()} {time.monotonic()}\n")

    def take(self, line: str) -> None:
        """Echo as a terminal of that width does, then answer."""
        echo = self.prompt + line
        for start in range(0, len(echo), WIDTH):
            say("\r" + echo[start : start + WIDTH])
        word, _, rest = line.partition(" ")
        if hasattr(self, f"do_{word}"):
            getattr(self, f"do_{word}")(rest)
        elif self.fed and word == "sysbus.pdm" and self.scenario == "model exception":
            say("Unhandled exception. System.DivideByZeroException: Attempted to divide by zero.")
            sys.exit(134)

    def do_echo(self, rest: str) -> None:
        say(rest.strip('"'))

    def do_logFile(self, rest: str) -> None:  # noqa: N802 - Renode's name
        self.log = Path(rest.rpartition(" ")[0].removeprefix("@").replace("\\ ", " "))
        self.log.write_text("[INFO] a line of the log\n")

    def do_mach(self, rest: str) -> None:
        self.prompt = "(board) "

    def do_machine(self, rest: str) -> None:
        if self.scenario == "refuses":
            say("There was an error executing command 'machine LoadPlatformDescription'")
            say("Could not resolve type: 'Sound.NoSuchMicrophone'.")
        self.include(Path(rest.partition("@")[2].replace("\\ ", " ")))

    def include(self, description: Path) -> None:
        """As Renode looks for code: beside the description by its name, whatever a link in it leads to."""
        for named in re.findall(r"include @(\S+)", description.read_text(encoding="utf-8")):
            if not Path(os.path.normpath(description.parent / named)).is_file():
                say(f"File does not exist: {named}")

    def do_lab_live_with(self, rest: str) -> None:
        say("lab: watching")

    def do_lab_attach(self, rest: str) -> None:
        say("lab: attached")

    def do_lab_attend(self, rest: str) -> None:
        self.folder = Path(rest.strip('"'))
        say("lab: attending")

    def do_lab_sensor(self, rest: str) -> None:
        say("lab: found")

    def do_lab_forget(self, rest: str) -> None:
        self.watched.clear()
        say("lab: forgotten")

    def do_lab_watch(self, rest: str) -> None:
        self.watched.append(rest)
        say("lab: watching")

    def do_lab_reset(self, rest: str) -> None:
        self.time_ns = 0
        self.fed = False
        self.memory.pop(RECEIVED, None)
        say("lab: at 0 0 0")

    def do_lab_read(self, rest: str) -> None:
        address, size, file = re.fullmatch(r'(\d+) (\d+) "(.*)"', rest).groups()
        Path(file).write_bytes(self.memory.get(int(address), b"").ljust(int(size), b"\0"))
        say("lab: read")

    def do_lab_receive(self, rest: str) -> None:
        """Kept where the samples end: a test reads it as memory."""
        self.memory[RECEIVED] = (
            self.memory.get(RECEIVED, b"") + b"%d:" % self.time_ns + Path(rest.strip('"')).read_bytes()
        )
        say("lab: received")

    def do_lab_write(self, rest: str) -> None:
        address, file = re.fullmatch(r'(\d+) "(.*)"', rest).groups()
        self.memory[int(address)] = Path(file).read_bytes()
        say("lab: written")

    def __getattr__(self, name: str):
        if name == "do_sysbus.pdm":
            return self.feed
        raise AttributeError(name)

    def feed(self, rest: str) -> None:
        file = rest.partition("@")[2].replace("\\ ", " ")
        self.fed = self.fed or bool(Path(file).stat().st_size)

    def do_lab_run(self, rest: str) -> None:
        before, self.time_ns = self.time_ns, self.time_ns + int(rest)
        if self.fed:
            self.go_wrong()
        if before < _BOOT_NS <= self.time_ns:
            say(f"lab: line {_count(_BOOT_NS)} {_BOOT_NS - 1_000 * self.drift()} ={BOOT.encode().hex()}")
        if self.fed and before < _DECISION_NS <= self.time_ns:
            for address in self.watched:
                say(f"lab: mark {address} 2 {_count(_DECISION_NS) - 10} {_DECISION_NS - 200}")
            say(f"lab: line {_count(_DECISION_NS)} {_DECISION_NS} ={DECISION.encode().hex()}0d")
        self.stand()

    def do_lab_block_after(self, rest: str) -> None:
        count, duration = map(int, rest.split())
        self.time_ns += duration
        say(f"lab: block {count + 3} {_BOOT_NS + 50}")
        self.stand()

    def stand(self) -> None:
        say(f"lab: at {_count(self.time_ns)} {self.time_ns} {0x204}")

    def answer_where(self, time_ns: int) -> None:
        asked = self.folder / "where"
        while not asked.exists():
            time.sleep(0.02)
        asked.unlink()
        (self.folder / "here").write_text(f"at {_count(time_ns)} {time_ns} {0x20C}\n")

    def drift(self) -> int:
        return self.fed and self.scenario == "drifts"

    def go_wrong(self) -> None:
        if self.scenario == "killed" or (self.scenario == "killed once" and not self.starts):
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.scenario == "resets itself":
            say("lab: reset")
        elif self.scenario == "silent":
            while True:
                self.answer_where(self.time_ns)
        elif self.scenario == "labours":
            for step in range(LOOKS):
                self.answer_where(self.time_ns + step)
        elif self.scenario == "garbled":
            say("lab: mark 4668 what")
        elif self.scenario == "abort":
            with self.log.open("a") as log:
                log.write(
                    "[ERROR] cpu: CPU abort [PC=0x208]: Trying to execute code outside RAM or ROM at 0x60000000\n"
                )
            time.sleep(1_000)


def _count(time_ns: int) -> int:
    return time_ns * 64 // 1_000


def say(text: str) -> None:
    sys.stdout.write(f"{text}\r\n")
    sys.stdout.flush()


def main() -> None:
    monitor = Monitor(sys.argv[1], Path(sys.argv[2]))
    for line in sys.stdin:
        monitor.take(line.rstrip("\n"))


if __name__ == "__main__":
    main()
