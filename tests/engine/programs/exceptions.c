// What Armv7-M says of exceptions, checked from inside: each check leaves its
// name and verdict in `checks`. For a Cortex-M4F with interrupts 20 to 23 free;
// runs on the emulated nRF52840 and on QEMU's mps2-an386.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checks.h"

#define REG(address) (*(volatile uint32_t *)(address))
#define BYTE(address) (*(volatile uint8_t *)(address))
#define ICSR REG(0xE000ED04)
#define VTOR REG(0xE000ED08)
#define AIRCR REG(0xE000ED0C)
#define SCR REG(0xE000ED10)
#define SHCSR REG(0xE000ED24)
#define CFSR REG(0xE000ED28)
#define HFSR REG(0xE000ED2C)
#define BFAR REG(0xE000ED38)
#define CPACR REG(0xE000ED88)

static inline void settle(void) { __asm volatile("dsb\nisb" ::: "memory"); }
static inline void mask(void) { __asm volatile("cpsid i" ::: "memory"); }
static inline void unmask(void) { __asm volatile("cpsie i\nisb" ::: "memory"); }
static inline void mask_faults(void) { __asm volatile("cpsid f" ::: "memory"); }
static inline void unmask_faults(void) { __asm volatile("cpsie f\nisb" ::: "memory"); }
static inline void set_basepri(uint32_t value) { __asm volatile("msr basepri, %0\nisb" ::"r"(value) : "memory"); }
static inline void raise_basepri(uint32_t value) { __asm volatile("msr basepri_max, %0\nisb" ::"r"(value) : "memory"); }

// What handlers saw.
static char order[16];
static volatile uint32_t order_length;
static volatile uint32_t seen_return, seen_ipsr, seen_control, seen_icsr, seen_sp;
static uint32_t *volatile seen_frame;
static uint32_t frame_copy[8];
static volatile uint32_t faults, fault_status, fault_hard, fault_address, fault_pc, skip;
static volatile uint32_t ticks;
static void (*volatile inside_20)(void), (*volatile inside_svc)(void);

static void note(char what) {
  if (order_length < sizeof order - 1) order[order_length++] = what;
  order[order_length] = 0;
}

static void forget(void) { order_length = 0, order[0] = 0, inside_20 = NULL, inside_svc = NULL; }

