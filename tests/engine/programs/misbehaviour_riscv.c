// RISC-V firmware that goes wrong in the way that MISBEHAVIOUR names; with -DHANDLER there is a trap handler.

#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

void work(void);
void finished(void);

__attribute__((naked, section(".init"), used)) void _start(void) {
  __asm volatile("lui sp, 0x80010\n call work\n call finished");
}

__attribute__((noinline)) void finished(void) {
  for (;;) __asm volatile("wfi");
}

static void print(const char *line) {
  for (; *line; line++) REG(0x10000000) = (uint8_t)*line;
}

void read_nothing(void) { (void)REG(0x60000014); }
void write_nothing(void) { REG(0x60000018) = 1; }
void run_nothing(void) { ((void (*)(void))0x60000000)(); }
void undefined(void) { __asm volatile(".word 0xffffffff"); }
void stop_for_debugger(void) { __asm volatile("ebreak"); }
void call_nobody(void) { __asm volatile("ecall"); }
void no_stack(void) { __asm volatile("mv sp, zero\n sw ra, -4(sp)"); }
void spin(void) {
  for (;;) {
  }
}

__attribute__((interrupt("machine"), aligned(4), used)) void on_trap(void) {
  print("fault handled\n");
  finished();
}

void work(void) {
#ifdef HANDLER
  __asm volatile("csrw mtvec, %0" ::"r"(on_trap));
#endif
  print("hello\n");
  MISBEHAVIOUR();
}
