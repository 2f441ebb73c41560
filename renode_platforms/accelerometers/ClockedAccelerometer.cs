// What the lab's accelerometers have in common: samples by a clock of their own, a FIFO, output registers, addressing on
// I2C. docs/accelerometers.md says what they do. The built-in engine has the same in
// lab/engines/builtin/devices/clocked_accelerometer.py and felt.py. C# 6, which every Renode compiles; include this
// file before those of the parts.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.CPU;
using Antmicro.Renode.Peripherals.I2C;
using Antmicro.Renode.Peripherals.Timers;
using Antmicro.Renode.Time;
using Antmicro.Renode.Utilities;

namespace Antmicro.Renode.Peripherals.Sensors
{
    public abstract class ClockedAccelerometer : II2CPeripheral
    {
        public virtual void Reset()
        {
            signals.Clear();
            hasBegun = false;
            taken = 0;
            address = 0;
            isAddressed = false;
            Restart();
        }

        // For rates with a fraction, in quotes: the monitor has only seven digits of a bare one.
        public void FeedSignal(ReadFilePath path, string rateHz, int stepsPerUnit)
        {
            decimal rate;
            if(!decimal.TryParse(rateHz, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out rate))
            {
                throw new RecoverableException(rateHz + " is not a rate");
            }
            FeedSignal(path, rate, stepsPerUnit);
        }

        // Queue a signal: frames of three 16-bit little-endian values, no header. An empty file is nothing, at any rate.
        public void FeedSignal(ReadFilePath path, decimal rateHz, int stepsPerUnit)
        {
            var bytes = File.ReadAllBytes(path);
            if(bytes.Length == 0)
            {
                return;
            }
            if(bytes.Length % BytesInFrame != 0)
            {
                throw new RecoverableException(path + " is not a whole number of frames of " + BytesInFrame + " bytes");
            }
            if(rateHz <= 0 || stepsPerUnit <= 0)
            {
                throw new RecoverableException("A signal needs frames a second and steps to 1 g, both above 0");
            }
            signals.Enqueue(new Signal(bytes, rateHz, stepsPerUnit));
        }

        // The first byte of a transfer is the register's address, the others its value and the next ones'.
        public void Write(byte[] data)
        {
            foreach(var value in data)
            {
                if(!isAddressed)
                {
                    address = value & LastRegister;
                    isAddressed = true;
                    continue;
                }
                WriteRegister(address, value);
                Advance();
            }
        }

        public byte[] Read(int count = 1)
        {
            var values = new byte[count];
            for(var i = 0; i < count; i++)
            {
                values[i] = ReadRegister(address);
                Advance();
            }
            return values;
        }

        public void FinishTransmission()
        {
            isAddressed = false;
        }

        public GPIO Interrupt1 { get; private set; }

        public GPIO Interrupt2 { get; private set; }

        // Every period is a whole number of units.
        protected ClockedAccelerometer(IMachine machine, uint unitsPerSecond, int identity, int stopsAfter)
        {
            if(identity < 0 || identity > 0xFF || stopsAfter < 0)
            {
                throw new ConstructionException("identity is " + identity + " and stopsAfter " + stopsAfter);
            }
            this.machine = machine;
            this.unitsPerSecond = unitsPerSecond;
            this.identity = (byte)identity;
            this.stopsAfter = stopsAfter;
            Interrupt1 = new GPIO();
            Interrupt2 = new GPIO();
            timer = new LimitTimer(machine.ClockSource, NanosecondsInSecond, this, "sample", limit: 1, direction: Direction.Ascending,
                enabled: false, workMode: WorkMode.OneShot, eventEnabled: true, autoUpdate: true);
            timer.LimitReached += TakeSample;
        }

        // Of the output data rate that is set; 0 for power-down.
        protected abstract uint Period { get; }

        // The acceleration that 32,768 digits stand for.
        protected abstract int FullScale { get; }

        protected abstract bool AddressAdvances { get; }

