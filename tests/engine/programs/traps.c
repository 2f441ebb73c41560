// Machine mode of RISC-V, checked from inside: prints `name: ok` or `name: WRONG` to a serial port at 0x10000000, where
// QEMU's virt machine has one. With -DFIFO a sensor FIFO of the lab is there too, and interrupts are checked.

#include <stdbool.h>
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))
#define READ(csr)                                          \
  ({                                                       \
    uint32_t v_;                                           \
    __asm volatile("csrr %0, " #csr : "=r"(v_)::"memory"); \
    v_;                                                    \
  })
#define WRITE(csr, value) __asm volatile("csrw " #csr ", %0" ::"r"((uint32_t)(value)) : "memory")

enum { NOTHING = 0x08000000, MIE = 1 << 3, MPIE = 1 << 7, MPP = 3 << 11 };

void work(void);
void finished(void);

__attribute__((naked, section(".init"), used)) void _start(void) {
  __asm volatile("lui sp, 0x80010\n call work\n call finished");
}

__attribute__((noinline)) void finished(void) {
  for (;;) __asm volatile("wfi");
}

static void print(const char *text) {
  for (; *text; text++) *(volatile uint8_t *)0x10000000 = (uint8_t)*text;
}

static void check(const char *name, bool passed) {
  print(name);
  print(passed ? ": ok\n" : ": WRONG\n");
}

static volatile uint32_t traps, cause, place, value, status, resume;

__attribute__((interrupt("machine"), aligned(256), used)) void on_trap(void) {
  traps++;
  cause = READ(mcause);
  place = READ(mepc);
  value = READ(mtval);
  status = READ(mstatus);
  uint32_t length = (*(volatile uint16_t *)(resume ? (uint32_t)on_trap : place) & 3) == 3 ? 4 : 2;
  WRITE(mepc, resume ? resume : place + length);
  resume = 0;
}

#define TRAP(instruction, at)                                                                    \
  uint32_t at;                                                                                   \
  __asm volatile("la %0, 1f\n .option push\n .option norvc\n 1: " instruction "\n .option pop\n" \
                 : "=&r"(at)::                                                                   \
                     "memor"                                                                     \
                     "y")

static bool trapped(uint32_t number, uint32_t at) { return cause == number && place == at; }

static void exceptions(void) {
  uint32_t before = traps;
  {
    TRAP("ecall", at);
    check("ecall is cause 11", trapped(11, at));
    check("a trap masks interrupts", !(status & MIE) && (status & MPP) == MPP);
  }
  {
    TRAP("ebreak", at);
    check("ebreak is cause 3", trapped(3, at));
  }
  {
    TRAP(".half 0x9002", at);
    check("c.ebreak is cause 3", trapped(3, at));
  }
  {
    TRAP(".word 0xffffffff", at);
    check("an illegal instruction is cause 2", trapped(2, at) && value == 0xffffffff);
  }
  {
    TRAP(".half 0", at);
    check("an illegal compressed instruction is cause 2", trapped(2, at) && value == 0);
  }
  {
    TRAP("csrw mhartid, zero", at);
    check("writing a read-only register is illegal", trapped(2, at));
  }
  {
    TRAP("csrr zero, 0x5c0", at);
    check("a register that is not there is illegal", trapped(2, at));
  }
  {
    TRAP(".word 0x1005202f", at);  // lr.w zero, (a0)
    check("atomics are illegal", trapped(2, at));
  }
  {
    TRAP(".word 0x00a50553", at);  // fadd.s
    check("floats are illegal", trapped(2, at));
  }
  check("each trapped once", traps == before + 9);
}

static void accesses(void) {
  uint32_t address = NOTHING + 0x124, at;
  __asm volatile("la %0, 1f\n .option push\n .option norvc\n 1: lw a5, 0(%1)\n .option pop"
                 : "=&r"(at)
                 : "r"(address)
                 : "a5");
  check("a load from nothing is cause 5", trapped(5, at) && value == address);
  __asm volatile("la %0, 1f\n .option push\n .option norvc\n 1: sb %1, 2(%1)\n .option pop" : "=&r"(at) : "r"(address));
  check("a store to nothing is cause 7", trapped(7, at) && value == address + 2);
  __asm volatile("la %0, 1f\n sw %0, 0(%2)\n jr %1\n 1:" : "=&r"(at) : "r"(NOTHING + 8), "r"(&resume) : "memory");
  check("a fetch from nothing is cause 1", trapped(1, NOTHING + 8));
}

static void registers(void) {
  uint32_t old;
  WRITE(mscratch, 0xF0F0);
  __asm volatile("csrrw %0, mscratch, %1" : "=r"(old) : "r"(0x1234));
  check("csrrw swaps", old == 0xF0F0 && READ(mscratch) == 0x1234);
  __asm volatile("csrrs %0, mscratch, %1" : "=r"(old) : "r"(0xF000));
  check("csrrs sets", old == 0x1234 && READ(mscratch) == 0xF234);
  __asm volatile("csrrc %0, mscratch, %1" : "=r"(old) : "r"(0x0F30));
  check("csrrc clears", old == 0xF234 && READ(mscratch) == 0xF004);
  __asm volatile("csrrwi %0, mscratch, 21" : "=r"(old));
  check("csrrwi swaps", old == 0xF004 && READ(mscratch) == 21);
  __asm volatile("csrrsi %0, mscratch, 10" : "=r"(old));
  check("csrrsi sets", old == 21 && READ(mscratch) == 31);
  __asm volatile("csrrci %0, mscratch, 3" : "=r"(old));
  check("csrrci clears", old == 31 && READ(mscratch) == 28);
  uint32_t before = traps;
  __asm volatile("csrrs %0, mhartid, zero" : "=r"(old));
  check("reading a read-only register writes nothing", traps == before && old == 0);
  __asm volatile("csrsi mstatus, 8\n csrr %0, mstatus\n csrci mstatus, 8" : "=r"(old));
  check("mstatus.MIE is set and cleared", (old & MIE) && !(READ(mstatus) & MIE));
  __asm volatile("csrsi mstatus, 8\n ecall\n csrr %0, mstatus\n csrci mstatus, 8" : "=r"(old));
  check("mret restores MIE from MPIE", (status & MPIE) && (old & MIE) && (old & MPIE));
}

#ifdef FIFO
enum {
  LEFT = 0x10001000,
  RIGHT = 0x10002000,
  CONTROL = 0,
  RATE = 4,
  POINTER = 8,
  LENGTH = 12,
  STATUS = 16,
  BUFFERS = 24
};
enum { LEFT_LINE = 17, RIGHT_LINE = 23 };

static int16_t samples[2][8];
static volatile uint32_t order[8], taken;
static volatile bool nests;

static void start(uint32_t fifo, uint32_t rate, void *to) {
  REG(fifo + RATE) = rate;
  REG(fifo + POINTER) = (uint32_t)to;
  REG(fifo + LENGTH) = 8;
  REG(fifo + CONTROL) = 3;
}

static void handle(uint32_t number) {
  if (taken < 8) order[taken] = number;
  taken++;
  if (nests && number == LEFT_LINE) {
    uint32_t mepc = READ(mepc), mstatus = READ(mstatus);
    nests = false;
    REG(LEFT + STATUS) = 1;
    __asm volatile("csrsi mstatus, 8");
    while (taken < 2) {
    }
    __asm volatile("csrci mstatus, 8");
    WRITE(mepc, mepc);
    WRITE(mstatus, mstatus);
    order[taken++] = 99;
  }
  REG((number == LEFT_LINE ? LEFT : RIGHT) + STATUS) = 1;
}

__attribute__((interrupt("machine"), used)) void on_left(void) { handle(LEFT_LINE); }
__attribute__((interrupt("machine"), used)) void on_right(void) { handle(RIGHT_LINE); }

__attribute__((naked, aligned(256), used)) static void vectors(void) {
  __asm volatile(
      ".option push\n .option norvc\n j on_trap\n .rept 16\n j on_trap\n .endr\n j on_left\n .rept 5\n j on_trap\n "
      ".endr\n"
      "j on_right\n .option pop");
}

static void interrupts(void) {
  start(LEFT, 8000, samples[0]);
  start(RIGHT, 8000, samples[1]);
  WRITE(mie, 1u << LEFT_LINE);
  uint32_t before = traps, first, second, counter;
  __asm volatile("csrr %0, mcycle\n csrr %0, mcycle\n wfi\n csrr %1, mcycle" : "=r"(first), "=r"(second));
  check("WFI wakes for an interrupt that MIE holds back", traps == before && (READ(mip) >> LEFT_LINE & 1));
  check("counters stand still in WFI", second - first == 2);
  check("both FIFOs have filled a buffer", REG(LEFT + BUFFERS) == 1 && REG(RIGHT + BUFFERS) == 1);

  WRITE(mtvec, (uint32_t)vectors | 1);
  WRITE(mie, 1u << LEFT_LINE | 1u << RIGHT_LINE);
  __asm volatile("csrsi mstatus, 8");
  check("the lowest number comes first", taken == 2 && order[0] == LEFT_LINE && order[1] == RIGHT_LINE);
  __asm volatile("ecall");
  check("an exception goes to the base of the vectors", cause == 11 && traps == before + 1);

  taken = 0;
  nests = true;
  while (taken < 3) __asm volatile("wfi");
  check("a handler that unmasks is interrupted", order[0] == LEFT_LINE && order[1] == RIGHT_LINE && order[2] == 99);

  REG(LEFT + CONTROL) = REG(RIGHT + CONTROL) = 0;
  __asm volatile("csrci mstatus, 8");
  WRITE(mepc, 0x80000123);
  check("mepc is even", READ(mepc) == 0x80000122);  // QEMU keeps the bit
  __asm volatile("csrr %0, minstret\n csrr %0, minstret\n nop\n nop\n nop\n csrr %1, minstret\n csrr %1, minstret"
                 : "=r"(first), "=r"(second));
  check("minstret counts instructions", second - first == 5);
  __asm volatile("csrr %0, 0x7e2\n csrr %0, 0x7e2\n nop\n csrr %1, 0x7e2\n csrr %1, 0x7e2" : "=r"(first), "=r"(second));
  check("mpccr counts as mcycle does", second - first == 3);
  check("mpccr has counted since the reset", READ(0x7e2) - READ(mcycle) + 8 < 16);
  __asm volatile("csrw 0x7e1, zero\n csrr %0, 0x7e2\n nop\n csrr %1, 0x7e2" : "=r"(first), "=r"(second));
  check("mpcmr stops it", first == second && READ(0x7e1) == 0);
  __asm volatile("csrw 0x7e2, %1\n csrw 0x7e0, zero\n csrwi 0x7e1, 1\n nop\n csrr %0, 0x7e2" : "=r"(counter) : "r"(500));
  check("mpccr can be set, and without an event in mpcer it stands", counter == 500 && READ(0x7e0) == 0);
  __asm volatile("csrwi 0x7e0, 1\n nop\n csrr %0, 0x7e2" : "=r"(counter));
  check("an event chosen in mpcer is counted on", counter > 500 && counter < 505 && READ(0x7e0) == 1);
  __asm volatile("csrw mcycle, %1\n nop\n csrr %0, mcycle" : "=r"(counter) : "r"(1000));
  check("mcycle can be set", counter >= 1000 && counter < 1005);
}
#endif

void work(void) {
  WRITE(mtvec, (uint32_t)on_trap);
  exceptions();
  accesses();
  registers();
#ifdef FIFO
  interrupts();
#endif
  print("finished\n");
}