static bool ordered(const char *expected) {
  const char *a = expected, *b = order;
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static void pend(uint32_t irq) { REG(0xE000E200) = 1u << irq; }
static void pend_now(uint32_t irq) { pend(irq), settle(); }
static uint32_t special(void) {
  uint32_t value;
  __asm volatile("mrs %0, control" : "=r"(value));
  return value;
}
static void set_control(uint32_t value) { __asm volatile("msr control, %0\nisb" ::"r"(value) : "memory"); }
static uint32_t ipsr(void) {
  uint32_t value;
  __asm volatile("mrs %0, ipsr" : "=r"(value));
  return value;
}

// Every handler enters with the frame in r0 and EXC_RETURN in r1.
#define HANDLER(name, body)                                                \
  __attribute__((used)) void body(uint32_t *frame, uint32_t return_value); \
  __attribute__((naked)) void name(void) {                                 \
    __asm volatile(                                                        \
        "tst lr, #4\nite eq\nmrseq r0, msp\nmrsne r0, psp\nmov "           \
        "r1, lr\npush {r4, lr}\nbl " #body "\npop {r4, pc}");              \
  }

static void look(uint32_t *frame, uint32_t return_value) {
  seen_frame = frame, seen_return = return_value, seen_ipsr = ipsr(), seen_control = special(), seen_icsr = ICSR;
  seen_sp = (uint32_t)__builtin_frame_address(0);
}

HANDLER(svc_entry, on_svc)
void on_svc(uint32_t *frame, uint32_t return_value) {
  look(frame, return_value);
  for (int i = 0; i < 8; i++) frame_copy[i] = frame[i];
  frame[0] = frame[0] + frame[1];
  note('s');
  if (inside_svc) inside_svc();
  note('S');
}

HANDLER(irq20_entry, on_irq20)
void on_irq20(uint32_t *frame, uint32_t return_value) {
  look(frame, return_value);
  note('a');
  if (inside_20) inside_20();
  note('A');
}

HANDLER(irq21_entry, on_irq21)
void on_irq21(uint32_t *frame, uint32_t return_value) { look(frame, return_value), note('b'); }
HANDLER(irq22_entry, on_irq22)
void on_irq22(uint32_t *frame, uint32_t return_value) { (void)frame, (void)return_value, note('c'); }
HANDLER(pendsv_entry, on_pendsv)
void on_pendsv(uint32_t *frame, uint32_t return_value) { (void)frame, (void)return_value, note('p'); }
HANDLER(nmi_entry, on_nmi)
void on_nmi(uint32_t *frame, uint32_t return_value) { (void)frame, (void)return_value, note('n'); }

// Clobbers every floating point register: what was in them must come back.
HANDLER(irq23_entry, on_irq23)
void on_irq23(uint32_t *frame, uint32_t return_value) {
  look(frame, return_value);
  __asm volatile(
      "vmov.f32 s0, #1.0\nvmov.f32 s1, #2.0\nvmov.f32 s7, "
      "#3.0\nvmov.f32 s14, #4.0\nvmov.f32 s15, #5.0\n"
      "vcmp.f32 s0, s1" ::
          : "s0", "s1", "s7", "s14", "s15");
}

HANDLER(fault_entry, on_fault)
void on_fault(uint32_t *frame, uint32_t return_value) {
  look(frame, return_value);
  faults++, fault_status = CFSR, fault_hard = HFSR, fault_address = BFAR, fault_pc = frame[6];
  CFSR = CFSR, HFSR = HFSR;
  if (skip)
    frame[6] += skip, frame[7] |= 1u << 24;
  else
    frame[6] = frame[5] & ~1u, frame[7] |= 1u << 24;  // back to the caller
}

void systick_entry(void) {
  if (++ticks == 3) SCR = 0;
}

void Reset_Handler(void);
static const void *const vectors[16 + 48] __attribute__((section(".vectors"), used)) = {
    [0] = (void *)0x20010000, [1] = Reset_Handler,    [2] = nmi_entry,         [3] = fault_entry,
    [4] = fault_entry,        [5] = fault_entry,      [6] = fault_entry,       [11] = svc_entry,
    [14] = pendsv_entry,      [15] = systick_entry,   [16 + 20] = irq20_entry, [16 + 21] = irq21_entry,
    [16 + 22] = irq22_entry,  [16 + 23] = irq23_entry};

__attribute__((noinline)) static uint32_t call_svc(uint32_t a, uint32_t b) {
  register uint32_t r0 __asm("r0") = a, r1 __asm("r1") = b;
  __asm volatile("svc 7" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static void supervisor_calls(void) {
  forget();
  uint32_t sum = call_svc(30, 12);
  check("SVC runs its handler", ordered("sS") && seen_ipsr == 11);
  check("EXC_RETURN to thread on the main stack", seen_return == 0xFFFFFFF9);
  check("the frame holds the caller's registers", frame_copy[0] == 30 && frame_copy[1] == 12);
  check("the frame's PC is after the SVC", (*(uint16_t *)(frame_copy[6] - 2)) == 0xDF07);
  check("a handler changes a register through the frame", sum == 42);
  check("thread mode again after return", ipsr() == 0);

  forget();
  uint32_t before, after;
  __asm volatile("mov %0, sp\nsub sp, #4\nsvc 0\nadd sp, #4\nmov %1, sp" : "=&r"(before), "=&r"(after)::"r0", "memory");
  check("the stack is aligned to 8 on entry and put back", before == after && ((uint32_t)seen_frame & 7) == 0);
  check("the frame says that it was padded", ((before - 4) & 4 ? 1u : 0u) == (seen_frame[7] >> 9 & 1));
}

static void pend_pendsv(void) { ICSR = 1u << 28, settle(); }
static void pend_21(void) { pend_now(21); }
static void pend_22(void) { pend_now(22); }
static void pend_22_and_21(void) { pend(22), pend_now(21); }

static void priorities(void) {
  forget(), inside_svc = pend_pendsv, call_svc(0, 0);
  check("PendSV waits for SVC and tail-chains", ordered("sSp"));
  forget(), inside_20 = pend_21, pend_now(20);
  check("a higher priority preempts", ordered("abA") && seen_return == 0xFFFFFFF1);
  forget(), inside_20 = pend_22, pend_now(20);
  check("an equal priority waits", ordered("aAc"));
  forget(), inside_20 = pend_22_and_21, pend_now(20);
  check("of two pending the higher one preempts first", ordered("abAc"));
  AIRCR = 0x05FA0700, settle();
  forget(), inside_20 = pend_21, pend_now(20);
  check("without group bits nothing preempts", ordered("aAb"));
  forget(), mask(), pend(22), pend(21), pend(20), settle();
  unmask();
  check("sub-priorities order what is pending", ordered("baAc"));
  AIRCR = 0x05FA0000, settle();
  BYTE(0xE000E400 + 20) = 0x9F;
  check("unimplemented priority bits read as zero", BYTE(0xE000E400 + 20) == 0x80);
  REG(0xE000E180) = 1u << 20;
  forget(), pend_now(20);
  check("a disabled interrupt stays pending", ordered("") && REG(0xE000E200) >> 20 & 1);
  REG(0xE000E100) = 1u << 20, settle();
  check("and runs when enabled", ordered("aA"));
  mask();
  forget(), pend(20), settle();
  check("ICSR shows what is pending", (ICSR >> 12 & 0x1FF) == 16 + 20 && (ICSR >> 22 & 1));
  REG(0xE000E280) = 1u << 20, settle();
  unmask();
  check("a pending interrupt can be taken back", ordered(""));
  forget(), pend_now(20);
  check("ICSR shows what is active, alone", (seen_icsr & 0x1FF) == 16 + 20 && (seen_icsr >> 11 & 1));
  forget(), REG(0xE000EF00) = 20, settle();
  check("STIR triggers an interrupt", ordered("aA"));
}

static void masks(void) {
  forget(), mask(), pend_now(20);
  check("PRIMASK holds an interrupt back", ordered(""));
  __asm volatile("wfi");
  check("WFI wakes for an interrupt that PRIMASK holds back", ordered(""));
  unmask();
  check("which runs once PRIMASK is clear", ordered("aA"));
  forget(), set_basepri(0x80), pend(20), pend_now(21);
  check("BASEPRI lets only higher priorities through", ordered("b"));
  raise_basepri(0xC0), settle();
  check("BASEPRI_MAX does not lower", ordered("b"));
  set_basepri(0);
  check("BASEPRI 0 masks nothing", ordered("baA"));
  forget(), mask_faults(), pend_now(21);
  check("FAULTMASK holds everything back", ordered(""));
  ICSR = 1u << 31, settle();
  check("except NMI", ordered("n"));
  unmask_faults();
  check("until it is cleared", ordered("nb"));
}

static void sleeping(void) {
  uint32_t marker = 1;
  __asm volatile("wfe\nyield\nsev\nadd %0, #1" : "+r"(marker));
  check("hints do nothing", marker == 2);
  forget(), ticks = 0;
  REG(0xE000E014) = 6000, REG(0xE000E018) = 0, REG(0xE000E010) = 7;
  SCR = 2;
  pend_now(20);  // and back to sleep, each time a tick has been handled
  bool slept = ticks >= 3;
  SCR = 0, REG(0xE000E010) = 0;
  check("SLEEPONEXIT sleeps again after each handler", slept && ordered("aA"));
}

static uint32_t process_stack[64] __attribute__((aligned(8)));

static void make_privileged(void) { set_control(special() & ~1u); }

static void stacks(void) {
  __asm volatile("msr psp, %0" ::"r"(process_stack + 64));
  forget();
  uint32_t msp, sum;
  __asm volatile("mrs %0, msp" : "=r"(msp));
  // On the process stack nothing but registers may be used.
  __asm volatile(
      "mov r3, #2\nmsr control, r3\nisb\nmov r0, #3\nmov r1, "
      "#4\nsvc 0\nmov r2, r0\nmov r3, #0\nmsr control, "
      "r3\nisb\nmov %0, r2"
      : "=r"(sum)::"r0", "r1", "r2", "r3", "memory");
  check("a thread on the process stack: frame there", (uint32_t)seen_frame == (uint32_t)(process_stack + 64) - 32);
  check("a thread on the process stack: EXC_RETURN", seen_return == 0xFFFFFFFD && sum == 7);
  check("its handler runs on the main stack", msp - seen_sp < 256);
  check("CONTROL.SPSEL reads 0 in the handler", (seen_control & 2) == 0);

  forget(), inside_svc = make_privileged;
  set_control(1);
  mask();
  uint32_t primask;
  __asm volatile("mrs %0, primask" : "=r"(primask));
  set_control(0);
  bool still = special() & 1;
  call_svc(0, 0);
  check("unprivileged code cannot mask or raise itself", !primask && still);
  check("a handler can", (special() & 1) == 0);
}

static void floats(void) {
  CPACR |= 0xFu << 20, settle();
  set_control(0);
  check("no floating point context at first", (special() & 4) == 0);
  uint32_t after[5], status, frame_status;
  __asm volatile(
      "vmov.f32 s0, #10.0\nvmov.f32 s1, #11.0\nvmov.f32 s7, "
      "#12.0\nvmov.f32 s14, #13.0\nvmov.f32 s15, #14.0\n"
      "vcmp.f32 s1, s0\n"
      "str %2, [%1]\ndsb\nisb\n"
      "vmrs %0, fpscr\nvstr s0, [%3]\nvstr s1, [%3, #4]\nvstr s7, "
      "[%3, #8]\nvstr s14, [%3, #12]\nvstr s15, [%3, #16]"
      : "=&r"(status)
      : "r"(0xE000E200), "r"(1u << 23), "r"(after)
      : "memory", "s0", "s1", "s7", "s14", "s15");
  frame_status = seen_return;
  const float *values = (const float *)after;
  check("floats survive a handler that uses floats",
        values[0] == 10 && values[1] == 11 && values[2] == 12 && values[3] == 13 && values[4] == 14);
  check("FPSCR survives too", status >> 28 == 2);
  check("EXC_RETURN tells of the long frame", frame_status == 0xFFFFFFE9);
  check("the handler began without floating point context", (seen_control & 4) == 0);
  check("the context is active again after return", special() & 4);
  set_control(0);
  forget(), pend_now(20);
  check("without context the frame is short", seen_return == 0xFFFFFFF9);
}

__attribute__((noinline, naked)) static void undefined(void) { __asm volatile("udf #1\nbx lr"); }
__attribute__((noinline, naked)) static void read_nothing(void) {
  __asm volatile("ldr.w r0, =0x60000124\nldr r1, [r0, #4]\nbx lr\n.align 2\n.ltorg");
}
__attribute__((noinline, naked)) static void use_float(void) { __asm volatile("mov r0, #1\nvmov s0, r0\nbx lr"); }
__attribute__((noinline, naked)) static void jump_even(void) { __asm volatile("mov r0, #0x100\nbx r0"); }
__attribute__((noinline, naked)) static void write_nothing(void) {
  __asm volatile("ldr.w r0, =0x60000148\nmov.w r1, #4\nstrd r0, r1, [r0, #-8]\nbx lr\n.align 2\n.ltorg");
}
__attribute__((noinline, naked)) static void jump_nowhere(void) {
  __asm volatile("ldr r0, =0x60000001\nbx r0\n.align 2\n.ltorg");
}
__attribute__((noinline, naked)) static void jump_device(void) {
  __asm volatile("ldr r0, =0x40000001\nbx r0\n.align 2\n.ltorg");
}

static void fault_with(void (*cause)(void), uint32_t skipped) { faults = 0, skip = skipped, cause(); }

static void fault_kinds(void) {
  SHCSR |= 7u << 16;
  fault_with(undefined, 2);
  check("undefined instruction: UsageFault", faults == 1 && seen_ipsr == 6 && fault_status == 1u << 16);
  check("its frame's PC is the instruction", fault_pc == ((uint32_t)undefined & ~1u));
  fault_with(read_nothing, 2);
  check("load from nothing: BusFault", faults == 1 && seen_ipsr == 5 && fault_status == (1u << 9 | 1u << 15));
  check("with its address and PC", fault_address == 0x60000128 && fault_pc == ((uint32_t)read_nothing & ~1u) + 4);
  fault_with(write_nothing, 4);
  check("store to nothing: BusFault with its address", faults == 1 && seen_ipsr == 5 && fault_address == 0x60000140);
  check("at the store", fault_pc == ((uint32_t)write_nothing & ~1u) + 8);
  fault_with(jump_even, 0);
  check("branch to an even address: UsageFault", faults == 1 && seen_ipsr == 6 && fault_status == 1u << 17);
  fault_with(jump_nowhere, 0);
  check("execution of nothing: BusFault", faults == 1 && seen_ipsr == 5 && fault_status == 1u << 8);
  fault_with(jump_device, 0);
  check("execution of a device: MemManage", faults == 1 && seen_ipsr == 4 && fault_status == 1u << 0);
  CPACR = 0, settle();
  fault_with(use_float, 4);
  check("floats while the FPU is off: UsageFault", faults == 1 && seen_ipsr == 6 && fault_status == 1u << 19);
  check("at the float instruction", fault_pc == ((uint32_t)use_float & ~1u) + 4);
  CPACR |= 0xFu << 20, settle();
  SHCSR &= ~(7u << 16);
  fault_with(read_nothing, 2);
  check("a fault that is not enabled is a HardFault", faults == 1 && seen_ipsr == 3 && fault_hard == 1u << 30);
  mask();
  fault_with(undefined, 2);
  unmask();
  check("so is one under PRIMASK", faults == 1 && seen_ipsr == 3 && fault_hard == 1u << 30);
}

static uint32_t ram_vectors[64] __attribute__((aligned(256)));
static void other_handler(void) { note('o'); }

static void vector_table(void) {
  for (int i = 0; i < 64; i++) ram_vectors[i] = (uint32_t)vectors[i];
  ram_vectors[16 + 20] = (uint32_t)other_handler;
  VTOR = (uint32_t)ram_vectors, settle();
  forget(), pend_now(20);
  check("the vector table moves with VTOR", ordered("o"));
  VTOR = 0, settle();
}

// Ticks hit every instruction of these IT blocks; a lost IT state would change
// the sums.
__attribute__((noinline)) static uint32_t conditional_sums(uint32_t rounds) {
  uint32_t a = 1, b = 2, sum = 0;
  for (uint32_t i = 0; i < rounds; i++) {
    __asm volatile(
        "cmp %0, %1\nittee hi\naddhi %2, #3\nsubhi %0, %0, %1\naddls %2, "
        "#5\nsubls %1, %1, %0\n"
        "tst %2, #1\nitt ne\naddne %0, %0, %2, lsl #1\nusatne %1, #20, %1\n"
        "tst %2, #4\nittt eq\naddeq %1, #7\neoreq %0, %0, %1, lsr #3\naddeq "
        "%2, #1"
        : "+r"(a), "+r"(b), "+r"(sum)::"cc");
  }
  return a * 31 + b * 17 + sum;
}

// The first touch of a page makes the engine look it up in the middle of an IT
// block.
static uint8_t pages[40 * 1024];
__attribute__((noinline)) static uint32_t touch_conditionally(void) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < sizeof pages; i += 512) {
    uint32_t got = 100;
    __asm volatile(
        "cmp %1, #0\nittee ne\nldrbne %0, [%2]\naddne %0, #1\nmoveq %0, "
        "#1\naddeq %0, #8\n"
        "tst %1, #1024\nite ne\nstrbne %1, [%2, #256]\nstrbeq %0, [%2, #256]"
        : "+r"(got)
        : "r"(i), "r"(&pages[i])
        : "cc", "memory");
    sum = sum * 31 + got + pages[i + 256];
  }
  return sum;
}

static uint32_t touch_as_expected(void) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < sizeof pages; i += 512) {
    uint32_t got = i ? 1 : 9;
    sum = sum * 31 + got + (uint8_t)(i & 1024 ? i : got);
  }
  return sum;
}

