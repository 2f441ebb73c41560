// What the MPU lets pass, checked from inside: Armv7-M, Arm DDI 0403E, B3.5. For a Cortex-M4 with 8 regions; runs on
// the emulated nRF52840 and on QEMU's mps2-an386.

#include "checks.h"

#define REG(address) (*(volatile uint32_t *)(address))
#define SHCSR REG(0xE000ED24)
#define CFSR REG(0xE000ED28)
#define HFSR REG(0xE000ED2C)
#define MMFAR REG(0xE000ED34)
#define TYPE REG(0xE000ED90)
#define CTRL REG(0xE000ED94)
#define RNR REG(0xE000ED98)
#define RBAR REG(0xE000ED9C)
#define RASR REG(0xE000EDA0)
#define RBAR_A1 REG(0xE000EDA4)
#define RASR_A1 REG(0xE000EDA8)

enum { ENABLE = 1, IN_FAULTS = 2, BACKGROUND = 4, XN = 1 << 28 };
enum { NONE = 0, PRIVILEGED = 1 << 24, READ_BY_OTHERS = 2 << 24, ALL = 3 << 24, READ_ONLY = 6 << 24 };
enum { DACCVIOL = 2, IACCVIOL = 1, MSTKERR = 16, MMARVALID = 128, FORCED = 1 << 30 };

static uint8_t memory[4096] __attribute__((aligned(4096)));
static uint64_t stack[64] __attribute__((aligned(512)));
static volatile uint32_t status, hard, address, at, faults, inside;
static volatile bool interrupted;

static void settle(void) { __asm volatile("dsb\nisb" ::: "memory"); }
static void control(uint32_t value) { CTRL = value, settle(); }

// `bits` of the size: 32 bytes are 4, 4096 are 11.
static void region(uint32_t number, uint32_t base, uint32_t bits, uint32_t attributes) {
  RBAR = base | 1 << 4 | number;
  RASR = attributes | bits << 1 | 1;
}

static void clear(void) {
  control(0);
  for (uint32_t i = 0; i < 8; i++) RNR = i, RASR = 0;
}

static uint32_t load(uint32_t from) {
  uint32_t value = 0;
  __asm volatile("ldr.w %0, [%1]" : "+r"(value) : "r"(from) : "memory");
  return value;
}
static void store(uint32_t to, uint32_t value) { __asm volatile("str.w %1, [%0]" ::"r"(to), "r"(value) : "memory"); }

static bool faulted(uint32_t expected) {
  bool so = faults == 1 && status == expected;
  faults = status = hard = 0;
  return so;
}

__attribute__((used)) void look(uint32_t *frame) {
  faults++;
  status = CFSR, hard = HFSR, address = MMFAR, at = frame[6];
  if (inside) store(inside, 5), inside = load(inside);
  CFSR = status, HFSR = hard;
  __asm volatile("msr control, %0" ::"r"(2 * (uint32_t)((uint32_t)frame - (uint32_t)stack < sizeof stack)));
  if (status & IACCVIOL) {
    frame[6] = frame[5] & ~1u;
  } else if (!(status & MSTKERR)) {
    frame[6] += 4;
  }
}

// With the frame in r0; that of a frame which was not stacked is made up, to go on behind `stacking`.
__attribute__((naked)) void Fault_Handler(void) {
  __asm volatile("tst lr, #4\nite eq\nmrseq r0, msp\nmrsne r0, psp\nb look");
}

__attribute__((naked)) void stacking(uint32_t process_stack) {
  __asm volatile(
      "push {r4, lr}\nmsr psp, r0\nmovs r0, #2\nmsr control, r0\nisb\nsvc 0\nmovs r0, #0\nmsr control, r0\nisb\n"
      "pop {r4, pc}");
}

void SVC_Handler(void) { interrupted = true; }

// The stack is made good by moving it, with a frame of the handler's own.
static uint64_t rescue[16];
__attribute__((used)) void mend(void) {
  uint32_t *frame = (uint32_t *)rescue;
  faults++;
  status = CFSR, CFSR = status;
  const uint16_t *code = (const uint16_t *)((uint32_t)stacking & ~1u);
  while (*code != 0xDF00) code++;  // svc 0
  frame[6] = (uint32_t)(code + 1), frame[7] = 1 << 24;
  __asm volatile("msr psp, %0" ::"r"(frame));
}

static void *vectors[32] __attribute__((aligned(128)));

static void registers(void) {
  check("there are 8 regions", TYPE == 8 << 8);
  RBAR = 0x20000025 | 1 << 4;
  check("a valid base chooses its region", RNR == 5 && RBAR == 0x20000025);
  RNR = 2, RBAR = 0x10000040;
  check("a base without it is for the chosen region", RNR == 2 && RBAR == 0x10000042);
  RBAR_A1 = 0x20000100 | 1 << 4 | 3, RASR_A1 = 0x03000001 | 7 << 1;
  check("aliases lead to the same registers", RNR == 3 && RBAR == 0x20000103 && RASR == (0x03000001 | 7 << 1));
  clear();
}

