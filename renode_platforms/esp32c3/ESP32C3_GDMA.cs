// The DMA controller of the ESP32-C3. Technical reference manual 1.1, chapter 2. The built-in engine has the same in
// lab/engines/builtin/devices/esp32c3_gdma.py, which says what is modelled; on Renode no peripheral takes what is to be
// sent. C# 6, which every Renode compiles.

using System;
using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;

namespace Antmicro.Renode.Peripherals.DMA
{
    [AllowedTranslations(AllowedTranslation.ByteToDoubleWord | AllowedTranslation.WordToDoubleWord)]
    public class ESP32C3_GDMA : IDoubleWordPeripheral, IKnownSize
    {
        public ESP32C3_GDMA(IMachine machine)
        {
            this.machine = machine;
            CH0 = new GPIO();
            CH1 = new GPIO();
            CH2 = new GPIO();
            lines = new[] { CH0, CH1, CH2 };
            Reset();
        }

        public void Reset()
        {
            Array.Clear(registers, 0, registers.Length);
            for(var channel = 0; channel < Channels; channel++)
            {
                registers[Index(channel, InFifoStatus)] = 0x07800003;
                registers[Index(channel, InPop)] = 0x800;
                registers[Index(channel, InLink)] = InParked | InAutoReturn;
                registers[Index(channel, InPeripheral)] = Nobody;
                registers[Index(channel, OutConfiguration0)] = 8;
                registers[Index(channel, OutFifoStatus)] = 0x07800002;
                registers[Index(channel, OutLink)] = OutParked;
                registers[Index(channel, OutPeripheral)] = Nobody;
                free[channel] = 0;
                last[channel] = 0;
            }
            UpdateInterrupts();
        }

        // What a peripheral received, up to the byte that it calls the end (EOF). What finds no descriptor is lost.
        public void Give(uint peripheral, byte[] data)
        {
            for(var channel = 0; channel < Channels; channel++)
            {
                if(registers[Index(channel, InPeripheral)] == peripheral)
                {
                    Give(channel, data);
                }
            }
            UpdateInterrupts();
        }

        public uint ReadDoubleWord(long offset)
        {
            if(offset < InterruptsEnd)
            {
                var channel = offset / InterruptStride;
                return offset % InterruptStride == InterruptStatus ? Pending(channel) : registers[offset / 4];
            }
            return registers[offset / 4];
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            if(offset < InterruptsEnd)
            {
                WriteInterrupts(offset, value);
                return;
            }
            if(offset < FirstChannel || offset >= FirstChannel + Channels * Stride)
            {
                registers[offset / 4] = value;
                return;
            }
            var channel = (int)((offset - FirstChannel) / Stride);
            switch((offset - FirstChannel) % Stride + FirstChannel)
            {
            case InConfiguration0:
                registers[offset / 4] = value & 0x1F;
                if((value & InReset) != 0)
                {
                    Park(channel);
                }
                break;
            case InConfiguration1:
                registers[offset / 4] = value & 0x1FFF;
                break;
            case InLink:
                LinkIn(channel, value);
                break;
            case InSuccessDescriptor:
            case InDescriptor:
                break;
            case OutLink:
                registers[offset / 4] = value & Address | ((value & OutStart) != 0 ? 0 : OutParked);
                break;
            case InPeripheral:
            case OutPeripheral:
                registers[offset / 4] = value & Nobody;
                break;
            default:
                registers[offset / 4] = value;
                break;
            }
        }

        public long Size { get { return 0x1000; } }

        public GPIO CH0 { get; private set; }

        public GPIO CH1 { get; private set; }

        public GPIO CH2 { get; private set; }

        private void WriteInterrupts(long offset, uint value)
        {
            switch(offset % InterruptStride)
            {
            case InterruptEnable:
                registers[offset / 4] = value;
                break;
            case InterruptClear:
                registers[offset / InterruptStride * InterruptStride / 4] &= ~value;
                break;
            default:
                return;
            }
            UpdateInterrupts();
        }

        private void LinkIn(int channel, uint value)
        {
            registers[Index(channel, InLink)] = value & (Address | InAutoReturn) | registers[Index(channel, InLink)] & InParked;
            if((value & InStop) != 0)
            {
                Park(channel);
            }
            if((value & InStart) != 0)
            {
                GoOn(channel, Ram | value & Address);
            }
            if((value & InRestart) != 0 && last[channel] != 0 && free[channel] == 0)
            {
                GoOn(channel, machine.SystemBus.ReadDoubleWord(last[channel] + 8));
            }
        }