        protected abstract bool BlocksUpdate { get; }

        protected virtual int Depth { get { return Levels; } }

        protected virtual bool HasFifo { get { return true; } }

        // The bits that an axis has, of 16 left-justified ones.
        protected abstract int KeptBits(int axis);

        protected abstract bool IsWritable(int register);

        protected abstract byte AfterPowerOn(int register);

        protected abstract void Wrote(int register, byte value);

        // A register that the part computes; null for what is kept.
        protected abstract byte? StateOf(int register);

        protected abstract void LinesHigh(out bool first, out bool second);

        protected void Restart()
        {
            for(var register = 0; register <= LastRegister; register++)
            {
                registers[register] = AfterPowerOn(register);
            }
            registers[WhoAmI] = identity;
            fifo.Clear();
            IsOverrun = false;
            IsReady = false;
            sample = new short[Axes];
            held = new ushort?[Axes];
            running = 0;
            timer.Enabled = false;
            UpdateInterrupts();
        }

        protected bool Buffers
        {
            get
            {
                var mode = registers[FifoControl] >> 5;
                return HasFifo && (mode == UntilFull || mode == UntilTrigger || mode == Continuous);
            }
        }

        protected bool IsThresholdReached { get { return Buffers && fifo.Count >= (registers[FifoControl] & 0x1F); } }

        protected bool IsFull { get { return fifo.Count == Levels; } }

        protected bool IsOverrun { get; private set; }

        protected bool IsReady { get; private set; }

        protected readonly byte[] registers = new byte[LastRegister + 1];

        protected const int FifoControl = 0x2E;

        private void Advance()
        {
            if(AddressAdvances)
            {
                address = address == OutZHigh && Buffers ? OutXLow : (address + 1) & LastRegister;
            }
        }

        private void WriteRegister(int register, byte value)
        {
            if(!IsWritable(register))
            {
                return;
            }
            registers[register] = value;
            Wrote(register, value);
            if(!Buffers)
            {
                fifo.Clear();
                IsOverrun = false;
            }
            if(Period != running)
            {
                Start();
            }
            UpdateInterrupts();
        }

        private byte ReadRegister(int register)
        {
            if(register >= OutXLow && register <= OutZHigh)
            {
                return ReadOutput((register - OutXLow) / 2, (register - OutXLow) % 2 == 1);
            }
            if(register == FifoState)
            {
                return (byte)((IsThresholdReached ? 0x80 : 0) | (IsOverrun ? 0x40 : 0) | fifo.Count);
            }
            return StateOf(register) ?? registers[register];
        }

        private byte ReadOutput(int axis, bool high)
        {
            if(axis == 0 && !high && fifo.Count > 0)
            {
                sample = fifo.Dequeue();
                IsOverrun = false;
                UpdateInterrupts();
            }
            var value = (ushort)sample[axis];
            if(!high)
            {
                held[axis] = BlocksUpdate ? value : (ushort?)null;
                return (byte)value;
            }
            value = held[axis] ?? value;
            held[axis] = null;
            IsReady = false;
            UpdateInterrupts();
            return (byte)(value >> 8);
        }

        private void Start()
        {
            running = Period;
            ticks = 0;
            timer.Enabled = false;
            if(running == 0)
            {
                return;
            }
            // Otherwise the first period would count from the last synchronisation, up to a quantum ago.
            ICPU cpu;
            if(machine.SystemBus.TryGetCurrentCPU(out cpu))
            {
                cpu.SyncTime();
            }
            AwaitTick();
        }

        // The clock stands at the last tick, or at the start: what is awaited is the rest to the next tick's exact time.
        private void AwaitTick()
        {
            if(stopsAfter > 0 && taken >= stopsAfter)
            {
                return;
            }
            timer.Limit = Due(ticks + 1) - Due(ticks);
            timer.Enabled = true;
        }

        private ulong Due(ulong number)
        {
            return (number * running * NanosecondsInSecond + unitsPerSecond - 1) / unitsPerSecond;
        }

