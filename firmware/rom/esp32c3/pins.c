// Pins and interrupts. ESP-IDF: rom/gpio.h, rom/ets_sys.h, riscv/interrupt.h.

#include "rom.h"

enum { OUT = 0x04, OUT_SET = 0x08, OUT_CLEAR = 0x0C, ENABLE_SET = 0x24, ENABLE_CLEAR = 0x28, IN = 0x3C, PIN = 0x74 };
enum { FUNC_IN = 0x154, FUNC_OUT = 0x554, INVERT_IN = 1 << 5, BY_MATRIX = 1 << 6, INVERT_OUT = 1 << 8 };
enum { OUTPUT_OF_SIGNAL = 1 << 9, INVERT_ENABLE = 1 << 10, SIMPLE = 128, PULL_DOWN = 1 << 7, PULL_UP = 1 << 8 };
enum { INPUT = 1 << 9, DRIVE = 10, FUNCTION = 12, AS_GPIO = 1 };
enum { WAKEUP_ENABLE = 1 << 10, KIND = 7, WAKEUP = KIND << 7 | WAKEUP_ENABLE };
enum { INT_ENABLE = 0x104, INT_TYPE = 0x108, PRIORITY = 0x114, THRESHOLD = 0x194 };

static volatile uint32_t *pad(uint32_t pin) { return at(IO_MUX + 4 + 4 * pin); }

static void change(volatile uint32_t *word, uint32_t clear, uint32_t set) { *word = (*word & ~clear) | set; }

void rom_gpio_output_set(uint32_t set, uint32_t clear, uint32_t enable, uint32_t disable) {
  *at(GPIO + OUT_SET) = set;
  *at(GPIO + OUT_CLEAR) = clear;
  *at(GPIO + ENABLE_SET) = enable;
  *at(GPIO + ENABLE_CLEAR) = disable;
}

uint32_t rom_gpio_input_get(void) { return *at(GPIO + IN); }
void rom_gpio_output_enable(uint32_t pin) { *at(GPIO + ENABLE_SET) = 1u << pin; }
void rom_gpio_output_disable(uint32_t pin) { *at(GPIO + ENABLE_CLEAR) = 1u << pin; }

void rom_gpio_matrix_in(uint32_t pin, uint32_t signal, bool invert) {
  *at(GPIO + FUNC_IN + 4 * signal) = pin | (invert ? INVERT_IN : 0) | BY_MATRIX;
}

void rom_gpio_bypass_matrix_in(uint32_t signal, bool bypass) {
  change(at(GPIO + FUNC_IN + 4 * signal), BY_MATRIX, bypass ? 0 : BY_MATRIX);
}

void rom_gpio_matrix_out(uint32_t pin, uint32_t signal, bool invert, bool invert_enable) {
  *at(GPIO + FUNC_OUT + 4 * pin) = signal | (invert ? INVERT_OUT : 0) | (signal == SIMPLE ? OUTPUT_OF_SIGNAL : 0) |
                                   (invert_enable ? INVERT_ENABLE : 0);
  rom_gpio_output_enable(pin);
}

void rom_gpio_pad_select_gpio(uint32_t pin) { change(pad(pin), 7 << FUNCTION, AS_GPIO << FUNCTION); }
void rom_gpio_pad_set_drv(uint32_t pin, uint32_t drive) { change(pad(pin), 3 << DRIVE, (drive & 3) << DRIVE); }
void rom_gpio_pad_pullup(uint32_t pin) { change(pad(pin), PULL_DOWN, PULL_UP); }
void rom_gpio_pad_pulldown(uint32_t pin) { change(pad(pin), PULL_UP, PULL_DOWN); }
void rom_gpio_pad_input_enable(uint32_t pin) { change(pad(pin), 0, INPUT); }
void rom_gpio_pad_input_disable(uint32_t pin) { change(pad(pin), INPUT, 0); }
void rom_gpio_pad_hold(uint32_t pin) { (void)pin; }
void rom_gpio_pad_unhold(uint32_t pin) { (void)pin; }

void rom_gpio_pin_wakeup_enable(uint32_t pin, uint32_t kind) {
  change(at(GPIO + PIN + 4 * pin), WAKEUP, (kind & KIND) << 7 | WAKEUP_ENABLE);
}

void rom_gpio_pin_wakeup_disable(void) {
  for (int pin = 0; pin < 22; pin++) change(at(GPIO + PIN + 4 * pin), WAKEUP_ENABLE, 0);
}

void intr_matrix_set(int core, uint32_t source, uint32_t interrupt) {
  (void)core;
  *at(INTERRUPTS + 4 * source) = interrupt;
}

void esprv_intc_int_set_priority(int interrupt, int priority) { *at(INTERRUPTS + PRIORITY + 4 * interrupt) = priority; }
void esprv_intc_int_set_threshold(int threshold) { *at(INTERRUPTS + THRESHOLD) = threshold; }
void esprv_intc_int_enable(uint32_t mask) { change(at(INTERRUPTS + INT_ENABLE), 0, mask); }
void esprv_intc_int_disable(uint32_t mask) { change(at(INTERRUPTS + INT_ENABLE), mask, 0); }

void esprv_intc_int_set_type(int interrupt, int edge) {
  change(at(INTERRUPTS + INT_TYPE), 1u << interrupt, edge ? 1u << interrupt : 0);
}

void ets_isr_mask(uint32_t mask) { esprv_intc_int_disable(mask); }
void ets_isr_unmask(uint32_t mask) { esprv_intc_int_enable(mask); }
void ets_intr_lock(void) { __asm__ volatile("csrci mstatus, 8"); }
void ets_intr_unlock(void) { __asm__ volatile("csrsi mstatus, 8"); }

static struct {
  void (*call)(void *);
  void *argument;
} handlers[32];

void ets_isr_attach(int interrupt, void (*handler)(void *), void *argument) {
  handlers[interrupt & 31].call = handler;
  handlers[interrupt & 31].argument = argument;
}
