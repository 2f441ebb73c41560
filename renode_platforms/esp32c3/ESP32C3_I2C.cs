// The I2C controller of the ESP32-C3, as master. Technical reference manual 1.1, chapter 28. The built-in engine has the
// same in lab/engines/builtin/devices/esp32c3_i2c.py, which says what is modelled. C# 6, which every Renode compiles.

using System.Collections.Generic;
using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;

namespace Antmicro.Renode.Peripherals.I2C
{
    [AllowedTranslations(AllowedTranslation.ByteToDoubleWord | AllowedTranslation.WordToDoubleWord)]
    public class ESP32C3_I2C : SimpleContainer<II2CPeripheral>, IDoubleWordPeripheral, IKnownSize
    {
        public ESP32C3_I2C(IMachine machine) : base(machine)
        {
            IRQ = new GPIO();
            Reset();
        }

        public override void Reset()
        {
            for(var index = 0; index < registers.Length; index++)
            {
                registers[index] = 0;
            }
            foreach(var pair in AfterPowerOn)
            {
                registers[pair.Key / 4] = pair.Value;
            }
            sent.Clear();
            received.Clear();
            sentInAll = 0;
            receivedInAll = 0;
            raw = 0;
            isAcknowledged = false;
            BeIdle();
            UpdateInterrupt();
        }

        public uint ReadDoubleWord(long offset)
        {
            switch(offset)
            {
            case Status:
                return (uint)received.Count << 8 | (uint)sent.Count << 18 | StretchCause | (isBusy ? BusBusy : 0)
                    | (isAcknowledged ? 1u : 0);
            case FifoStatus:
                return (receivedInAll - (uint)received.Count) % Levels | receivedInAll % Levels << 5
                    | (sentInAll - (uint)sent.Count) % Levels << 10 | sentInAll % Levels << 15;
            case Data:
                return Receive();
            case InterruptRaw:
                return raw;
            case InterruptStatus:
                return Pending;
            default:
                return Masks.ContainsKey(offset) ? registers[offset / 4] : 0;
            }
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            uint mask;
            if(!Masks.TryGetValue(offset, out mask))
            {
                return;
            }
            value &= mask;
            switch(offset)
            {
            case Control:
                registers[Control / 4] = value & ~(ConfigurationUpdate | StateMachineReset | TransferStart);
                if((value & StateMachineReset) != 0)
                {
                    BeIdle();
                }
                if((value & TransferStart) != 0 && (value & MasterMode) != 0)
                {
                    raw |= Started;
                    Run();
                }
                break;
            case FifoConfiguration:
                ConfigureFifos(value);
                break;
            case Data:
                Send((byte)value);
                break;
            case InterruptClear:
                raw &= ~value;
                break;
            case BusPulses:
                registers[BusPulses / 4] = value & ~1u; // the pulses take no time
                break;
            default:
                registers[offset / 4] = value;
                break;
            }
            UpdateInterrupt();
        }

        public long Size { get { return 0x1000; } }

        public GPIO IRQ { get; private set; }

        private void ConfigureFifos(uint value)
        {
            if((value & DirectAccess) != 0)
            {
                this.Log(LogLevel.Error, "FIFO_CONF.NONFIFO_EN is set: access to the FIFOs' memory is not modelled");
            }
            registers[FifoConfiguration / 4] = value;
            if((value & SentReset) != 0)
            {
                sent.Clear();
                sentInAll = 0;
            }
            if((value & ReceivedReset) != 0)
            {
                received.Clear();
                receivedInAll = 0;
            }
        }

        private uint Receive()
        {
            uint value = 0;
            if(received.Count == 0)
            {
                raw |= ReceivedUnderflow;
            }
            else
            {
                value = received.Dequeue();
            }
            UpdateInterrupt();
            return value;
        }

        private void Send(byte value)
        {
            if(sent.Count == Levels)
            {
                raw |= SentOverflow;
                return;
            }
            sent.Enqueue(value);
            sentInAll++;
        }

        private void Run()
        {
            isBusy = true;
            for(var index = Command0 / 4; index < Command0 / 4 + Commands; index++)
            {
                bool goesOn;
                if(!Execute(registers[index], out goesOn))
                {
                    return;
                }
                registers[index] |= Done;
                if(!goesOn)
                {
                    return;
                }
            }
        }

        // Whether the command came to its end, and whether the next one is to follow.
        private bool Execute(uint command, out bool goesOn)
        {
            goesOn = true;
            switch(command >> 11 & 7)
            {
            case RepeatedStart:
                Deliver();
                address = null;
                return true;
            case Write:
                return WriteBytes(command & 0xFF, (command & CheckAcknowledge) != 0, (command & ExpectedAcknowledge) != 0);
            case Read:
                ReadBytes((int)(command & 0xFF));
                return true;
            case End:
                raw |= EndDetected;
                goesOn = false;
                return true;
            case Stop:
                StopTransfer();
                raw |= Complete;
                goesOn = false;
                return true;
            default:
                return false;
            }
        }

        private bool WriteBytes(uint count, bool checks, bool expected)
        {
            for(var i = 0; i < count; i++)
            {
                if(sent.Count == 0)
                {
                    raw |= SentUnderflow;
                    return false;
                }
                var value = sent.Dequeue();
                if(!address.HasValue)
                {
                    address = value >> 1;
                }
                else
                {
                    message.Add(value);
                }
                raw |= ByteDone;
                isAcknowledged = Device != null;
                if(checks && isAcknowledged == expected)
                {
                    raw |= NotAcknowledged;
                    StopTransfer();
                    return false;
                }
            }
            return true;
        }