static void interrupted_conditions(void) {
  check("IT blocks survive first touches of memory", touch_conditionally() == touch_as_expected());
  uint32_t undisturbed = conditional_sums(4000);
  ticks = 0, REG(0xE000E014) = 61, REG(0xE000E018) = 0, REG(0xE000E010) = 7;
  uint32_t disturbed = conditional_sums(4000);
  REG(0xE000E010) = 0;
  check("IT blocks survive interrupts at any instruction", disturbed == undisturbed);
  check("SysTick interrupts", ticks > 100);
  REG(0xE000E018) = 0, REG(0xE000E010) = 5;
  while (!(REG(0xE000E010) >> 16 & 1)) {
  }
  REG(0xE000E010) = 0;
  check("COUNTFLAG is cleared by reading", !(REG(0xE000E010) >> 16 & 1));
}

// Code that is copied to RAM, interrupted there, and changed.
static uint16_t code[512] __attribute__((aligned(4)));

static void code_in_ram(void) {
  const uint16_t *flash = (const uint16_t *)((uint32_t)conditional_sums & ~1u);
  for (int i = 0; i < 512; i++) code[i] = flash[i];
  settle();
  uint32_t (*sums)(uint32_t) = (uint32_t (*)(uint32_t))((uint32_t)code | 1);
  uint32_t undisturbed = conditional_sums(1000);
  ticks = 3, REG(0xE000E014) = 61, REG(0xE000E018) = 0, REG(0xE000E010) = 7;
  uint32_t disturbed = sums(1000);
  REG(0xE000E010) = 0;
  check("code in RAM survives interrupts", disturbed == undisturbed);

  uint32_t (*number)(void) = (uint32_t (*)(void))((uint32_t)code | 1);
  uint32_t sum = 0;
  for (int i = 0; i < 10; i++) {
    code[0] = 0x2000 + i, code[1] = 0x4770;  // movs r0, #i; bx lr
    settle();
    sum = 10 * sum + number();
  }
  check("changed code in RAM is seen", sum == 123456789);
}

void Reset_Handler(void) {
  check("CPUID is a Cortex-M4", (REG(0xE000ED00) & 0xFF00FFF0) == 0x4100C240);
  BYTE(0xE000E400 + 20) = 0x80, BYTE(0xE000E400 + 21) = 0x40, BYTE(0xE000E400 + 22) = 0x80,
                    BYTE(0xE000E400 + 23) = 0x80;
  BYTE(0xE000ED1F) = 0x40, BYTE(0xE000ED22) = 0xE0, BYTE(0xE000ED23) = 0xC0;
  check("system priorities are bytes", REG(0xE000ED20) == 0xC0E00000 && REG(0xE000ED1C) == 0x40000000);
  REG(0xE000E100) = 0xFu << 20;
  supervisor_calls();
  priorities();
  masks();
  sleeping();
  stacks();
  floats();
  fault_kinds();
  vector_table();
  interrupted_conditions();
  code_in_ram();
  finished();
  for (;;) __asm volatile("wfi");
}
