// The interrupt matrix of the ESP32-C3, with the core's own priorities. Technical reference manual 1.1, chapters 8 and
// 1.6. The built-in engine has the same in lab/engines/builtin/devices/esp32c3_intc.py, which says what is modelled.
// C# 6, which every Renode compiles.

using System;
using System.Linq;
using Antmicro.Renode.Core;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.CPU;

namespace Antmicro.Renode.Peripherals.IRQControllers
{
    [AllowedTranslations(AllowedTranslation.ByteToDoubleWord | AllowedTranslation.WordToDoubleWord)]
    public class ESP32C3_INTC : IDoubleWordPeripheral, IKnownSize, IGPIOReceiver
    {
        public ESP32C3_INTC(IMachine machine)
        {
            this.machine = machine;
            Reset();
        }

        public void Reset()
        {
            Array.Clear(registers, 0, registers.Length);
            Array.Clear(mapped, 0, mapped.Length);
            registers[ClockGate / 4] = 1;
            registers[Date / 4] = 0x02007210;
            mapped[0] = (1UL << Sources) - 1;
            sources = 0;
            latched = 0;
            granted = 0;
        }

        // A peripheral drives its interrupt.
        public void OnGPIO(int number, bool value)
        {
            var before = Levels;
            sources = value ? sources | 1UL << number : sources & ~(1UL << number);
            TakeEdges(before);
        }

        public uint ReadDoubleWord(long offset)
        {
            switch(offset)
            {
            case Status:
                return (uint)sources;
            case Status + 4:
                return (uint)(sources >> 32);
            case PendingInterrupts:
                return Pending;
            default:
                return offset < Size ? registers[offset / 4] : 0;
            }
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            if(offset < Sources * 4)
            {
                var before = Levels;
                mapped[registers[offset / 4]] &= ~(1UL << (int)(offset / 4));
                registers[offset / 4] = value % Interrupts;
                mapped[value % Interrupts] |= 1UL << (int)(offset / 4);
                TakeEdges(before);
                return;
            }
            if(offset >= Priority && offset < Priority + Interrupts * 4 || offset == Threshold)
            {
                registers[offset / 4] = value & 0xF;
                Grant();
                return;
            }
            switch(offset)
            {
            case Enable:
            case Type:
            case Clear:
                registers[offset / 4] = value;
                latched &= offset == Type ? value : offset == Clear ? ~value : 0xFFFFFFFF;
                Grant();
                break;
            case ClockGate:
            case Date:
                registers[offset / 4] = value;
                break;
            default:
                break;
            }
        }

        public long Size { get { return 0x1000; } }

        private void TakeEdges(uint before)
        {
            latched |= Levels & ~before & registers[Type / 4];
            Grant();
        }

        // The chip's core has no mie: what the matrix lets through, it takes. Renode's core has to be told; its interrupt 1,
        // of RISC-V's supervisor mode, stays once it was raised.
        private void Grant()
        {
            var winner = Winner;
            if(winner == granted)
            {
                return;
            }
            var core = (RiscV32)machine.SystemBus.GetCPUs().First();
            if(granted != 0)
            {
                core.OnGPIO(granted, false);
            }
            granted = winner;
            if(granted != 0)
            {
                core.MIE = core.MIE | 1UL << granted;
                core.OnGPIO(granted, true);
            }
        }

        // Of those with the highest priority the lowest number, or 0.
        private int Winner
        {
            get
            {
                var waiting = Pending & registers[Enable / 4];
                var least = Math.Max(registers[Threshold / 4], 1);
                var winner = 0;
                for(var number = 1; waiting != 0 && number < Interrupts; number++)
                {
                    var priority = registers[Priority / 4 + number];
                    if((waiting >> number & 1) != 0 && priority >= least)
                    {
                        least = priority + 1;
                        winner = number;
                    }
                }
                return winner;
            }
        }

        private uint Pending { get { return Levels & ~registers[Type / 4] | latched; } }

        // Interrupts with a source that is high.
        private uint Levels
        {
            get
            {
                var levels = 0u;
                for(var number = 1; sources != 0 && number < Interrupts; number++)
                {
                    levels |= (mapped[number] & sources) != 0 ? 1u << number : 0;
                }
                return levels;
            }
        }

        private ulong sources;
        private uint latched;
        private int granted;

        private readonly IMachine machine;
        private readonly uint[] registers = new uint[0x1000 / 4];
        // By interrupt of the core, the sources that lead to it.
        private readonly ulong[] mapped = new ulong[Interrupts];

        private const int Sources = 62;
        private const int Interrupts = 32;

        private const long Status = 0xF8;
        private const long ClockGate = 0x100;
        private const long Enable = 0x104;
        private const long Type = 0x108;
        private const long Clear = 0x10C;
        private const long PendingInterrupts = 0x110;
        private const long Priority = 0x114;
        private const long Threshold = 0x194;
        private const long Date = 0x7FC;
    }
}
