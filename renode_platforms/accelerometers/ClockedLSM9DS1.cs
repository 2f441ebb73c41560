// The accelerometer of the LSM9DS1 with its clock and FIFO. Data sheet DocID025715 rev 3; docs/accelerometers.md says what
// is modelled. The built-in engine has the same in lab/engines/builtin/devices/clockedlsm9ds1.py.

using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;

namespace Antmicro.Renode.Peripherals.Sensors
{
    public class ClockedLSM9DS1 : ClockedAccelerometer
    {
        public ClockedLSM9DS1(IMachine machine, int identity = 0x68, int stopsAfter = 0) : base(machine, 23800, identity, stopsAfter)
        {
            Restart();
        }

        protected override uint Period
        {
            get
            {
                if(!IsModelled)
                {
                    return 0;
                }
                var ofBoth = PeriodsOfBoth[registers[GyroscopeControl1] >> 5];
                return ofBoth != 0 ? ofBoth : Periods[registers[Control6] >> 5];
            }
        }

        protected override int FullScale { get { return FullScales[registers[Control6] >> 3 & 3]; } }

        protected override bool AddressAdvances { get { return (registers[Control8] & AutoIncrement) != 0; } }

        protected override bool BlocksUpdate { get { return (registers[Control8] & BlockUpdate) != 0; } }

        protected override int Depth
        {
            get { return (registers[Control9] & StopOnThreshold) != 0 ? (registers[FifoControl] & 0x1F) + 1 : base.Depth; }
        }

        protected override bool HasFifo { get { return (registers[Control9] & FifoEnable) != 0; } }

        // All of an axis that is enabled.
        protected override int KeptBits(int axis)
        {
            return (registers[Control5] >> 3 + axis & 1) != 0 ? -1 : 0;
        }

        protected override bool IsWritable(int register)
        {
            return register >= 0x04 && register <= Interrupt2Control || register >= GyroscopeControl1 && register <= 0x13
                || register >= 0x1E && register <= 0x24 || register == FifoControl || register >= 0x30 && register <= 0x37;
        }

        protected override byte AfterPowerOn(int register)
        {
            switch(register)
            {
            case Control4:
            case Control5:
                return 0x38;
            case Control8:
                return AutoIncrement;
            default:
                return 0;
            }
        }

        protected override void Wrote(int register, byte value)
        {
            if(!IsModelled)
            {
                this.Log(LogLevel.Error, "ODR_G = 7, ODR_XL = 7 or big-endian outputs are set, which are not modelled: no samples come");
            }
            if(register == Control8)
            {
                registers[Control8] = (byte)(value & ~(Boot | SoftReset));
                if((value & SoftReset) != 0)
                {
                    Restart();
                }
            }
        }

        protected override byte? StateOf(int register)
        {
            return register == Status || register == StatusAgain ? (byte)(IsReady ? 1 : 0) : (byte?)null;
        }

        protected override void LinesHigh(out bool first, out bool second)
        {
            var events = (IsReady ? 0x01 : 0) | (IsThresholdReached ? 0x08 : 0) | (IsOverrun ? 0x10 : 0) | (IsFull ? 0x20 : 0);
            var activeLow = (registers[Control8] & ActiveLow) != 0;
            first = (registers[Interrupt1Control] & events) != 0 ^ activeLow;
            second = (registers[Interrupt2Control] & events) != 0 ^ activeLow;
        }

        private bool IsModelled
        {
            get
            {
                return registers[GyroscopeControl1] >> 5 < PeriodsOfBoth.Length && registers[Control6] >> 5 < Periods.Length
                    && (registers[Control8] & BigEndian) == 0;
            }
        }

        // By CTRL_REG6_XL.ODR_XL: 10, 50, 119, 238, 476 and 952 Hz, in 23,800ths of a second.
        private static readonly uint[] Periods = { 0, 2380, 476, 200, 100, 50, 25 };
        // By CTRL_REG1_G.ODR_G, the gyroscope being on: 14.9, 59.5, 119, 238, 476 and 952 Hz.
        private static readonly uint[] PeriodsOfBoth = { 0, 1600, 400, 200, 100, 50, 25 };
        private static readonly int[] FullScales = { 2, 16, 4, 8 };

        private const int Boot = 0x80;
        private const int BlockUpdate = 0x40;
        private const int ActiveLow = 0x20;
        private const byte AutoIncrement = 0x04;
        private const int BigEndian = 0x02;
        private const int SoftReset = 0x01;
        private const int FifoEnable = 0x02;
        private const int StopOnThreshold = 0x01;

        private const int Interrupt1Control = 0x0C;
        private const int Interrupt2Control = 0x0D;
        private const int GyroscopeControl1 = 0x10;
        private const int Status = 0x17;
        private const int StatusAgain = 0x27;
        private const int Control4 = 0x1E;
        private const int Control5 = 0x1F;
        private const int Control6 = 0x20;
        private const int Control8 = 0x22;
        private const int Control9 = 0x23;
    }
}
