// What a microphone or a codec offers to the chip that it sends its sound to, bit by bit: over SAI or I2S. The built-in
// engine has the same in lab/engines/builtin/devices/serial_audio.py and sound_queue.py. C# 6, which every Renode
// compiles; include this file before those of the parts.

using System;
using System.IO;
using Antmicro.Renode.Exceptions;

namespace Antmicro.Renode.Peripherals.Sound
{
    public class FrameClock
    {
        public FrameClock(decimal frames, decimal seconds, uint ratio, uint bits)
        {
            Frames = frames;
            Seconds = seconds;
            Ratio = ratio;
            Bits = bits;
        }

        // Of Frames frames every Seconds seconds, both whole numbers.
        public decimal Frames { get; private set; }

        public decimal Seconds { get; private set; }

        // Periods of MCLK in a frame, 0 where there is no MCLK.
        public uint Ratio { get; private set; }

        public uint Bits { get; private set; }
    }

    public interface ISerialAudio : IPeripheral
    {
        // What is on the data line during the next frames: 16-bit words, Bits / 16 of each frame.
        short[] Send(int frames, FrameClock clock);
    }

    // Mono sound, a sample of it for each sample that is taken, whatever the rates of the two; then silence.
    public class SoundQueue
    {
        public void Clear()
        {
            bytes = new byte[0];
            position = 0;
        }

        // 16-bit little-endian samples, no header.
        public void Add(string path)
        {
            var more = File.ReadAllBytes(path);
            if(more.Length % BytesInSample != 0)
            {
                throw new RecoverableException(path + " is not a whole number of 16-bit samples");
            }
            var left = bytes.Length - position;
            var all = new byte[left + more.Length];
            Array.Copy(bytes, position, all, 0, left);
            Array.Copy(more, 0, all, left, more.Length);
            bytes = all;
            position = 0;
        }

        public short Next()
        {
            if(position == bytes.Length)
            {
                return 0;
            }
            position += BytesInSample;
            return (short)(bytes[position - 2] | bytes[position - 1] << 8);
        }

        private byte[] bytes = new byte[0];
        private int position;

        private const int BytesInSample = 2;
    }
}
