// The lab's own sensor for Renode; docs/sensor-fifo.md is its data sheet. The built-in engine has the same in
// lab/engines/builtin/devices/sensorfifo.py. C# 6, which every Renode compiles.

using System;
using System.IO;
using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.CPU;
using Antmicro.Renode.Peripherals.Timers;
using Antmicro.Renode.Time;
using Antmicro.Renode.Utilities;

namespace Antmicro.Renode.Peripherals.Sensors
{
    public class SensorFifo : BasicDoubleWordPeripheral, IKnownSize
    {
        public SensorFifo(IMachine machine, int channels) : base(machine)
        {
            if(channels < 1 || channels > MostChannels)
            {
                throw new ConstructionException("SensorFifo: channels is " + channels + ", not 1 to " + MostChannels);
            }
            this.channels = channels;
            IRQ = new GPIO();
            timer = new LimitTimer(machine.ClockSource, 1, this, "buffer", limit: 1, direction: Direction.Ascending,
                enabled: false, workMode: WorkMode.Periodic, eventEnabled: true, autoUpdate: true);
            timer.LimitReached += EndBuffer;
            samples = new byte[0];
            DefineRegisters();
        }

        public override void Reset()
        {
            base.Reset();
            timer.Reset();
            samples = new byte[0];
            position = 0;
            target = 0;
            ended = false;
            exhausted = false;
            refused = false;
            running = false;
            overruns = 0;
            buffers = 0;
            timeInMicroseconds = 0;
            timeAtReset = machine.ElapsedVirtualTime.TimeElapsed;
            IRQ.Unset();
        }

        // Queue frames: 16-bit little-endian samples, the channels of a frame one after the other, no header.
        public void FeedSamples(ReadFilePath path)
        {
            var more = File.ReadAllBytes(path);
            if(more.Length % BytesInFrame != 0)
            {
                throw new RecoverableException(path + " is not a whole number of frames of " + BytesInFrame + " bytes");
            }
            var left = samples.Length - position;
            var all = new byte[left + more.Length];
            Array.Copy(samples, position, all, 0, left);
            Array.Copy(more, 0, all, left, more.Length);
            samples = all;
            position = 0;
        }

        public long Size { get { return 0x1000; } }

        public GPIO IRQ { get; private set; }

        private void DefineRegisters()
        {
            Registers.Control.Define(this)
                .WithFlag(0, name: "EN", valueProviderCallback: _ => running, writeCallback: (_, value) => SetRunning(value))
                .WithFlag(1, out interruptEnable, name: "IE")
                .WithReservedBits(2, 30)
                .WithWriteCallback((_, __) => UpdateInterrupt());
            Registers.Rate.Define(this).WithValueField(0, 32, out rate, name: "RATE");
            Registers.Pointer.Define(this).WithValueField(0, 32, out pointer, name: "POINTER");
            Registers.Length.Define(this).WithValueField(0, 32, out length, name: "LENGTH");
            Registers.Status.Define(this)
                .WithFlag(0, name: "END", valueProviderCallback: _ => ended,
                    writeCallback: (_, value) => { if(value) { ended = false; } })
                .WithFlag(1, FieldMode.Read, name: "RUNNING", valueProviderCallback: _ => running)
                .WithFlag(2, FieldMode.Read, name: "EXHAUSTED", valueProviderCallback: _ => exhausted)
                .WithFlag(3, name: "REFUSED", valueProviderCallback: _ => refused,
                    writeCallback: (_, value) => { if(value) { refused = false; } })
                .WithReservedBits(4, 28)
                .WithWriteCallback((_, __) => UpdateInterrupt());
            Registers.Overruns.Define(this)
                .WithValueField(0, 32, FieldMode.Read, name: "OVERRUNS", valueProviderCallback: _ => overruns);
            Registers.Buffers.Define(this)
                .WithValueField(0, 32, FieldMode.Read, name: "BUFFERS", valueProviderCallback: _ => buffers);
            Registers.Time.Define(this)
                .WithValueField(0, 32, FieldMode.Read, name: "TIME_US", valueProviderCallback: _ => timeInMicroseconds);
            Registers.Channels.Define(this)
                .WithValueField(0, 32, FieldMode.Read, name: "CHANNELS", valueProviderCallback: _ => (uint)channels);
            Registers.Id.Define(this)
                .WithValueField(0, 32, FieldMode.Read, name: "ID", valueProviderCallback: _ => Identity);
        }

        private void SetRunning(bool value)
        {
            if(value == running)
            {
                return;
            }
            if(!value)
            {
                running = false;
                timer.Enabled = false;
                return;
            }
            if(rate.Value < 1 || rate.Value > HighestRate || length.Value < 1 || length.Value > Longest || pointer.Value % BytesInSample != 0)
            {
                refused = true;
                this.Log(LogLevel.Warning, "Not started: RATE {0}, LENGTH {1}, POINTER 0x{2:X}", rate.Value, length.Value, pointer.Value);
                return;
            }
            SynchroniseTime();
            running = true;
            target = pointer.Value;
            frames = (int)length.Value;
            timer.Frequency = rate.Value;
            timer.Limit = length.Value;
            timer.Value = 0;
            timer.Enabled = true;
        }

        // Otherwise the first buffer would count from the last synchronisation, up to a quantum ago.
        private void SynchroniseTime()
        {
            ICPU cpu;
            if(sysbus.TryGetCurrentCPU(out cpu))
            {
                cpu.SyncTime();
            }
        }

        private void EndBuffer()
        {
            var buffer = new byte[frames * BytesInFrame];
            var heard = Math.Min(buffer.Length, samples.Length - position);
            Array.Copy(samples, position, buffer, 0, heard);
            position += heard;
            exhausted |= heard < buffer.Length;
            sysbus.WriteBytes(buffer, target);
            if(ended)
            {
                overruns++;
            }
            ended = true;
            buffers++;
            timeInMicroseconds = (uint)(machine.ElapsedVirtualTime.TimeElapsed - timeAtReset).TotalMicroseconds;
            target = pointer.Value;
            UpdateInterrupt();
        }

        private void UpdateInterrupt()
        {
            IRQ.Set(interruptEnable.Value && ended);
        }

        private int BytesInFrame { get { return BytesInSample * channels; } }

        private byte[] samples;
        private int position;
        private int frames;
        private ulong target;
        private bool ended;
        private bool exhausted;
        private bool refused;
        private bool running;
        private uint overruns;
        private uint buffers;
        private uint timeInMicroseconds;
        private TimeInterval timeAtReset;
        private IFlagRegisterField interruptEnable;
        private IValueRegisterField rate;
        private IValueRegisterField pointer;
        private IValueRegisterField length;

        private readonly LimitTimer timer;
        private readonly int channels;

        private const int MostChannels = 8;
        private const int BytesInSample = 2;
        private const ulong HighestRate = 1000000;
        private const ulong Longest = 0xFFFF;
        private const uint Identity = 0x4F464946;

        private enum Registers
        {
            Control = 0x00,
            Rate = 0x04,
            Pointer = 0x08,
            Length = 0x0C,
            Status = 0x10,
            Overruns = 0x14,
            Buffers = 0x18,
            Time = 0x1C,
            Channels = 0x20,
            Id = 0x24,
        }
    }
}
