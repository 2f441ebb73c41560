// DMA controller of the STM32F7, with circular and double-buffer mode, which Renode's STM32DMA has not. RM0385 rev 8,
// chapter 8. The built-in engine has the same in lab/engines/builtin/devices/stm32f7_dma.py and stm32dma.py, which say
// what is modelled. C# 6, which every Renode compiles.

using System;
using System.Collections.Generic;
using System.Linq;
using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;

namespace Antmicro.Renode.Peripherals.DMA
{
    [AllowedTranslations(AllowedTranslation.ByteToDoubleWord | AllowedTranslation.WordToDoubleWord)]
    public class STM32F7_DMA : IDoubleWordPeripheral, IKnownSize, IGPIOReceiver, INumberedGPIOOutput
    {
        public STM32F7_DMA(IMachine machine)
        {
            sysbus = machine.GetSystemBus(this);
            streams = Enumerable.Range(0, Streams).Select(_ => new Stream()).ToArray();
            Connections = Enumerable.Range(0, Streams).ToDictionary(number => number, number => (IGPIO)streams[number].Interrupt);
            Reset();
        }

        public void Reset()
        {
            Array.Clear(status, 0, status.Length);
            foreach(var stream in streams)
            {
                stream.Reset();
            }
        }

        public uint ReadDoubleWord(long offset)
        {
            if(offset < InterruptClear)
            {
                return status[offset / 4];
            }
            if(offset < FirstStream || offset >= FirstStream + Streams * Step)
            {
                return 0;
            }
            return streams[(offset - FirstStream) / Step].Registers[(offset - FirstStream) % Step / 4];
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            if(offset >= InterruptClear && offset < FirstStream)
            {
                status[(offset - InterruptClear) / 4] &= ~value;
                UpdateInterrupts();
            }
            if(offset < FirstStream || offset >= FirstStream + Streams * Step)
            {
                return;
            }
            var number = (int)((offset - FirstStream) / Step);
            var index = (offset - FirstStream) % Step / 4;
            switch(index)
            {
            case Control:
                Configure(number, value & 0x0FFFFFFF);
                break;
            case Count:
                if((streams[number].Registers[Control] & Enable) == 0)
                {
                    streams[number].Registers[Count] = value & 0xFFFF;
                }
                break;
            case FifoControl:
                streams[number].Registers[FifoControl] = value & 0xFF;
                break;
            default:
                streams[number].Registers[index] = value;
                break;
            }
        }

        // Input n is a request for stream n, of whatever channel.
        public void OnGPIO(int number, bool value)
        {
            if(number < 0 || number >= Streams)
            {
                this.Log(LogLevel.Error, "There is no stream {0}", number);
                return;
            }
            if(value && Takes(number))
            {
                Move(number, 1);
            }
        }

        // Whether a request moves something from a peripheral to memory.
        public bool Takes(int number)
        {
            var registers = streams[number].Registers;
            return (registers[Control] & Enable) != 0 && Direction(registers[Control]) == ToMemory && registers[Count] > 0;
        }

        // How many requests until a flag of the stream rises; 0 while it takes none.
        public int UntilTold(int number)
        {
            if(!Takes(number))
            {
                return 0;
            }
            var left = (int)streams[number].Registers[Count];
            var half = streams[number].Items / 2;
            return left > half ? left - half : left;
        }

        // As many requests, as long as they are taken.
        public void Request(int number, int count)
        {
            for(var until = UntilTold(number); count > 0 && until > 0; until = UntilTold(number))
            {
                Move(number, Math.Min(count, until));
                count -= Math.Min(count, until);
            }
        }

        public long Size { get { return 0x400; } }

        public IReadOnlyDictionary<int, IGPIO> Connections { get; private set; }

        private void Configure(int number, uint value)
        {
            var stream = streams[number];
            var begins = (value & Enable) != 0 && (stream.Registers[Control] & Enable) == 0;
            if((stream.Registers[Control] & Enable) != 0 && (value & Enable) == 0)
            {
                status[number / 4] |= 1u << CompleteBits[number % 4];
            }
            stream.Registers[Control] = value;
            if(begins)
            {
                stream.Moved = 0;
                stream.Items = (int)stream.Registers[Count];
                if(Direction(value) == ToPeripheral || Direction(value) == MemoryToMemory)
                {
                    Move(number, stream.Items);
                }
            }
            UpdateInterrupts();
        }

