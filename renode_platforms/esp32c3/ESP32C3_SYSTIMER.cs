// The system timer of the ESP32-C3. Technical reference manual 1.1, chapter 10. The built-in engine has the same in
// lab/engines/builtin/devices/esp32c3_systimer.py, which says what is modelled. C# 6, which every Renode compiles.

using Antmicro.Renode.Core;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.CPU;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Timers
{
    [AllowedTranslations(AllowedTranslation.ByteToDoubleWord | AllowedTranslation.WordToDoubleWord)]
    public class ESP32C3_SYSTIMER : IDoubleWordPeripheral, IKnownSize
    {
        public ESP32C3_SYSTIMER(IMachine machine)
        {
            this.machine = machine;
            TARGET0 = new GPIO();
            TARGET1 = new GPIO();
            TARGET2 = new GPIO();
            lines = new[] { TARGET0, TARGET1, TARGET2 };
            units = new[] { new Unit(), new Unit() };
            targets = new Target[Targets];
            for(var number = 0; number < Targets; number++)
            {
                targets[number] = new Target();
                var ring = new LimitTimer(machine.ClockSource, NanosecondsInSecond, this, "target" + number, limit: 1,
                    direction: Direction.Ascending, enabled: false, workMode: WorkMode.OneShot, eventEnabled: true, autoUpdate: true);
                var rung = number;
                ring.LimitReached += () => Ring(rung);
                targets[number].Ring = ring;
            }
            Reset();
        }

        public void Reset()
        {
            for(var index = 0; index < registers.Length; index++)
            {
                registers[index] = 0;
            }
            registers[Configuration / 4] = 0x46000000;
            registers[Date / 4] = 0x02006171;
            units[0].GoOn(0, Now, true);
            units[1].GoOn(0, Now, false);
            for(var number = 0; number < Targets; number++)
            {
                targets[number].Ring.Reset();
                targets[number].Loaded = 0;
                targets[number].LoadedPeriod = 0;
                targets[number].Awaited = null;
                lines[number].Unset();
            }
        }

        public uint ReadDoubleWord(long offset)
        {
            if(offset == InterruptStatus)
            {
                return Pending;
            }
            return offset >= 0 && offset < registers.Length * 4 ? registers[offset / 4] : 0;
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            SynchroniseTime();
            if(offset == Configuration)
            {
                Configure(value);
            }
            else if(offset >= Operation && offset < Operation + 4 * Units)
            {
                Update((int)(offset - Operation) / 4, value);
            }
            else if(offset >= UnitLoadValue && offset < TargetConfiguration)
            {
                registers[offset / 4] = value;
            }
            else if(offset >= TargetConfiguration && offset < TargetConfiguration + 4 * Targets)
            {
                ConfigureTarget((int)(offset - TargetConfiguration) / 4, value);
            }
            else if(offset >= ComparatorLoad && offset < ComparatorLoad + 4 * Targets)
            {
                LoadComparator((int)(offset - ComparatorLoad) / 4, value);
            }
            else if(offset >= UnitLoad && offset < UnitLoad + 4 * Units)
            {
                LoadUnit((int)(offset - UnitLoad) / 4, value);
            }
            else if(offset == InterruptEnable)
            {
                registers[InterruptEnable / 4] = value & 7;
            }
            else if(offset == InterruptClear)
            {
                registers[InterruptRaw / 4] &= ~value;
            }
            else if(offset == Date)
            {
                registers[Date / 4] = value;
            }
            UpdateInterrupts();
        }

        public long Size { get { return 0x1000; } }

        public GPIO TARGET0 { get; private set; }

        public GPIO TARGET1 { get; private set; }

        public GPIO TARGET2 { get; private set; }

        private void Configure(uint value)
        {
            var changed = value ^ registers[Configuration / 4];
            registers[Configuration / 4] = value;
            for(var number = 0; number < Units; number++)
            {
                if((changed >> 30 - number & 1) != 0)
                {
                    units[number].GoOn(units[number].Value(Now), Now, (value >> 30 - number & 1) != 0);
                }
            }
            for(var number = 0; number < Targets; number++)
            {
                if((changed >> 24 - number & 1) != 0)
                {
                    Arm(number);
                }
            }
            SetAlarms();
        }

        private void Update(int number, uint value)
        {
            if((value & ValueUpdate) == 0)
            {
                registers[Operation / 4 + number] = value;
                return;
            }
            var count = units[number].Value(Now) & Mask;
            registers[UnitValue / 4 + 2 * number] = (uint)(count >> 32);
            registers[UnitValue / 4 + 2 * number + 1] = (uint)count;
            registers[Operation / 4 + number] = ValueValid;
        }

        private void ConfigureTarget(int number, uint value)
        {
            var changed = value ^ registers[TargetConfiguration / 4 + number];
            registers[TargetConfiguration / 4 + number] = value;
            if((changed & (PeriodMode | SecondUnit)) != 0)
            {
                Arm(number);
                SetAlarms();
            }
        }

        private void LoadComparator(int number, uint value)
        {
            if((value & 1) != 0)
            {
                targets[number].Loaded = Joined(TargetValue / 4 + 2 * number);
                targets[number].LoadedPeriod = registers[TargetConfiguration / 4 + number] & Period;
                Arm(number);
                SetAlarms();
            }
        }

        private void LoadUnit(int number, uint value)
        {
            if((value & 1) != 0)
            {
                units[number].GoOn(Joined(UnitLoadValue / 4 + 2 * number), Now, units[number].Runs);
                SetAlarms();
            }
        }

        private ulong Joined(long index)
        {
            return ((ulong)registers[index] << 32 | registers[index + 1]) & Mask;
        }

        private Unit UnitOf(int number)
        {
            return units[(registers[TargetConfiguration / 4 + number] & SecondUnit) != 0 ? 1 : 0];
        }

        private bool IsPeriodic(int number)
        {
            return (registers[TargetConfiguration / 4 + number] & PeriodMode) != 0;
        }

        private void Arm(int number)
        {
            var target = targets[number];
            if((registers[Configuration / 4] >> 24 - number & 1) == 0 || IsPeriodic(number) && target.LoadedPeriod == 0)
            {
                target.Awaited = null;
            }
            else if(IsPeriodic(number))
            {
                target.Awaited = UnitOf(number).Value(Now) + target.LoadedPeriod;
            }
            else
            {
                target.Awaited = target.Loaded;
            }
        }

        private void SetAlarms()
        {
            for(var number = 0; number < Targets; number++)
            {
                RingWhatIsPast(number);
                var target = targets[number];
                var unit = UnitOf(number);
                target.Ring.Enabled = false;
                if(target.Awaited.HasValue && unit.Runs)
                {
                    target.Ring.Limit = unit.Due(target.Awaited.Value) - Now;
                    target.Ring.Enabled = true;
                }
            }
        }

        private void RingWhatIsPast(int number)
        {
            var target = targets[number];
            var count = UnitOf(number).Value(Now);
            if(!target.Awaited.HasValue || target.Awaited.Value > count)
            {
                return;
            }
            if(IsPeriodic(number) && target.LoadedPeriod > 0)
            {
                target.Awaited += ((count - target.Awaited.Value) / target.LoadedPeriod + 1) * target.LoadedPeriod;
            }
            else
            {
                target.Awaited = null;
            }
            registers[InterruptRaw / 4] |= 1u << number;
            UpdateInterrupts();
        }

        private void Ring(int number)
        {
            RingWhatIsPast(number);
            SetAlarms();
        }

        private void UpdateInterrupts()
        {
            for(var number = 0; number < Targets; number++)
            {
                lines[number].Set((Pending >> number & 1) != 0);
            }
        }

        // Otherwise counters would stand at the last synchronisation, up to a quantum ago.
        private void SynchroniseTime()
        {
            ICPU cpu;
            if(machine.SystemBus.TryGetCurrentCPU(out cpu))
            {
                cpu.SyncTime();
            }
        }

        private uint Pending { get { return registers[InterruptRaw / 4] & registers[InterruptEnable / 4]; } }

        // Nanoseconds. While a ring is handled the clock source stands at its very time.
        private ulong Now
        {
            get { return (ulong)machine.ClockSource.CurrentValue.Ticks * (NanosecondsInSecond / (ulong)TimeInterval.TicksPerSecond); }
        }

        private readonly IMachine machine;
        private readonly GPIO[] lines;
        private readonly Unit[] units;
        private readonly Target[] targets;
        private readonly uint[] registers = new uint[0x100 / 4];

        private const int Units = 2;
        private const int Targets = 3;
        private const ulong NanosecondsInSecond = 1000000000;
        private const ulong Mask = (1UL << 52) - 1;
        private const uint ValueValid = 1u << 29;
        private const uint ValueUpdate = 1u << 30;
        private const uint Period = (1u << 26) - 1;
        private const uint PeriodMode = 1u << 30;
        private const uint SecondUnit = 1u << 31;

        private const long Configuration = 0x00;
        private const long Operation = 0x04;
        private const long UnitLoadValue = 0x0C;
        private const long TargetValue = 0x1C;
        private const long TargetConfiguration = 0x34;
        private const long UnitValue = 0x40;
        private const long ComparatorLoad = 0x50;
        private const long UnitLoad = 0x5C;
        private const long InterruptEnable = 0x64;
        private const long InterruptRaw = 0x68;
        private const long InterruptClear = 0x6C;
        private const long InterruptStatus = 0x70;
        private const long Date = 0xFC;

        // A counter of 16 MHz: two ticks are 125 ns.
        private class Unit
        {
            public void GoOn(ulong from, ulong now, bool runs)
            {
                counted = from;
                since = now;
                Runs = runs;
            }

            public ulong Value(ulong now)
            {
                return Runs ? counted + (now - since) * 2 / 125 : counted;
            }

            public ulong Due(ulong count)
            {
                return since + ((count - counted) * 125 + 1) / 2;
            }

            public bool Runs { get; private set; }

            private ulong counted;
            private ulong since;
        }

        private class Target
        {
            public LimitTimer Ring { get; set; }

            public ulong Loaded { get; set; }

            public ulong LoadedPeriod { get; set; }

            public ulong? Awaited { get; set; }
        }
    }
}
