// RISC-V: control and status registers. RISC-V Instruction Set Manual, Volume II, 20211203, chapter 3; the performance
// counter of the ESP32-C3 (mpccr) and its fast pins from its technical reference manual, version 1.1, chapter 1.4.

#include "riscv_csr.h"

enum {
  MSTATUS = 0x300,
  MISA = 0x301,
  MIE = 0x304,
  MTVEC = 0x305,
  MCOUNTINHIBIT = 0x320,
  MHPMEVENT3 = 0x323,
  MHPMEVENT31 = 0x33F,
  MSCRATCH = 0x340,
  MEPC = 0x341,
  MCAUSE = 0x342,
  MTVAL = 0x343,
  MIP = 0x344,
  PMPCFG0 = 0x3A0,
  PMPADDR15 = 0x3BF,
  TSELECT = 0x7A0,
  TCONTROL = 0x7A5,
  MPCER = 0x7E0,
  MPCMR = 0x7E1,
  MPCCR = 0x7E2,
  MCYCLE = 0xB00,
  MINSTRET = 0xB02,
  MHPMCOUNTER31 = 0xB1F,
  MCYCLEH = 0xB80,
  MINSTRETH = 0xB82,
  MHPMCOUNTER31H = 0xB9F,
  GPIO_OEN_USER = 0x803,
  GPIO_OUT_USER = 0x805,
  CYCLE = 0xC00,
  INSTRET = 0xC02,
  CYCLEH = 0xC80,
  INSTRETH = 0xC82,
  MVENDORID = 0xF11,
  MHARTID = 0xF14,
};

static const uint32_t RV32IMC = 1u << 30 | 1 << ('I' - 'A') | 1 << ('M' - 'A') | 1 << ('C' - 'A');

// As in Renode: a cycle is an instruction, both stand still in WFI, and a read gives the count at the start of its
// basic block.
static uint64_t executed(const struct core *core) { return core->block_start - core->skipped; }

static uint64_t half(uint64_t whole, bool high, uint32_t value) {
  return high ? (whole & 0xFFFFFFFF) | (uint64_t)value << 32 : (whole & ~0xFFFFFFFFull) | value;
}

// The ESP32-C3's performance counter counts while mpcmr lets it what mpcer chooses: clock cycles or instructions, which
// are the same here. It counts after a reset, as the chip's ROM leaves it.
enum { CYCLES = 1 << 0, INSTRUCTIONS = 1 << 1, COUNT_EN = 1 << 0, ALL_EVENTS = (1 << 11) - 1, MODES = 3 };

static bool counts(const struct riscv *hart) {
  return hart->counting & COUNT_EN && hart->events & (CYCLES | INSTRUCTIONS);
}

static uint32_t counted(const struct core *core) {
  return core->riscv.counter + (counts(&core->riscv) ? (uint32_t)executed(core) : 0);
}

static void set_counter(struct core *core, uint32_t events, uint32_t counting, uint32_t value) {
  struct riscv *hart = &core->riscv;
  hart->events = events & ALL_EVENTS;
  hart->counting = counting & MODES;
  hart->counter = value - (counts(hart) ? (uint32_t)executed(core) : 0);
}

void reset_counter(struct core *core) {
  core->block_start = core->count;  // no block is under way
  set_counter(core, CYCLES, COUNT_EN, 0);
}

bool read_csr(struct core *core, uint32_t number, uint32_t *value) {
  const struct riscv *hart = &core->riscv;
  uint64_t cycles = executed(core) + hart->written_cycles, instructions = executed(core) + hart->written_instructions;
  switch (number) {
    case MSTATUS:
      *value = hart->mstatus;
      return true;
    case MISA:
      *value = RV32IMC | (hart->atomics ? 1 : 0);
      return true;
    case MIE:
      *value = hart->mie;
      return true;
    case MTVEC:
      *value = hart->mtvec;
      return true;
    case MSCRATCH:
      *value = hart->mscratch;
      return true;
    case MEPC:
      *value = hart->mepc;
      return true;
    case MCAUSE:
      *value = hart->mcause;
      return true;
    case MTVAL:
      *value = hart->mtval;
      return true;
    case MIP:
      *value = hart->lines;
      return true;
    case MCYCLE:
    case CYCLE:
      *value = cycles;
      return true;
    case MCYCLEH:
    case CYCLEH:
      *value = cycles >> 32;
      return true;
    case MINSTRET:
    case INSTRET:
      *value = instructions;
      return true;
    case MINSTRETH:
    case INSTRETH:
      *value = instructions >> 32;
      return true;
    case MPCER:
      *value = hart->events;
      return true;
    case MPCMR:
      *value = hart->counting;
      return true;
    case MPCCR:
      *value = counted(core);
      return true;
    case MCOUNTINHIBIT:
    case TSELECT ... TCONTROL:  // no trigger is there
    case GPIO_OEN_USER ... GPIO_OUT_USER:
    case MHPMEVENT3 ... MHPMEVENT31:
    case PMPCFG0 ... PMPADDR15:
    case MINSTRET + 1 ... MHPMCOUNTER31:
    case MINSTRETH + 1 ... MHPMCOUNTER31H:
    case MVENDORID ... MHARTID:
      *value = 0;
      return true;
    default:
      return false;
  }
}

// Registers that read but are not here take what is written without a trace, as WARL registers may.
bool write_csr(struct core *core, uint32_t number, uint32_t value) {
  struct riscv *hart = &core->riscv;
  uint32_t dropped;
  switch (number) {
    case MSTATUS:
      hart->mstatus = value & (MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP);
      return true;
    case MIE:
      hart->mie = value;
      return true;
    case MTVEC:
      hart->mtvec = value & ~2u;
      return true;
    case MSCRATCH:
      hart->mscratch = value;
      return true;
    case MEPC:
      hart->mepc = value & ~1u;
      return true;
    case MCAUSE:
      hart->mcause = value;
      return true;
    case MTVAL:
      hart->mtval = value;
      return true;
    case MPCER:
      set_counter(core, value, hart->counting, counted(core));
      return true;
    case MPCMR:
      set_counter(core, hart->events, value, counted(core));
      return true;
    case MPCCR:
      set_counter(core, hart->events, hart->counting, value);
      return true;
    case MCYCLE:
    case MCYCLEH:
      hart->written_cycles = half(executed(core) + hart->written_cycles, number == MCYCLEH, value) - executed(core);
      return true;
    case MINSTRET:
    case MINSTRETH:
      hart->written_instructions =
          half(executed(core) + hart->written_instructions, number == MINSTRETH, value) - executed(core);
      return true;
    default:
      return number >> 10 != 3 && read_csr(core, number, &dropped);
  }
}
