// The I2S controller of the ESP32-C3, as receiver. Technical reference manual 1.1, chapter 29. The built-in engine has
// the same in lab/engines/builtin/devices/esp32c3_i2s.py, which says what is modelled. C# 6, which every Renode
// compiles; include ESP32C3_GDMA.cs and SerialAudio.cs before it.

using System;
using System.Collections.Generic;
using System.Linq;
using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.CPU;
using Antmicro.Renode.Peripherals.DMA;
using Antmicro.Renode.Peripherals.Timers;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Sound
{
    [AllowedTranslations(AllowedTranslation.ByteToDoubleWord | AllowedTranslation.WordToDoubleWord)]
    public class ESP32C3_I2S : SimpleContainer<ISerialAudio>, IDoubleWordPeripheral, IKnownSize
    {
        public ESP32C3_I2S(IMachine machine, ESP32C3_GDMA gdma) : base(machine)
        {
            this.gdma = gdma;
            IRQ = new GPIO();
            timer = new LimitTimer(machine.ClockSource, NanosecondsInSecond, this, "buffer", limit: 1, direction: Direction.Ascending,
                enabled: false, workMode: WorkMode.Periodic, eventEnabled: true, autoUpdate: true);
            timer.LimitReached += EndBuffer;
            Reset();
        }

        public override void Reset()
        {
            Array.Clear(registers, 0, registers.Length);
            foreach(var pair in AfterPowerOn)
            {
                registers[pair.Key / 4] = pair.Value;
            }
            timer.Reset();
            isTakenOver = true;
            frames = 0;
            IRQ.Unset();
        }

        public uint ReadDoubleWord(long offset)
        {
            return offset == InterruptStatus ? Pending : registers[offset / 4];
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            uint mask;
            if(Masks.TryGetValue(offset, out mask))
            {
                value &= mask;
            }
            switch(offset)
            {
            case InterruptRaw:
            case InterruptStatus:
            case State:
                return;
            case InterruptClear:
                registers[InterruptRaw / 4] &= ~value;
                break;
            case ReceiveControl:
                ControlReceiving(value);
                return;
            case SendControl:
                registers[offset / 4] = value & ~AtOnce;
                return;
            case ReceiveFormat:
            case ReceiveChannels:
                isTakenOver = false;
                registers[offset / 4] = value;
                return;
            default:
                registers[offset / 4] = value;
                break;
            }
            IRQ.Set(Pending != 0);
        }

        public long Size { get { return 0x1000; } }

        public GPIO IRQ { get; private set; }

        private void ControlReceiving(uint value)
        {
            var before = registers[ReceiveControl / 4];
            registers[ReceiveControl / 4] = value & ~AtOnce;
            if(((before ^ value) & ~(AtOnce | ReceiveStart)) != 0)
            {
                isTakenOver = false;
            }
            if((value & Update) != 0)
            {
                isTakenOver = true;
            }
            if((value & UnitReset) != 0 || (value & ReceiveStart) == 0)
            {
                timer.Enabled = false;
            }
            else if((before & ReceiveStart) == 0)
            {
                StartReceiving();
            }
        }

        private void StartReceiving()
        {
            var size = Stored.Length * BytesOfASample;
            clock = MakeClock();
            if(size == 0 || clock.Frames == 0 || clock.Bits != 32 && clock.Bits != 64 || (registers[ReceiveControl / 4] & TimeDivision) == 0)
            {
                return;
            }
            var bytes = (int)registers[EndOfFile / 4];
            if(!isTakenOver || bytes == 0 || bytes % size != 0)
            {
                this.Log(LogLevel.Error, "Not started: RX_UPDATE did not come before, or RXEOF_NUM {0} is no number of frames of {1} bytes", bytes, size);
                return;
            }
            SynchroniseTime();
            frames = bytes / size;
            kept = Stored;
            timer.Limit = (ulong)Math.Ceiling(frames * (decimal)NanosecondsInSecond * clock.Seconds / clock.Frames);
            timer.Value = 0;
            timer.Enabled = true;
        }

        // Otherwise the first buffer would count from the last synchronisation, up to a quantum ago.
        private void SynchroniseTime()
        {
            ICPU cpu;
            if(machine.SystemBus.TryGetCurrentCPU(out cpu))
            {
                cpu.SyncTime();
            }
        }

        private void EndBuffer()
        {
            var wordsOfAChannel = (int)clock.Bits / Channels / BitsInWord;
            var part = ChildCollection.Values.FirstOrDefault();
            var line = part != null ? part.Send(frames, clock) : new short[frames * Channels * wordsOfAChannel];
            var data = new byte[frames * kept.Length * BytesOfASample];
            var at = 0;
            for(var frame = 0; frame < frames; frame++)
            {
                foreach(var channel in kept)
                {
                    var first = (frame * Channels + channel) * wordsOfAChannel;
                    var bits = (uint)(ushort)line[first] << BitsInWord | (wordsOfAChannel > 1 ? (ushort)line[first + 1] : 0u);
                    bits >>= (registers[ReceiveFormat / 4] & DelayedByABit) != 0 ? 0 : 1;
                    bits &= wordsOfAChannel > 1 ? 0xFFFFFFFF : 0xFFFF0000;
                    for(var number = BytesOfASample; number > 0; number--)
                    {
                        data[at++] = (byte)(bits >> 8 * (4 - number));
                    }
                }
            }
            gdma.Give(PeripheralOfGdma, data);
        }

        private FrameClock MakeClock()
        {
            var settings = registers[ReceiveClock / 4];
            var hertz = settings >> 27 & 3;
            decimal source = hertz == 0 ? 40000000 : hertz == 2 ? 160000000 : 0;
            if((settings & ClockRuns) == 0 || (registers[ReceiveControl / 4] & Slave) != 0)
            {
                source = 0;
            }
            var whole = settings & 0xFF;
            whole = whole == 0 ? 256 : whole == 1 ? 2 : whole;
            var fraction = registers[ReceiveDivider / 4];
            var z = fraction & 0x1FF;
            var a = z == 0 ? 1 : ((fraction >> 18 & 0x1FF) + 1) * z + (fraction >> 9 & 0x1FF);
            var b = (fraction >> 27 & 1) != 0 && z != 0 ? a - z : z;
            var format = registers[ReceiveFormat / 4];
            var bits = ((format >> 24 & 0x1F) + 1) * ((registers[ReceiveChannels / 4] >> 16 & 0xF) + 1);
            return new FrameClock(source * a, (decimal)(whole * a + b) * ((format >> 7 & 0x3F) + 1) * bits, 0, bits);
        }

        private int[] Stored
        {
            get
            {
                var control = registers[ReceiveControl / 4];
                var only = (control & Mono) == 0 ? -1 : (control & MonoFirst) != 0 ? 0 : 1;
                return Enumerable.Range(0, Channels)
                    .Where(channel => (registers[ReceiveChannels / 4] >> channel & 1) != 0 && (only < 0 || only == channel)).ToArray();
            }
        }

        private int BytesOfASample { get { return (int)((registers[ReceiveFormat / 4] >> 13 & 0x1F) + 8) / 8; } }

        private uint Pending { get { return registers[InterruptRaw / 4] & registers[InterruptEnable / 4]; } }

        private bool isTakenOver;
        // Of the start, whatever is written while it receives.
        private int frames;
        private int[] kept;
        private FrameClock clock;

        private readonly ESP32C3_GDMA gdma;
        private readonly LimitTimer timer;
        private readonly uint[] registers = new uint[0x1000 / 4];

        private static readonly Dictionary<long, uint> AfterPowerOn = new Dictionary<long, uint>
        {
            { ReceiveControl, 0x9600 }, { SendControl, 0xB200 }, { ReceiveFormat, 0x2F3DE300 }, { 0x2C, 0x6F3DE300 }, { ReceiveClock, 2 },
            { 0x34, 2 }, { ReceiveDivider, 0x200 }, { 0x3C, 0x200 }, { 0x40, 0x004AA004 }, { 0x44, 0x03F783C0 },
            { ReceiveChannels, 0xFFFF }, { 0x54, 0xFFFF }, { 0x60, 0x810 }, { EndOfFile, 0x40 }, { State, 1 }, { 0x80, 0x02009070 },
        };
        private static readonly Dictionary<long, uint> Masks = new Dictionary<long, uint>
        {
            { InterruptEnable, 0xF }, { InterruptClear, 0xF }, { ReceiveControl, 0x1FFFFF }, { SendControl, 0xFFFFFFF },
            { ReceiveFormat, 0x3FFFFFFF }, { ReceiveClock, 0x3FFFFFFF }, { 0x34, 0x3FFFFFFF }, { ReceiveDivider, 0xFFFFFFF },
            { ReceiveChannels, 0xFFFFF }, { EndOfFile, 0xFFF },
        };

        private const ulong NanosecondsInSecond = 1000000000;
        private const uint PeripheralOfGdma = 3;
        private const int Channels = 2;
        private const int BitsInWord = 16;

        private const uint UnitReset = 1 << 0;
        private const uint ReceiveStart = 1 << 2;
        private const uint Slave = 1 << 3;
        private const uint Mono = 1 << 5;
        private const uint Update = 1 << 8;
        private const uint AtOnce = UnitReset | 1 << 1 | Update;
        private const uint MonoFirst = 1 << 9;
        private const uint TimeDivision = 1 << 19;
        private const uint DelayedByABit = 1 << 29;
        private const uint ClockRuns = 1 << 26;

        private const long InterruptRaw = 0x0C;
        private const long InterruptStatus = 0x10;
        private const long InterruptEnable = 0x14;
        private const long InterruptClear = 0x18;
        private const long ReceiveControl = 0x20;
        private const long SendControl = 0x24;
        private const long ReceiveFormat = 0x28;
        private const long ReceiveClock = 0x30;
        private const long ReceiveDivider = 0x38;
        private const long ReceiveChannels = 0x50;
        private const long EndOfFile = 0x64;
        private const long State = 0x6C;
    }
}
