// Serial audio interface of the STM32F7. RM0385 rev 8, chapters 33 and 5.3.25. The built-in engine has the same in
// lab/engines/builtin/devices/stm32_sai.py, which says what is modelled. C# 6, which every Renode compiles; include
// ../serial_audio/SerialAudio.cs and STM32F7_DMA.cs before this file.

using System;
using System.Collections.Generic;
using System.Linq;
using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.CPU;
using Antmicro.Renode.Peripherals.DMA;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Peripherals.Timers;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Sound
{
    [AllowedTranslations(AllowedTranslation.ByteToDoubleWord | AllowedTranslation.WordToDoubleWord)]
    public class STM32_SAI : IDoubleWordPeripheral, IKnownSize
    {
        public STM32_SAI(IMachine machine, STM32F4_RCC rcc, ISerialAudio serialDataB, int hseFrequency, int instance)
        {
            if(hseFrequency < 4000000 || hseFrequency > 26000000 || instance < 1 || instance > 2)
            {
                throw new ConstructionException("hseFrequency is " + hseFrequency + ", instance " + instance);
            }
            sysbus = machine.GetSystemBus(this);
            this.rcc = rcc;
            this.serialDataB = serialDataB;
            this.hseFrequency = hseFrequency;
            this.instance = instance;
            IRQ = new GPIO();
            RequestA = new GPIO();
            RequestB = new GPIO();
            blocks = new[] { new Block(RequestA), new Block(RequestB) };
            time = new LimitTimer(machine.ClockSource, NanosecondsInSecond, this, "time", limit: Longest,
                direction: Direction.Ascending, enabled: false, eventEnabled: false, autoUpdate: true);
            ticks = new LimitTimer(machine.ClockSource, NanosecondsInSecond, this, "frames", limit: 1,
                direction: Direction.Ascending, enabled: false, workMode: WorkMode.OneShot, eventEnabled: true, autoUpdate: true);
            ticks.LimitReached += EndFrames;
            Reset();
        }

        public void Reset()
        {
            global = 0;
            frameClock = null;
            ended = 0;
            awaited = 0;
            time.Reset();
            ticks.Reset();
            foreach(var block in blocks)
            {
                block.Reset();
            }
            UpdateInterrupt();
        }

        public uint ReadDoubleWord(long offset)
        {
            if(offset == Global)
            {
                return global;
            }
            if(offset >= FirstBlock + 2 * Step)
            {
                return 0;
            }
            var block = blocks[(offset - FirstBlock) / Step];
            switch((offset - FirstBlock) % Step)
            {
            case Control1:
                return block.Control;
            case Control2:
                return block.FifoControl;
            case Frame:
                return block.Frame;
            case Slots:
                return block.Slots;
            case InterruptMask:
                return block.Mask;
            case Status:
                return Pending(block) | (uint)Levels.Count(least => block.Fifo.Count >= least) << 16;
            case Data:
                return Receive(block);
            default:
                return 0;
            }
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            if(offset == Global)
            {
                global = value & 0x3F;
            }
            if(offset == Global || offset >= FirstBlock + 2 * Step)
            {
                return;
            }
            var block = blocks[(offset - FirstBlock) / Step];
            switch((offset - FirstBlock) % Step)
            {
            case Control1:
                Configure(block, value & 0xFFFFFF);
                break;
            case Control2:
                Hear();
                if((value & Flush) != 0)
                {
                    block.Fifo.Clear();
                }
                block.FifoControl = value & 0xFFFF & ~Flush;
                AwaitFrames();
                break;
            case Frame:
                if(MaySet(block, block.Frame, value & 0x7FFFF))
                {
                    block.Frame = value & 0x7FFFF;
                }
                break;
            case Slots:
                if(MaySet(block, block.Slots, value))
                {
                    block.Slots = value;
                }
                break;
            case InterruptMask:
                block.Mask = value & 0x7F;
                break;
            case Clear:
                Hear();
                block.Flags &= ~(value & (Overrun | WrongClock));
                AwaitFrames();
                break;
            case Data:
                if((block.Control & (Enabled | Slave | Receiver)) == Enabled && frameClock == null)
                {
                    BeginFrames(block);
                    AwaitFrames();
                }
                break;
            }
            UpdateInterrupt();
        }

        public long Size { get { return 0x400; } }

        public GPIO IRQ { get; private set; }

        public GPIO RequestA { get; private set; }

        public GPIO RequestB { get; private set; }

        private uint Receive(Block block)
        {
            if(!isTransferring)
            {
                Hear();
            }
            var word = block.Fifo.Count > 0 ? block.Fifo.Dequeue() : (ushort)0;
            if(!isTransferring)
            {
                AwaitFrames();
                UpdateInterrupt();
            }
            return word;
        }

        private bool MaySet(Block block, uint before, uint value)
        {
            if((block.Control & Enabled) != 0 && before != value)
            {
                this.Log(LogLevel.Error, "A setting was written while SAIEN is set, and is dropped");
                return false;
            }
            return true;
        }

        private void Configure(Block block, uint value)
        {
            Hear();
            var before = block.Control;
            if((before & value & Enabled) != 0 && !MaySet(block, before | DmaEnabled, value | DmaEnabled))
            {
                return;
            }
            block.Control = value;
            if((before & ~value & Enabled) != 0 && (before & Slave) == 0)
            {
                frameClock = null;
            }
            if((value & ~before & Enabled) != 0)
            {
                EnableBlock(block);
            }
            AwaitFrames();
        }

        private void EnableBlock(Block block)
        {
            if((block.Control & Protocol) != 0 || ((block.Control & Receiver) != 0 && !IsI2S(block)))
            {
                this.Log(LogLevel.Error, "This format is not modelled; only I2S with 16-bit data is");
                block.Control &= ~Enabled;
                return;
            }
            if((block.Control & Slave) != 0)
            {
                block.Joined = frameClock == null ? 0 : Elapsed(ceiling: true);
                return;
            }
            var length = (block.Frame & 0xFF) + 1;
            if((block.Control & NoDivider) == 0 && (length < 8 || (length & length - 1) != 0))
            {
                block.Flags |= WrongClock;
                block.Control &= ~Enabled;
                return;
            }
            if((block.Control & Receiver) != 0)
            {
                BeginFrames(block);
            }
        }

        private static bool IsI2S(Block block)
        {
            var length = (block.Frame & 0xFF) + 1;
            return (block.Control >> 5 & 7) == SixteenBits
                && (block.Control & Mono) == 0
                && (block.Frame & (7u << 16)) == 5u << 16
                && ((block.Frame >> 8 & 0x7F) + 1) * 2 == length
                && (block.Slots & 0x1F) == 0
                && (block.Slots >> 6 & 3) < 2
                && block.SlotCount % 2 == 0
                && block.SlotCount * 16 <= length
                && length % 32 == 0;
        }

        // With the exact rates of this moment; without a clock there are none.
        private void BeginFrames(Block master)
        {
            decimal hertz, seconds;
            KernelClock(out hertz, out seconds);
            if(hertz == 0)
            {
                return;
            }
            var length = (master.Frame & 0xFF) + 1;
            var divider = Math.Max(1, 2 * (master.Control >> 20 & 0xF));
            frameClock = (master.Control & NoDivider) != 0
                ? new FrameClock(hertz, seconds * length, 0, length)
                : new FrameClock(hertz, seconds * divider * ClocksInFrame, ClocksInFrame, length);
            SynchroniseTime();
            time.Value = 0;
            time.Enabled = true;
            ended = 0;
            foreach(var block in blocks)
            {
                block.Joined = 0;
            }
        }

        // SAI_CK, as so many periods in so many seconds.
        private void KernelClock(out decimal hertz, out decimal seconds)
        {
            hertz = 0;
            seconds = 1;
            var configuration = rcc.ReadDoubleWord(0x04);
            var dividers = rcc.ReadDoubleWord(0x8C);
            var source = dividers >> 18 + 2 * instance & 3;
            if(source > 1)
            {
                return;
            }
            var ready = source == 1 ? 1u << 26 : 1u << 28;
            var pll = rcc.ReadDoubleWord(source == 1 ? 0x84 : 0x88);
            var divider = (source == 1 ? dividers : dividers >> 8) & 0x1F;
            var prescaler = configuration & 0x3F;
            var quotient = pll >> 24 & 0xF;
            if((rcc.ReadDoubleWord(0x00) & ready) == 0 || prescaler < 2 || quotient < 2)
            {
                return;
            }
            var reference = (configuration & 1u << 22) != 0 ? hseFrequency : InternalFrequency;
            hertz = (decimal)reference * (pll >> 6 & 0x1FF);
            seconds = (decimal)prescaler * quotient * (divider + 1);
        }

        // Frames since they began: those that have ended, or with the one under way.
        private long Elapsed(bool ceiling)
        {
            SynchroniseTime();
            var product = time.Value * frameClock.Frames;
            var divisor = frameClock.Seconds * NanosecondsInSecond;
            return (long)((product - product % divisor) / divisor) + (ceiling && product % divisor != 0 ? 1 : 0);
        }

        // Of the end of that frame, in nanoseconds since they began.
        private ulong Due(long frame)
        {
            var product = frame * frameClock.Seconds * NanosecondsInSecond;
            var rest = product % frameClock.Frames;
            return (ulong)((product - rest) / frameClock.Frames) + (rest != 0 ? 1ul : 0);
        }

        private IEnumerable<Block> Receivers
        {
            get
            {
                return blocks.Where(block => (block.Control & (Enabled | Receiver)) == (Enabled | Receiver)
                    && ((block.Control & Slave) == 0 || (block.Control >> 10 & 3) == WithTheOtherBlock)
                    && block.ActiveSlots.Any());
            }
        }

        // Up to the next frame by whose end something can be seen.
        private void AwaitFrames()
        {
            if(frameClock == null)
            {
                ticks.Enabled = false;
                return;
            }
            SynchroniseTime();
            AwaitFrames(time.Value);
        }

        private void AwaitFrames(ulong now)
        {
            var ahead = frameClock == null ? new long[0] : Receivers.Select(FramesToSomething).Where(frames => frames > 0).ToArray();
            ticks.Enabled = false;
            if(ahead.Length == 0)
            {
                return;
            }
            awaited = ended + ahead.Min();
            ticks.Limit = Math.Max(1, Due(awaited) - now);
            ticks.Value = 0;
            ticks.Enabled = true;
        }

        // 0 where nothing more can happen: the FIFO is full, and that words are lost is told.
        private long FramesToSomething(Block block)
        {
            var active = block.ActiveSlots.Count();
            var until = UntilTold(block);
            var waits = Math.Max(0, block.Joined - ended);
            if(until > 0)
            {
                return waits + Math.Max(1, (until + block.Threshold - 1 - block.Fifo.Count + active - 1) / active);
            }
            if((block.Control & DmaEnabled) != 0 || block.Fifo.Count + active <= Words || (block.Flags & Overrun) == 0)
            {
                return waits + 1;
            }
            return 0;
        }

        private void EndFrames()
        {
            Hear(awaited);
            AwaitFrames(Due(awaited));
        }

        private void Hear()
        {
            if(frameClock != null)
            {
                Hear(Elapsed(ceiling: false));
            }
        }

        // All frames that have ended.
        private void Hear(long frame)
        {
            ended = frame;
            foreach(var block in Receivers)
            {
                while(ended > block.Joined)
                {
                    var frames = (int)Math.Min(ended - block.Joined, MostAtOnce);
                    block.Joined += frames;
                    Take(block, frames);
                }
            }
            UpdateInterrupt();
        }

        private void Take(Block block, int frames)
        {
            var slots = block.ActiveSlots.ToArray();
            var wordsInHalf = (int)frameClock.Bits / 32;
            var slotsInHalf = (int)block.SlotCount / 2;
            var line = block == blocks[1] ? serialDataB.Send(frames, frameClock) : new short[frames * 2 * wordsInHalf];
            for(var frame = 0; frame < frames; frame++)
            {
                foreach(var slot in slots)
                {
                    block.Fifo.Enqueue((ushort)line[(2 * frame + slot / slotsInHalf) * wordsInHalf + slot % slotsInHalf]);
                }
            }
            isTransferring = true;
            foreach(var stream in Streams(block))
            {
                ((STM32F7_DMA)stream.Receiver).Request(stream.Number, Math.Max(0, block.Fifo.Count - block.Threshold + 1));
            }
            isTransferring = false;
            if(block.Fifo.Count > Words)
            {
                var whole = slots.Length > Words ? Words : Words / slots.Length * slots.Length;
                block.Fifo = new Queue<ushort>(block.Fifo.Take(whole));
                block.Flags |= Overrun;
            }
        }

        // DMA's streams that take what is requested.
        private static IEnumerable<GPIOEndpoint> Streams(Block block)
        {
            return block.Request.Endpoints.Where(sink => (block.Control & DmaEnabled) != 0 && sink.Receiver is STM32F7_DMA
                && ((STM32F7_DMA)sink.Receiver).Takes(sink.Number));
        }

        private static int UntilTold(Block block)
        {
            return Streams(block).Select(stream => ((STM32F7_DMA)stream.Receiver).UntilTold(stream.Number))
                .DefaultIfEmpty(0).Min();
        }

        private static uint Pending(Block block)
        {
            var requests = (block.Control & Receiver) == 0 || block.Fifo.Count >= block.Threshold;
            return block.Flags | (requests ? Requests : 0);
        }

        private void UpdateInterrupt()
        {
            IRQ.Set(blocks.Any(block => (Pending(block) & block.Mask) != 0));
        }

        private void SynchroniseTime()
        {
            ICPU cpu;
            if(sysbus.TryGetCurrentCPU(out cpu))
            {
                cpu.SyncTime();
            }
        }

        private uint global;
        private FrameClock frameClock;
        private long ended;
        private long awaited;
        private bool isTransferring;

        private readonly Block[] blocks;
        private readonly LimitTimer time;
        private readonly LimitTimer ticks;
        private readonly IBusController sysbus;
        private readonly STM32F4_RCC rcc;
        private readonly ISerialAudio serialDataB;
        private readonly int hseFrequency;
        private readonly int instance;

        private static readonly int[] Levels = { 1, 2, 4, 6, 8 }; // words from which on FLVL is one higher
        private static readonly int[] Thresholds = { 1, 2, 4, 6, 8 }; // words, by CR2.FTH

        private const ulong NanosecondsInSecond = 1000000000;
        private const int InternalFrequency = 16000000; // HSI
        private const uint ClocksInFrame = 256;
        private const ulong Longest = 1ul << 50; // 13 days of nanoseconds
        private const int MostAtOnce = 1 << 16; // frames
        private const int Words = 8;
        private const long Global = 0x00;
        private const long FirstBlock = 0x04;
        private const long Step = 0x20;
        private const long Control1 = 0x00;
        private const long Control2 = 0x04;
        private const long Frame = 0x08;
        private const long Slots = 0x0C;
        private const long InterruptMask = 0x10;
        private const long Status = 0x14;
        private const long Clear = 0x18;
        private const long Data = 0x1C;
        private const uint Receiver = 1 << 0;
        private const uint Slave = 1 << 1;
        private const uint Protocol = 3 << 2;
        private const uint SixteenBits = 4;
        private const uint WithTheOtherBlock = 1;
        private const uint Mono = 1 << 12;
        private const uint Enabled = 1 << 16;
        private const uint DmaEnabled = 1 << 17;
        private const uint NoDivider = 1 << 19;
        private const uint Flush = 1 << 3;
        private const uint Overrun = 1 << 0;
        private const uint WrongClock = 1 << 2;
        private const uint Requests = 1 << 3;

        private class Block
        {
            public Block(GPIO request)
            {
                Request = request;
            }

            public void Reset()
            {
                Control = 0x40;
                FifoControl = 0;
                Frame = 7;
                Slots = 0;
                Mask = 0;
                Flags = 0;
                Joined = 0;
                Fifo.Clear();
            }

            public uint SlotCount { get { return (Slots >> 8 & 0xF) + 1; } }

            // The numbers of those that are received.
            public IEnumerable<int> ActiveSlots
            {
                get { return Enumerable.Range(0, (int)SlotCount).Where(slot => (Slots >> 16 + slot & 1) != 0); }
            }

            public int Threshold { get { return Thresholds[Math.Min(FifoControl & 7, Thresholds.Length - 1)]; } }

            public uint Control;
            public uint FifoControl;
            public uint Frame;
            public uint Slots;
            public uint Mask;
            public uint Flags;
            public long Joined; // the frame that a receiver hears next
            public Queue<ushort> Fifo = new Queue<ushort>();

            public readonly GPIO Request;
        }
    }
}