static void guards(void) {
  uint32_t guard = (uint32_t)memory + 0x420;
  region(0, guard, 4, READ_ONLY | XN);
  store(guard, 1);
  check("nothing is denied while the MPU is off", load(guard) == 1 && faults == 0);
  control(ENABLE | BACKGROUND);
  store(guard - 4, 2), store(guard + 32, 3);
  check("the page of a guard is free around it", load(guard - 4) == 2 && load(guard + 32) == 3 && faults == 0);
  store(guard + 8, 4);
  check("a store to a guard faults", faulted(DACCVIOL | MMARVALID) && address == guard + 8);
  check("and changes nothing", load(guard + 8) == 0);
  check("a load from it does not", load(guard) == 1 && faults == 0);
  store(guard - 2, 0xFFFFFFFF);
  check("a store that reaches into it faults", faulted(DACCVIOL | MMARVALID));
  region(0, guard, 4, NONE);
  settle();
  (void)load(guard);
  check("a load where there is no right faults", faulted(DACCVIOL | MMARVALID) && address == guard);
  __asm volatile("mov r0, %0\nstmdb.w r0!, {r4-r7}" ::"r"(guard + 40) : "r0", "memory");
  check("so does a store of many registers", faulted(DACCVIOL | MMARVALID));
  RASR = 0, settle();
  store(guard, 6);
  check("a region that is taken away denies nothing", load(guard) == 6 && faults == 0);
  clear();
}

static void regions(void) {
  uint32_t base = (uint32_t)memory;
  region(1, base, 11, READ_ONLY | 1 << (8 + 3));
  region(4, base + 1024, 6, ALL);
  control(ENABLE | BACKGROUND);
  store(base + 512, 1);
  check("a region without a subregion denies elsewhere", faulted(DACCVIOL | MMARVALID));
  store(base + 3 * 512, 2);
  check("what lies behind the subregion counts there", load(base + 3 * 512) == 2 && faults == 0);
  store(base + 1024, 3);
  check("the region of the highest number counts", load(base + 1024) == 3 && faults == 0);
  clear();
}

static void execution(void) {
  uint32_t base = (uint32_t)memory;
  store(base, 0x4770202A);  // movs r0, #42; bx lr
  uint32_t (*code)(void) = (uint32_t (*)(void))(base | 1);
  region(0, base, 11, ALL);
  control(ENABLE | BACKGROUND);
  check("code in RAM runs", code() == 42);
  RASR |= XN, settle();
  code();
  check("and does not where XN is set", faulted(IACCVIOL) && at == base);
  RASR &= ~XN, settle();
  check("and runs again", code() == 42 && faults == 0);
  clear();
}

static void privileges(void) {
  uint32_t base = (uint32_t)memory;
  region(0, 0, 17, READ_ONLY);
  region(1, 0x20000000, 16, ALL | XN);
  region(2, base, 11, PRIVILEGED);
  control(ENABLE);
  store(base, 7);
  check("privileged code uses what is its own", load(base) == 7 && faults == 0);
  __asm volatile("msr control, %0\nisb" ::"r"(1));
  (void)load(base);
  check("other code does not", faulted(DACCVIOL | MMARVALID) && address == base);
  region(2, base, 11, READ_BY_OTHERS);
  settle();
  __asm volatile("msr control, %0\nisb" ::"r"(1));
  uint32_t read = load(base);
  store(base, 8);
  check("or may only read", read == 7 && faulted(DACCVIOL | MMARVALID) && load(base) == 7);
  uint32_t other;
  __asm volatile("ldrt %0, [%1]" : "=r"(other) : "r"(base));
  check("LDRT reads as others do", other == 7 && faults == 0);
  clear();
}

static void faulting(void) {
  uint32_t base = (uint32_t)memory;
  region(0, base, 11, READ_ONLY);
  control(ENABLE | BACKGROUND);
  __asm volatile("cpsid f" ::: "memory");
  store(base, 9);
  __asm volatile("cpsie f" ::: "memory");
  settle();
  check("with FAULTMASK nothing is denied", load(base) == 9 && faults == 0);
  store(base, 10);
  check("and after it again", faulted(DACCVIOL | MMARVALID));
  SHCSR = 0, settle();
  inside = base;
  store(base, 11);
  check("without MemManage it is a HardFault", hard == FORCED && faulted(DACCVIOL | MMARVALID));
  check("in which nothing is denied", inside == 5);
  SHCSR = 1 << 16, settle();
  inside = 0;
  clear();
}

static void stacks(void) {
  uint32_t guard = (uint32_t)stack;
  region(0, guard, 4, READ_ONLY);
  control(ENABLE | BACKGROUND);
  interrupted = false;
  stacking(guard + 256);
  check("an exception is stacked above a guard", interrupted && faults == 0);
  interrupted = false;
  vectors[4] = mend;
  stacking(guard + 40);
  check("a frame that reaches into a guard is a fault", faults == 1 && status == MSTKERR);
  check("the exception comes after it", interrupted);
  faults = 0;
  vectors[4] = Fault_Handler;
  clear();
}

void Reset_Handler(void) {
  for (int i = 0; i < 16; i++) vectors[i] = Fault_Handler;
  vectors[11] = SVC_Handler;
  REG(0xE000ED08) = (uint32_t)vectors;
  SHCSR = 1 << 16;
  registers();
  guards();
  regions();
  execution();
  privileges();
  faulting();
  stacks();
  finished();
  for (;;) __asm volatile("wfi");
}

__attribute__((section(".vectors"), used)) static const void *const at_reset[] = {(void *)0x20010000, Reset_Handler,
                                                                                  Fault_Handler, Fault_Handler};