        private void TakeSample()
        {
            ticks++;
            taken++;
            var next = NextSample();
            if(!Buffers)
            {
                sample = next;
            }
            else if(fifo.Count < Depth)
            {
                fifo.Enqueue(next);
            }
            else
            {
                IsOverrun = true;
                if(registers[FifoControl] >> 5 != UntilFull)
                {
                    fifo.Dequeue();
                    fifo.Enqueue(next);
                }
            }
            IsReady = true;
            AwaitTick();
            UpdateInterrupts();
        }

        private short[] NextSample()
        {
            var digits = new short[Axes];
            if(signals.Count == 0)
            {
                return digits;
            }
            if(!hasBegun || signals.Peek().FrameAt(age, unitsPerSecond) < signals.Peek().Length)
            {
                age = hasBegun ? age + running : 0;
                hasBegun = true;
            }
            if(signals.Count > 1 && signals.Peek().FrameAt(age, unitsPerSecond) >= signals.Peek().Length)
            {
                signals.Dequeue();
                age = 0;
            }
            var signal = signals.Peek();
            var frame = Math.Min(signal.FrameAt(age, unitsPerSecond), signal.Length - 1);
            for(var axis = 0; axis < Axes; axis++)
            {
                var value = FloorOfQuotient((long)signal.Value(frame, axis) << 15, (long)FullScale * signal.StepsPerUnit);
                digits[axis] = (short)(Math.Max(short.MinValue, Math.Min(short.MaxValue, value)) & KeptBits(axis));
            }
            return digits;
        }

        private static long FloorOfQuotient(long dividend, long divisor)
        {
            var quotient = dividend / divisor;
            return dividend % divisor < 0 ? quotient - 1 : quotient;
        }

        private void UpdateInterrupts()
        {
            bool first, second;
            LinesHigh(out first, out second);
            Interrupt1.Set(first);
            Interrupt2.Set(second);
        }

        private int address;
        private bool isAddressed;
        private short[] sample;
        private ushort?[] held;
        private uint running;
        private ulong ticks;
        private long taken;
        private bool hasBegun;
        private ulong age;

        private readonly Queue<Signal> signals = new Queue<Signal>();
        private readonly Queue<short[]> fifo = new Queue<short[]>();
        private readonly IMachine machine;
        private readonly LimitTimer timer;
        private readonly uint unitsPerSecond;
        private readonly byte identity;
        private readonly int stopsAfter;

        private const int WhoAmI = 0x0F;
        private const int OutXLow = 0x28;
        private const int OutZHigh = 0x2D;
        private const int FifoState = 0x2F;
        private const int LastRegister = 0x7F;
        private const int UntilFull = 1;
        private const int UntilTrigger = 3;
        private const int Continuous = 6;
        private const int Levels = 32;
        private const int Axes = 3;
        private const int BytesInFrame = 6;
        private const ulong NanosecondsInSecond = 1000000000;

        private class Signal
        {
            public Signal(byte[] bytes, decimal rateHz, int stepsPerUnit)
            {
                this.bytes = bytes;
                rateNanoHz = decimal.Truncate(rateHz * NanosecondsInSecond);
                StepsPerUnit = stepsPerUnit;
            }

            // The frame of that age in units; whole numbers of 28 digits, so it is exact.
            public long FrameAt(ulong age, uint unitsPerSecond)
            {
                var product = age * rateNanoHz;
                var divisor = (decimal)unitsPerSecond * NanosecondsInSecond;
                return (long)((product - product % divisor) / divisor);
            }

            public short Value(long frame, int axis)
            {
                var at = (int)(frame * BytesInFrame + 2 * axis);
                return (short)(bytes[at] | bytes[at + 1] << 8);
            }

            public long Length { get { return bytes.Length / BytesInFrame; } }

            public int StepsPerUnit { get; private set; }

            private readonly byte[] bytes;
            private readonly decimal rateNanoHz;
        }
    }
}
