// The performance counter of the ESP32-C3's core, which has it in place of mcycle: mpcer, mpcmr and mpccr. Technical
// reference manual 1.1, chapter 1.4. The built-in engine has the same in lab/engines/builtin/core/riscv_csr.c, which
// says what is modelled. C# 6, which every Renode compiles.

using Antmicro.Renode.Core;
using Antmicro.Renode.Peripherals.CPU;

namespace Antmicro.Renode.Peripherals.Miscellaneous
{
    public class ESP32C3_MPC : IPeripheral
    {
        public ESP32C3_MPC(IMachine machine, RiscV32 cpu)
        {
            this.cpu = cpu;
            // It is nowhere on the bus, so that no reset reaches it otherwise.
            machine.MachineReset += m => Reset();
            cpu.RegisterCSR(EventsNumber, () => events, value => Set((uint)value & AllEvents, mode, Count));
            cpu.RegisterCSR(ModeNumber, () => mode, value => Set(events, (uint)value & Modes, Count));
            cpu.RegisterCSR(CounterNumber, () => Count, value => Set(events, mode, (uint)value));
            Reset();
        }

        // It counts, as the chip's ROM leaves it.
        public void Reset()
        {
            Set(Cycles, Enable, 0);
        }

        private void Set(uint newEvents, uint newMode, uint value)
        {
            events = newEvents;
            mode = newMode;
            counter = value - (Counts ? Executed : 0);
        }

        private bool Counts { get { return (mode & Enable) != 0 && (events & (Cycles | Instructions)) != 0; } }

        private uint Count { get { return counter + (Counts ? Executed : 0); } }

        private uint Executed { get { return (uint)cpu.ExecutedInstructions; } }

        private uint events;
        private uint mode;
        // Its value, or while it counts, what it adds to the instructions executed.
        private uint counter;

        private readonly RiscV32 cpu;

        private const ushort EventsNumber = 0x7E0;
        private const ushort ModeNumber = 0x7E1;
        private const ushort CounterNumber = 0x7E2;

        private const uint Cycles = 1 << 0;
        private const uint Instructions = 1 << 1;
        private const uint Enable = 1 << 0;
        private const uint AllEvents = (1 << 11) - 1;
        private const uint Modes = 3;
    }
}
