"""Commands that the lab adds to Renode's monitor; `lab_run 100000000` runs for 100 ms of virtual time.

This file runs inside Renode, in IronPython 2.7: `monitor`, `emulationManager`, `clr` and `System` are there, `print` is
no function. Each line of an answer starts with `lab:`, so that it can be told from whatever else Renode prints. Counts
are of executed instructions, times in virtual nanoseconds; both since the last reset.
"""

import sys

try:
    clr.AddReference("System.Diagnostics.Process")  # .NET; Mono has it in `System`
except IOError:
    pass

from Antmicro.Renode.Time import TimeInterval

_NS = 10**9
_FIELDS = System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance
_LF, _CR = 10, 13
_LOOK_MS = 200


class _Board(object):
    """What the lab watches of the one machine."""

    def __init__(self):
        self.machine = self.cpu = self.uart = None
        self.memories = []
        self.queues = []
        self.argument_register = 0
        self.began_ns = 0
        self.resetting = False
        self.unfinished = []
        self.news = []

    def attach(self, cpu, uart):
        self.machine = monitor.Machine
        self.cpu = self.machine[cpu]
        self.argument_register = 10 if "RiscV" in self.cpu.GetType().Name else 0
        registered = self.machine.SystemBus.GetRegisteredPeripherals()
        self.memories = [one.Peripheral for one in registered if one.Peripheral.GetType().Name == "MappedMemory"]
        self.uart = self.machine[uart]
        self.uart.CharReceived += self.hear
        self.machine.MachineReset += self.was_reset

    def sense(self, name):
        """Queues of samples outlast a reset of their sensor, and nothing but their own method empties them."""
        sensor = self.machine[name]
        for field in sensor.GetType().GetFields(_FIELDS):
            if field.FieldType.Name.startswith("SensorSamplesFifo"):
                self.queues.append(field.GetValue(sensor))

    def now_ns(self):
        ticks = int(self.machine.ElapsedVirtualTime.TimeElapsed.Ticks)
        return ticks * _NS // int(TimeInterval.TicksPerSecond) - self.began_ns

    def count(self):
        return int(self.cpu.ExecutedInstructions)

    def place(self):
        return "at %d %d %d" % (self.count(), self.now_ns(), int(self.cpu.PC.RawValue))

    def argument(self):
        return int(self.cpu.GetRegister(self.argument_register).RawValue)

    def reset(self, elf, vectors):
        for memory in self.memories:
            memory.ZeroAll()
        for queue in self.queues:
            queue.Reset()
        self.resetting = True
        self.machine.Reset()
        self.resetting = False
        self.began_ns = 0
        self.began_ns = self.now_ns()
        self.unfinished = []
        self.news = []
        self.machine.SystemBus.LoadELF(elf)
        if hasattr(self.cpu, "VectorTableOffset"):
            self.cpu.VectorTableOffset = vectors

    def was_reset(self, machine):
        if not self.resetting:
            self.news.append("reset")

    def hear(self, byte):
        """The UART sends; a line counts from the start of the block whose store completes it."""
        if byte != _LF:
            self.unfinished.append(byte)
            return
        text = "".join("%02x" % one for one in self.unfinished)
        self.unfinished = []
        self.news.append("line %d %d =%s" % (self.count(), self.now_ns(), text))

    def watch(self, address):
        def reached(cpu, at):
            self.news.append("mark %d %d %d %d" % (address, self.argument(), self.count(), self.now_ns()))

        self.cpu.AddHook(address, reached)

    def run(self, duration_ns):
        emulationManager.CurrentEmulation.RunFor(TimeInterval.FromNanoseconds(duration_ns))

    def find_block_after(self, count, duration_ns):
        found = []

        def begins(at, size):
            if not found and self.count() > count:
                self.cpu.SyncTime()
                found.append("block %d %d" % (self.count(), self.now_ns()))

        self.cpu.SetHookAtBlockBegin(begins)
        self.run(duration_ns)
        self.cpu.SetHookAtBlockBegin(None)
        return found


_board = _Board()


def _start(work):
    thread = System.Threading.Thread(System.Threading.ThreadStart(work))
    thread.IsBackground = True
    thread.Start()


def _say(line):
    sys.stdout.write("lab: %s\n" % line)


def _tell():
    for line in _board.news:
        _say(line)
    _board.news = []
    _say(_board.place())


def mc_lab_attend(folder):
    """Whenever a file `where` appears in the folder, write the core's place to a file `here`, even while it runs."""
    asked, answer = System.IO.Path.Combine(folder, "where"), System.IO.Path.Combine(folder, "here")

    def attend():
        while True:
            System.Threading.Thread.Sleep(_LOOK_MS)
            if System.IO.File.Exists(asked):
                System.IO.File.Delete(asked)
                System.IO.File.WriteAllText(answer, _board.place() + "\n")

    _start(attend)
    _say("attending")


def mc_lab_live_with(pid):
    """End when that process does, whatever Renode is busy with."""
    renode = System.Diagnostics.Process.GetCurrentProcess()

    def runs():  # asked again and again: Mono waits for no process that is not Renode's own child
        try:
            System.Diagnostics.Process.GetProcessById(int(pid)).Dispose()
        except System.ArgumentException:
            return False
        return True

    def watch():
        while runs():
            System.Threading.Thread.Sleep(_LOOK_MS)
        renode.Kill()

    _start(watch)
    _say("watching")


def mc_lab_attach(cpu, uart):
    """Watch the machine with that core and UART, by their full names."""
    _board.attach(cpu, uart)
    _say("attached")


def mc_lab_sensor(name):
    """Empty the queues of that sensor at each reset."""
    _board.sense(name)
    _say("found")


def mc_lab_watch(address):
    """Report whenever execution reaches the address."""
    _board.watch(address)
    _say("watching")


def mc_lab_forget():
    """Report no address any more."""
    _board.cpu.RemoveAllHooks()
    _say("forgotten")


def mc_lab_reset(elf, vectors):
    """Start over: empty memories, devices as after power-on, the image loaded."""
    _board.reset(elf, vectors)
    _tell()


def mc_lab_run(duration_ns):
    """Run for that long, then report lines, marks and where the core stands."""
    _board.run(duration_ns)
    _tell()


def mc_lab_block_after(count, duration_ns):
    """Run for that long, then report the first block that began after that many instructions."""
    for line in _board.find_block_after(count, duration_ns):
        _say(line)
    _tell()


def mc_lab_receive(file):
    """Let the bytes of a file arrive at the UART, one after the other."""
    for byte in System.IO.File.ReadAllBytes(file):
        _board.uart.WriteChar(byte)
    _say("received")


def mc_lab_read(address, size, file):
    """Copy memory to a file."""
    System.IO.File.WriteAllBytes(file, _board.machine.SystemBus.ReadBytes(address, size))
    _say("read")


def mc_lab_write(address, file):
    """Copy a file to memory."""
    _board.machine.SystemBus.WriteBytes(System.IO.File.ReadAllBytes(file), address)
    _say("written")
