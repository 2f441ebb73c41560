"""Commands for a debugger, beside those of monitor_commands.py, whose names are there; included where one attaches.

A run goes on in a thread of its own, so that the monitor takes commands meanwhile. A core that is to stand is put into
Renode's stepping mode: it waits in the middle of a run, and virtual time with it. Breakpoints and watchpoints are those
of Renode's GDB server, whose commands are taken without the server: nothing listens.
"""

from Antmicro.Renode.Peripherals.CPU import BreakpointType, ExecutionMode, HaltReason, ICpuSupportingGdb, RegisterValue
from Antmicro.Renode.Utilities import TypeManager
from Antmicro.Renode.Utilities.GDB import Command, CommandsManager, Packet, PacketData

_REASONS = {
    BreakpointType.HardwareBreakpoint: "breakpoint",
    BreakpointType.ReadWatchpoint: "load",
    BreakpointType.WriteWatchpoint: "store",
    BreakpointType.AccessWatchpoint: "store",
}


class _Debugged(object):
    """The board of `_board` under a debugger."""

    def __init__(self):
        self.commands = None
        self.asked = False
        self.halt = None
        self.end_ns = 0
        self.over = True
        self.has_begun = False

    def attach(self):
        self.commands = CommandsManager(_board.machine, System.Array[ICpuSupportingGdb]([_board.cpu]))
        TypeManager.Instance.AutoLoadedType += self.commands.Register
        _board.cpu.Halted += self.halted
        emulationManager.CurrentEmulation.MasterTimeSource.SinksReportedHook += self.begun

    def command(self, text):
        packet = Packet(PacketData(text))
        _, command = self.commands.TryGetCommand(packet)
        return [str(reply.DataAsString) for reply in Command.Execute(command, packet)] == ["OK"]

    def halted(self, arguments):
        if arguments.Reason == HaltReason.Breakpoint:
            self.note("%s %d" % (_REASONS[arguments.BreakpointType], arguments.Address or 0))
        elif arguments.Reason == HaltReason.Step and self.asked:
            self.note("asked 0")

    def note(self, reason):
        """The core stands; what comes before the debugger lets it go on is the same halt once more."""
        self.asked = False
        self.halt = self.halt or reason

    def run(self, duration_ns):
        self.end_ns = _board.now_ns() + duration_ns
        self.over = self.has_begun = False

        def run():
            _board.run(duration_ns)
            self.over = True

        _start(run)

    def begun(self):
        self.has_begun = True

    def stand(self):
        """At the end of the quantum: a core whose mode changes while it translates may abort."""
        self.asked = True

        def stand(_):
            if self.asked:
                _board.cpu.ExecutionMode = ExecutionMode.SingleStep

        if self.over:
            stand(None)
        else:
            emulationManager.CurrentEmulation.MasterTimeSource.ExecuteInNearestSyncedState(stand)

    def go_on(self):
        self.halt = None
        _board.cpu.ExecutionMode = ExecutionMode.Continuous

    def step(self):
        """Whether it does: outside of a run Renode would begin one without an end."""
        while not self.over and (not self.has_begun or _board.now_ns() >= self.end_ns):
            System.Threading.Thread.Sleep(1)
        if self.over:
            return False
        self.halt = None

        def step():
            _board.cpu.Step(1)
            self.note("stepped 0")

        _start(step)
        return True


_debugged = _Debugged()


def mc_lab_debug():
    """Let a debugger hold up the runs of `lab_go`."""
    _debugged.attach()
    _say("attached")


def mc_lab_go(duration_ns):
    """Begin a run of that long, and do not wait for its end."""
    _debugged.run(duration_ns)
    _say("going")


def mc_lab_news():
    """What has come, whether the core stands for the debugger and the run is over, and where the core is."""
    over, halt = _debugged.over, _debugged.halt
    while _board.news:
        _say(_board.news.pop(0))
    if halt:
        _say("halt " + halt)
    elif over:
        _say("over")
    _say(_board.place())


def mc_lab_place():
    """Where the core is."""
    _say(_board.place())


def mc_lab_stand():
    """Stand before the next instruction, as soon as a run comes there."""
    _debugged.stand()
    _say("standing")


def mc_lab_go_on():
    """Go on from where the core stands."""
    _debugged.go_on()
    _say("going")


def mc_lab_step():
    """Execute one instruction and stand; no, if the run ended with the last one."""
    _say("yes" if _debugged.step() else "no")


def mc_lab_point(packet):
    """Set or remove a breakpoint or watchpoint, as GDB's packet says it."""
    _say("yes" if _debugged.command(packet) else "no")


def mc_lab_registers(*numbers):
    """Registers by Renode's numbers."""
    _say("are " + " ".join("%d" % _board.cpu.GetRegister(number).RawValue for number in numbers))


def mc_lab_set_register(number, value, bits):
    """Set a register by Renode's number."""
    _board.cpu.SetRegister(number, RegisterValue.Create(int(value), bits))
    _say("set")


def mc_lab_has_memory(address, size):
    """Whether all of these bytes are memory: reading a device changes what the firmware sees."""
    ends = (address, address + size - 1)
    _say("yes" if all(_board.machine.SystemBus.FindMemory(at) for at in ends) else "no")
