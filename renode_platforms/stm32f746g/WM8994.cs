// The audio codec WM8994, as far as its digital microphones go. Cirrus Logic's data sheet, rev 4.6. The built-in engine
// has the same in lab/engines/builtin/devices/wm8994.py, which says what is modelled. C# 6, which every Renode compiles;
// include ../serial_audio/SerialAudio.cs before this file.

using System;
using System.Collections.Generic;
using System.Linq;
using Antmicro.Renode.Core;
using Antmicro.Renode.Peripherals.I2C;
using Antmicro.Renode.Utilities;

namespace Antmicro.Renode.Peripherals.Sound
{
    public class WM8994 : II2CPeripheral, ISerialAudio
    {
        public WM8994(IMachine machine)
        {
            Reset();
        }

        public void Reset()
        {
            heard.Clear();
            pending.Clear();
            isAddressed = false;
            isLow = false;
            address = 0;
            Restart();
        }

        // Queue what both microphones hear: 16-bit little-endian mono samples, no header.
        public void FeedSamples(ReadFilePath path)
        {
            heard.Add(path);
        }

        // The address of a register, then 16-bit values of it and those that follow, high bytes first.
        public void Write(byte[] data)
        {
            pending.AddRange(data);
            if(!isAddressed && pending.Count >= 2)
            {
                address = Taken();
                isAddressed = true;
                isLow = false;
            }
            while(isAddressed && pending.Count >= 2)
            {
                var value = Taken();
                if(address == SoftwareReset)
                {
                    Restart();
                }
                else
                {
                    words[address] = value;
                }
                address++;
            }
        }

        public byte[] Read(int count = 1)
        {
            var bytes = new byte[count];
            for(var i = 0; i < count; i++)
            {
                if(!isAddressed)
                {
                    continue;
                }
                var word = address == SoftwareReset ? Identity : words[address];
                bytes[i] = (byte)(isLow ? word : word >> 8);
                address += (ushort)(isLow ? 1 : 0);
                isLow = !isLow;
            }
            return bytes;
        }

        public void FinishTransmission()
        {
            pending.Clear();
            isAddressed = false;
        }

        // On ADCDAT1.
        public short[] Send(int frames, FrameClock clock)
        {
            var wordsInHalf = (int)clock.Bits / 32;
            var line = new short[frames * 2 * wordsInHalf];
            var audible = Sources.Select(source => Captures((words[Aif1Control] & source) != 0 ? 1 : 0)).ToArray();
            if((!audible[0] && !audible[1]) || wordsInHalf <= Slot || !IsReady || !Follows(clock))
            {
                return line;
            }
            for(var frame = 0; frame < frames; frame++)
            {
                var sample = heard.Next();
                for(var half = 0; half < 2; half++)
                {
                    line[(2 * frame + half) * wordsInHalf + Slot] = audible[half] ? sample : (short)0;
                }
            }
            return line;
        }

        private void Restart()
        {
            Array.Clear(words, 0, words.Length);
            foreach(var pair in AfterPowerOn)
            {
                words[pair.Key] = pair.Value;
            }
        }

        private ushort Taken()
        {
            var word = (ushort)(pending[0] << 8 | pending[1]);
            pending.RemoveRange(0, 2);
            return word;
        }

        // Whether the left (0) or right (1) microphone is let through.
        private bool Captures(int channel)
        {
            return (words[Power4] & Enables[channel]) == Enables[channel]
                && (words[Routes[channel]] & Dmic2ToAif1Adc2) != 0
                && (words[Volumes[channel]] & 0xFF) != 0;
        }

        // Whether power, clocks and format are set up.
        private bool IsReady
        {
            get
            {
                var power = words[Power1];
                return (power & BiasEnable) != 0
                    && (power & VmidSelect) != 0
                    && (power & MicrophoneBias1) != 0
                    && (words[Aif1Clocking] & (Aif1ClockEnable | Aif1ClockSource)) == Aif1ClockEnable
                    && (words[Clocking] & DspClocks) == DspClocks
                    && (words[Aif1Control] & Format) == I2S16Bits
                    && (words[Aif1Master] & TristateOrMaster) == 0;
            }
        }

