// A digital microphone on I2S. InvenSense's data sheet DS-INMP441-00, rev 1.0. The built-in engine has the same in
// lab/engines/builtin/devices/inmp441.py, which says what is modelled. C# 6, which every Renode compiles.

using Antmicro.Renode.Core;
using Antmicro.Renode.Utilities;

namespace Antmicro.Renode.Peripherals.Sound
{
    public class INMP441 : ISerialAudio
    {
        public INMP441(IMachine machine, bool right = false)
        {
            this.right = right;
        }

        public void Reset()
        {
            heard.Clear();
        }

        // Queue raw mono sound: 16-bit little-endian samples, no header.
        public void FeedSamples(ReadFilePath path)
        {
            heard.Add(path);
        }

        public short[] Send(int frames, FrameClock clock)
        {
            var words = (int)clock.Bits / BitsInWord;
            var line = new short[frames * words];
            if(clock.Bits == FrameBits)
            {
                for(var at = right ? words / 2 : 0; at < line.Length; at += words)
                {
                    line[at] = heard.Next();
                }
            }
            return line;
        }

        private readonly bool right;
        private readonly SoundQueue heard = new SoundQueue();

        private const int BitsInWord = 16;
        private const uint FrameBits = 64;
    }
}
