// The LIS2DW12 with its clock and FIFO. Data sheet DS11811 rev 8; docs/accelerometers.md says what is modelled. The
// built-in engine has the same in lab/engines/builtin/devices/clockedlis2dw12.py.

using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;

namespace Antmicro.Renode.Peripherals.Sensors
{
    public class ClockedLIS2DW12 : ClockedAccelerometer
    {
        public ClockedLIS2DW12(IMachine machine, int identity = 0x44, int stopsAfter = 0) : base(machine, 1600, identity, stopsAfter)
        {
            Restart();
        }

        protected override uint Period
        {
            get
            {
                var rate = registers[Control1] >> 4;
                var mode = registers[Control1] >> 2 & 3;
                if(rate == 0 || !IsModelled)
                {
                    return 0;
                }
                return mode == LowPower ? LowPowerPeriods[rate] : HighPerformancePeriods[rate];
            }
        }

        protected override int FullScale { get { return 2 << (registers[Control6] >> 4 & 3); } }

        protected override bool AddressAdvances { get { return (registers[Control2] & AutoIncrement) != 0; } }

        protected override bool BlocksUpdate { get { return (registers[Control2] & BlockUpdate) != 0; } }

        // 12 in low-power mode 1, else 14.
        protected override int KeptBits(int axis)
        {
            return (registers[Control1] & 0xF) == 0 ? ~0xF : ~0x3;
        }

        protected override bool IsWritable(int register)
        {
            return register >= Control1 && register <= Control6 || register == FifoControl
                || register >= 0x30 && register <= 0x36 || register >= 0x3C && register <= 0x3F;
        }

        protected override byte AfterPowerOn(int register)
        {
            return register == Control2 ? AutoIncrement : (byte)0;
        }

        protected override void Wrote(int register, byte value)
        {
            if(register == Control1 && value >> 4 != 0 && !IsModelled)
            {
                this.Log(LogLevel.Error, "CTRL1 is 0x{0:X2}, a mode or rate that is not modelled: no samples come", value);
            }
            if(register == Control2)
            {
                registers[Control2] = (byte)(value & ~(Boot | SoftReset));
                if((value & SoftReset) != 0)
                {
                    Restart();
                }
            }
        }

        protected override byte? StateOf(int register)
        {
            switch(register)
            {
            case Status:
                return (byte)((IsReady ? 1 : 0) | (IsThresholdReached ? 0x80 : 0));
            case StatusAgain:
                return (byte)((IsReady ? 0x41 : 0) | (IsOverrun ? 0x80 : 0));
            default:
                return null;
            }
        }

        protected override void LinesHigh(out bool first, out bool second)
        {
            var events = (IsReady ? 1 : 0) | (IsThresholdReached ? 2 : 0) | (IsFull ? 4 : 0);
            var activeLow = (registers[Control3] & ActiveLow) != 0;
            first = (registers[Control4] & events) != 0;
            second = (registers[Control5] & (events | (IsOverrun ? 8 : 0))) != 0;
            if((registers[Control7] & SecondOnFirst) != 0)
            {
                first |= second;
                second = false;
            }
            first ^= activeLow;
            second ^= activeLow;
        }

        private bool IsModelled
        {
            get { return (registers[Control1] >> 2 & 3) <= HighPerformance && registers[Control1] >> 4 < LowPowerPeriods.Length; }
        }

        // By CTRL1.ODR, in 1,600ths of a second.
        private static readonly uint[] LowPowerPeriods = { 0, 1000, 128, 64, 32, 16, 8, 8, 8, 8 };
        private static readonly uint[] HighPerformancePeriods = { 0, 128, 128, 64, 32, 16, 8, 4, 2, 1 };

        private const int LowPower = 0;
        private const int HighPerformance = 1;
        private const int Boot = 0x80;
        private const int SoftReset = 0x40;
        private const int BlockUpdate = 0x08;
        private const byte AutoIncrement = 0x04;
        private const int ActiveLow = 0x08;
        private const int SecondOnFirst = 0x40;

        private const int Control1 = 0x20;
        private const int Control2 = 0x21;
        private const int Control3 = 0x22;
        private const int Control4 = 0x23;
        private const int Control5 = 0x24;
        private const int Control6 = 0x25;
        private const int Status = 0x27;
        private const int StatusAgain = 0x37;
        private const int Control7 = 0x3F;
    }
}