        // Whether the rate and the ratio that are set are those of the wires.
        private bool Follows(FrameClock clock)
        {
            var rate = words[Aif1Rate] >> 4 & 0xF;
            uint ratio;
            Ratios.TryGetValue(words[Aif1Rate] & 0xF, out ratio);
            var divider = (words[Aif1Clocking] & Aif1ClockDivider) != 0 ? 2u : 1u;
            if(rate >= Rates.Length || ratio == 0 || ratio * divider != clock.Ratio)
            {
                return false;
            }
            return Math.Abs(clock.Frames - Rates[rate] * clock.Seconds) * OneIn <= Rates[rate] * clock.Seconds;
        }

        private ushort address;
        private bool isAddressed;
        private bool isLow;

        private readonly SoundQueue heard = new SoundQueue();
        private readonly List<byte> pending = new List<byte>();
        private readonly ushort[] words = new ushort[0x10000];

        private static readonly int[] Volumes = { 0x404, 0x405 };
        private static readonly int[] Routes = { 0x608, 0x609 };
        private static readonly int[] Enables = { 1 << 5 | 1 << 11, 1 << 4 | 1 << 10 };
        private static readonly int[] Sources = { 1 << 15, 1 << 14 };
        private static readonly decimal[] Rates =
            { 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000 };
        private static readonly Dictionary<int, uint> Ratios = new Dictionary<int, uint>
        {
            { 1, 128 }, { 2, 192 }, { 3, 256 }, { 4, 384 }, { 5, 512 }, { 6, 768 }, { 7, 1024 }, { 8, 1408 }, { 9, 1536 },
        };
        private static readonly Dictionary<int, ushort> AfterPowerOn = new Dictionary<int, ushort>
        {
            { 0x002, 0x6000 }, { 0x101, 0x8004 }, { 0x210, 0x0083 }, { 0x211, 0x0083 }, { 0x300, 0x4050 }, { 0x301, 0x4000 },
            { 0x303, 0x0040 }, { 0x304, 0x0040 }, { 0x305, 0x0040 }, { 0x306, 0x0004 }, { 0x307, 0x0100 }, { 0x400, 0x00C0 },
            { 0x401, 0x00C0 }, { 0x402, 0x00C0 }, { 0x403, 0x00C0 }, { 0x404, 0x00C0 }, { 0x405, 0x00C0 }, { 0x406, 0x00C0 },
            { 0x407, 0x00C0 }, { 0x420, 0x0200 }, { 0x421, 0x0010 }, { 0x422, 0x0200 }, { 0x423, 0x0010 }, { 0x440, 0x0098 },
            { 0x441, 0x0845 }, { 0x450, 0x0098 }, { 0x451, 0x0845 }, { 0x610, 0x02C0 }, { 0x611, 0x02C0 }, { 0x612, 0x02C0 },
            { 0x613, 0x02C0 }, { 0x620, 0x0002 }, { 0x700, 0x8100 },
        };

        private const ushort Identity = 0x8994;
        private const int SoftwareReset = 0x000;
        private const int Power1 = 0x001;
        private const int Power4 = 0x004;
        private const int Aif1Clocking = 0x200;
        private const int Clocking = 0x208;
        private const int Aif1Rate = 0x210;
        private const int Aif1Control = 0x300;
        private const int Aif1Master = 0x302;
        private const int BiasEnable = 0x0001;
        private const int VmidSelect = 0x0006;
        private const int MicrophoneBias1 = 0x0010;
        private const int Aif1ClockEnable = 0x0001;
        private const int Aif1ClockDivider = 0x0002;
        private const int Aif1ClockSource = 0x0018;
        private const int DspClocks = 0x000A;
        private const int Format = 0x00F8; // AIF1_LRCLK_INV, WL and FMT
        private const int I2S16Bits = 0x0010;
        private const int TristateOrMaster = 1 << 15 | 1 << 14;
        private const int Dmic2ToAif1Adc2 = 1 << 1;
        private const int OneIn = 100;
        private const int Slot = 1; // of AIF1 ADC2 in each half of a frame; AIF1 ADC1 has the one before
    }
}