        // Items of PSIZE, of the peripheral's side.
        private void Move(int number, int items)
        {
            var stream = streams[number];
            var before = (int)stream.Registers[Count];
            if(items == 0 || before == 0)
            {
                return;
            }
            var control = stream.Registers[Control];
            var peripheralSize = BytesOf(control >> 11);
            var memorySize = BytesOf(control >> 13);
            var start = stream.Registers[(control & DoubleBuffer) != 0 && (control & Target) != 0 ? Memory1 : Memory0];
            var memory = start + ((control & MemoryGoesOn) != 0 ? stream.Moved : 0);
            var peripheral = stream.Registers[Peripheral] + ((control & PeripheralGoesOn) != 0 ? stream.Moved : 0);
            var total = items * peripheralSize;
            if(Direction(control) == ToPeripheral)
            {
                Write(Read(memory, memorySize, (control & MemoryGoesOn) != 0, total),
                    peripheral, peripheralSize, (control & PeripheralGoesOn) != 0);
            }
            else
            {
                Write(Read(peripheral, peripheralSize, (control & PeripheralGoesOn) != 0, total),
                    memory, memorySize, (control & MemoryGoesOn) != 0);
            }
            stream.Moved += (uint)total;
            stream.Registers[Count] = (uint)(before - items);
            if(before > stream.Items / 2 && stream.Items / 2 >= before - items)
            {
                Tell(number, CompleteBits[number % 4] - 1);
            }
            if(before == items)
            {
                EndRound(number);
            }
        }

        private void EndRound(int number)
        {
            var stream = streams[number];
            Tell(number, CompleteBits[number % 4]);
            stream.Moved = 0;
            if((stream.Registers[Control] & DoubleBuffer) != 0)
            {
                stream.Registers[Control] ^= Target;
            }
            if((stream.Registers[Control] & (Circular | DoubleBuffer)) != 0)
            {
                stream.Registers[Count] = (uint)stream.Items;
            }
            else
            {
                stream.Registers[Control] &= ~Enable;
            }
            UpdateInterrupts();
        }

        private byte[] Read(ulong address, int size, bool goesOn, int total)
        {
            var data = new byte[(total + size - 1) / size * size];
            for(var done = 0; done < data.Length; done += size)
            {
                var from = address + (ulong)(goesOn ? done : 0);
                var value = size == 1 ? sysbus.ReadByte(from) : size == 2 ? sysbus.ReadWord(from) : sysbus.ReadDoubleWord(from);
                for(var i = 0; i < size; i++)
                {
                    data[done + i] = (byte)(value >> 8 * i);
                }
            }
            return data;
        }

        private void Write(byte[] data, ulong address, int size, bool goesOn)
        {
            for(var done = 0; done < data.Length; done += size)
            {
                var to = address + (ulong)(goesOn ? done : 0);
                uint value = 0;
                for(var i = 0; i < size && done + i < data.Length; i++)
                {
                    value |= (uint)data[done + i] << 8 * i;
                }
                if(size == 1)
                {
                    sysbus.WriteByte(to, (byte)value);
                }
                else if(size == 2)
                {
                    sysbus.WriteWord(to, (ushort)value);
                }
                else
                {
                    sysbus.WriteDoubleWord(to, value);
                }
            }
        }

        private void Tell(int number, int bit)
        {
            status[number / 4] |= 1u << bit;
            UpdateInterrupts();
        }

        private void UpdateInterrupts()
        {
            for(var number = 0; number < Streams; number++)
            {
                var control = streams[number].Registers[Control];
                var bit = CompleteBits[number % 4];
                var complete = (status[number / 4] >> bit & 1) != 0 && (control & CompleteInterrupt) != 0;
                var half = (status[number / 4] >> bit - 1 & 1) != 0 && (control & HalfInterrupt) != 0;
                streams[number].Interrupt.Set(complete || half);
            }
        }

        private static uint Direction(uint control)
        {
            return control >> 6 & 3;
        }

        // A reserved size is a byte.
        private static int BytesOf(uint field)
        {
            return 1 << (int)((field & 3) % 3);
        }

        private readonly uint[] status = new uint[2];
        private readonly Stream[] streams;
        private readonly IBusController sysbus;

        private static readonly int[] CompleteBits = { 5, 11, 21, 27 };

        private const int Streams = 8;
        private const long InterruptClear = 0x08;
        private const long FirstStream = 0x10;
        private const long Step = 0x18;
        private const int Control = 0;
        private const int Count = 1;
        private const int Peripheral = 2;
        private const int Memory0 = 3;
        private const int Memory1 = 4;
        private const int FifoControl = 5;
        private const uint ToMemory = 0;
        private const uint ToPeripheral = 1;
        private const uint MemoryToMemory = 2;
        private const uint Enable = 1 << 0;
        private const uint HalfInterrupt = 1 << 3;
        private const uint CompleteInterrupt = 1 << 4;
        private const uint Circular = 1 << 8;
        private const uint PeripheralGoesOn = 1 << 9;
        private const uint MemoryGoesOn = 1 << 10;
        private const uint DoubleBuffer = 1 << 18;
        private const uint Target = 1 << 19;

        private class Stream
        {
            public void Reset()
            {
                Array.Clear(Registers, 0, Registers.Length);
                Registers[FifoControl] = 0x21;
                Moved = 0;
                Items = 0;
                Interrupt.Unset();
            }

            public readonly uint[] Registers = new uint[6];
            public readonly GPIO Interrupt = new GPIO();

            // Bytes of the round under way, and items of a whole one.
            public uint Moved;
            public int Items;
        }
    }
}