        private void Give(int channel, byte[] data)
        {
            var given = 0;
            while(given < data.Length)
            {
                var descriptor = free[channel];
                if(descriptor == 0)
                {
                    registers[channel * InterruptStride / 4] |= NoDescriptor;
                    return;
                }
                var head = machine.SystemBus.ReadDoubleWord(descriptor);
                var buffer = machine.SystemBus.ReadDoubleWord(descriptor + 4);
                var size = (int)(head & Length);
                if(size == 0 || (registers[Index(channel, InConfiguration1)] & CheckOwner) != 0 && (head & Owner) == 0)
                {
                    registers[channel * InterruptStride / 4] |= DescriptorError;
                    this.Log(LogLevel.Warning, "The descriptor at 0x{0:X} has no room, or is not the controller's", descriptor);
                    Park(channel);
                    return;
                }
                var part = new byte[Math.Min(size, data.Length - given)];
                Array.Copy(data, given, part, 0, part.Length);
                given += part.Length;
                machine.SystemBus.WriteBytes(part, buffer);
                var isEnd = given == data.Length;
                head = head & ~(Owner | End | Length << LengthShift) | (uint)part.Length << LengthShift | (isEnd ? End : 0);
                machine.SystemBus.WriteDoubleWord(descriptor, head);
                registers[channel * InterruptStride / 4] |= InDone | (isEnd ? InSuccess : 0);
                if(isEnd)
                {
                    registers[Index(channel, InSuccessDescriptor)] = descriptor;
                }
                last[channel] = descriptor;
                GoOn(channel, machine.SystemBus.ReadDoubleWord(descriptor + 8));
            }
        }

        private void GoOn(int channel, uint descriptor)
        {
            if(descriptor == 0)
            {
                Park(channel);
                return;
            }
            free[channel] = descriptor;
            registers[Index(channel, InDescriptor)] = descriptor;
            registers[Index(channel, InLink)] &= ~InParked;
        }

        private void Park(int channel)
        {
            free[channel] = 0;
            registers[Index(channel, InLink)] |= InParked;
        }

        private uint Pending(long channel)
        {
            var raw = channel * InterruptStride / 4;
            return registers[raw] & registers[raw + InterruptEnable / 4];
        }

        private void UpdateInterrupts()
        {
            for(var channel = 0; channel < Channels; channel++)
            {
                lines[channel].Set(Pending(channel) != 0);
            }
        }

        // Of a register that each channel has; offsets are the first one's.
        private static long Index(int channel, long offset)
        {
            return (offset + channel * Stride) / 4;
        }

        private readonly IMachine machine;
        private readonly GPIO[] lines;
        private readonly uint[] registers = new uint[0x1000 / 4];
        // The descriptor that each receiving half fills next, and the one that it has filled last; 0 is none.
        private readonly uint[] free = new uint[Channels];
        private readonly uint[] last = new uint[Channels];

        private const int Channels = 3;
        private const long Stride = 0xC0;
        private const uint Nobody = 0x3F;
        private const uint Ram = 0x3FC00000;
        private const uint Address = 0xFFFFF;

        private const uint InDone = 1 << 0;
        private const uint InSuccess = 1 << 1;
        private const uint DescriptorError = 1 << 5;
        private const uint NoDescriptor = 1 << 7;

        private const uint InReset = 1 << 0;
        private const uint CheckOwner = 1 << 12;
        private const uint InAutoReturn = 1 << 20;
        private const uint InStop = 1 << 21;
        private const uint InStart = 1 << 22;
        private const uint InRestart = 1 << 23;
        private const uint InParked = 1 << 24;
        private const uint OutStart = 1 << 21;
        private const uint OutParked = 1 << 23;

        private const uint Length = 0xFFF;
        private const int LengthShift = 12;
        private const uint End = 1 << 30;
        private const uint Owner = 1u << 31;

        private const long InterruptStride = 0x10;
        private const long InterruptsEnd = Channels * InterruptStride;
        private const long InterruptStatus = 0x04;
        private const long InterruptEnable = 0x08;
        private const long InterruptClear = 0x0C;
        private const long FirstChannel = 0x70;
        private const long InConfiguration0 = 0x70;
        private const long InConfiguration1 = 0x74;
        private const long InFifoStatus = 0x78;
        private const long InPop = 0x7C;
        private const long InLink = 0x80;
        private const long InSuccessDescriptor = 0x88;
        private const long InDescriptor = 0x90;
        private const long InPeripheral = 0xA0;
        private const long OutConfiguration0 = 0xD0;
        private const long OutFifoStatus = 0xD8;
        private const long OutLink = 0xE0;
        private const long OutPeripheral = 0x100;
    }
}