        private void ReadBytes(int count)
        {
            var device = Device;
            for(var i = 0; i < count; i++)
            {
                var read = device == null ? new byte[0] : device.Read(1);
                raw |= ByteDone;
                if(received.Count == Levels)
                {
                    raw |= ReceivedOverflow;
                    continue;
                }
                received.Enqueue(read.Length > 0 ? read[0] : (byte)0xFF);
                receivedInAll++;
            }
        }

        private II2CPeripheral Device
        {
            get
            {
                II2CPeripheral device;
                return address.HasValue && TryGetByAddress(address.Value, out device) ? device : null;
            }
        }

        private void Deliver()
        {
            var device = Device;
            if(device != null && message.Count > 0)
            {
                device.Write(message.ToArray());
            }
            message.Clear();
        }

        private void StopTransfer()
        {
            Deliver();
            var device = Device;
            if(device != null)
            {
                device.FinishTransmission();
            }
            BeIdle();
        }

        private void BeIdle()
        {
            isBusy = false;
            address = null;
            message.Clear();
        }

        private void UpdateInterrupt()
        {
            var configuration = registers[FifoConfiguration / 4];
            if((configuration & LevelInterrupts) != 0)
            {
                raw |= received.Count > (configuration & 0x1F) ? ReceivedLevel : 0;
                raw |= sent.Count < (configuration >> 5 & 0x1F) ? SentLevel : 0;
            }
            IRQ.Set(Pending != 0);
        }

        private uint Pending { get { return raw & registers[InterruptEnable / 4]; } }

        private uint raw;
        private uint sentInAll;
        private uint receivedInAll;
        private int? address;
        private bool isBusy;
        private bool isAcknowledged;

        private readonly uint[] registers = new uint[0x100 / 4];
        private readonly Queue<byte> sent = new Queue<byte>();
        private readonly Queue<byte> received = new Queue<byte>();
        private readonly List<byte> message = new List<byte>();

        // The registers that keep what is written, or do something with it, by the bits that they have.
        private static readonly Dictionary<long, uint> Masks = new Dictionary<long, uint>
        {
            { 0x00, 0x1FF }, { Control, 0x7FFF }, { 0x0C, 0x3F }, { 0x10, 0xFFFFFFFF }, { FifoConfiguration, 0x7FFF }, { Data, 0xFF },
            { InterruptClear, 0x3FFFF }, { InterruptEnable, 0x3FFFF }, { 0x30, 0x1FF }, { 0x34, 0x1FF }, { 0x38, 0xFFFF },
            { 0x40, 0x1FF }, { 0x44, 0x1FF }, { 0x48, 0x1FF }, { 0x4C, 0x1FF }, { 0x50, 0x3FF }, { 0x54, 0x3FFFFF },
            { 0x58, 0xFFFFFFFF }, { 0x5C, 0xFFFFFFFF }, { 0x60, 0xFFFFFFFF }, { 0x64, 0xFFFFFFFF }, { 0x68, 0xFFFFFFFF },
            { 0x6C, 0xFFFFFFFF }, { 0x70, 0xFFFFFFFF }, { 0x74, 0xFFFFFFFF }, { 0x78, 0x1F }, { 0x7C, 0x1F },
            { BusPulses, 0xFF }, { 0x84, 0x3FFF }, { 0xF8, 0xFFFFFFFF },
        };
        private static readonly Dictionary<long, uint> AfterPowerOn = new Dictionary<long, uint>
        {
            { Control, 0x20B }, { 0x0C, 0x10 }, { FifoConfiguration, 0x408B }, { 0x40, 8 }, { 0x44, 8 }, { 0x48, 8 }, { 0x4C, 8 },
            { 0x50, 0x300 }, { 0x54, 1 << 21 }, { 0x78, 0x10 }, { 0x7C, 0x10 }, { 0xF8, 0x20070201 },
        };

        private const int Levels = 32;
        private const int Commands = 8;

        private const uint ConfigurationUpdate = 1 << 11;
        private const uint StateMachineReset = 1 << 10;
        private const uint TransferStart = 1 << 5;
        private const uint MasterMode = 1 << 4;

        private const uint LevelInterrupts = 1 << 14;
        private const uint SentReset = 1 << 13;
        private const uint ReceivedReset = 1 << 12;
        private const uint DirectAccess = 1 << 10;

        private const uint StretchCause = 3 << 14;
        private const uint BusBusy = 1 << 4;

        private const uint ReceivedLevel = 1 << 0;
        private const uint SentLevel = 1 << 1;
        private const uint ReceivedOverflow = 1 << 2;
        private const uint EndDetected = 1 << 3;
        private const uint ByteDone = 1 << 4;
        private const uint SentUnderflow = 1 << 6;
        private const uint Complete = 1 << 7;
        private const uint Started = 1 << 9;
        private const uint NotAcknowledged = 1 << 10;
        private const uint SentOverflow = 1 << 11;
        private const uint ReceivedUnderflow = 1 << 12;

        private const uint Write = 1;
        private const uint Stop = 2;
        private const uint Read = 3;
        private const uint End = 4;
        private const uint RepeatedStart = 6;
        private const uint CheckAcknowledge = 1 << 8;
        private const uint ExpectedAcknowledge = 1 << 9;
        private const uint Done = 1u << 31;

        private const long Control = 0x04;
        private const long Status = 0x08;
        private const long FifoStatus = 0x14;
        private const long FifoConfiguration = 0x18;
        private const long Data = 0x1C;
        private const long InterruptRaw = 0x20;
        private const long InterruptClear = 0x24;
        private const long InterruptEnable = 0x28;
        private const long InterruptStatus = 0x2C;
        private const long Command0 = 0x58;
        private const long BusPulses = 0x80;
    }
}
