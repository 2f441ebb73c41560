// What prints, and what waits for input. ESP-IDF: rom/ets_sys.h, rom/uart.h. Like the chip's ROM it prints on UART0 and
// on USB; a line feed becomes carriage return and line feed.

#include "rom.h"

enum { FIFO = 0x00, STATUS = 0x1C, ROOM = 126 };
enum { EP1 = 0x00, EP1_CONF = 0x04, WRITTEN = 1, FREE = 2, RECEIVED = 4 };

static void (*sinks[2])(char);
static uint32_t channel;  // of uart_tx_one_char: UART0, UART1, then USB
static uint32_t device[16];

static uint32_t uart(uint32_t number) { return UART0 + (number & 1) * 0x10000; }

static uint32_t waiting(uint32_t number) { return *at(uart(number) + STATUS) >> 16 & 0x3FF; }

static void send(uint32_t number, uint8_t c) {
  while (waiting(number) >= ROOM) {
  }
  *at(uart(number) + FIFO) = c;
}

void usb_uart_tx_flush(void) { *at(USB_SERIAL_JTAG + EP1_CONF) = WRITTEN; }

uint8_t usb_uart_tx_one_char(uint8_t c) {
  if (!(*at(USB_SERIAL_JTAG + EP1_CONF) & FREE)) return 1;
  *at(USB_SERIAL_JTAG + EP1) = c;
  if (c == '\n') usb_uart_tx_flush();
  return 0;
}

uint8_t usb_uart_rx_one_char(uint8_t *c) {
  if (!(*at(USB_SERIAL_JTAG + EP1_CONF) & RECEIVED)) return 1;
  *c = *at(USB_SERIAL_JTAG + EP1);
  return 0;
}

uint8_t usb_uart_rx_one_char_block(void) {
  uint8_t c;
  while (usb_uart_rx_one_char(&c)) {
  }
  return c;
}

uint8_t uart_tx_one_char(uint8_t c) {
  if (channel > 1) return usb_uart_tx_one_char(c);
  send(channel, c);
  return 0;
}

uint8_t uart_tx_one_char2(uint8_t c) { return uart_tx_one_char(c); }

uint8_t uart_rx_one_char(uint8_t *c) {
  if (channel > 1) return usb_uart_rx_one_char(c);
  if (!(*at(uart(channel) + STATUS) & 0x3FF)) return 1;
  *c = *at(uart(channel) + FIFO);
  return 0;
}

char uart_rx_one_char_block(void) {
  uint8_t c;
  while (uart_rx_one_char(&c)) {
  }
  return c;
}

void uart_tx_flush(uint8_t number) {
  while (waiting(number)) {
  }
}

void uart_tx_wait_idle(uint8_t number) { uart_tx_flush(number); }

void uartAttach(void *buffer) { (void)buffer; }
void Uart_Init(uint8_t number, uint32_t clock) { (void)number, (void)clock; }
void uart_div_modify(uint8_t number, uint32_t divider) {
  *at(uart(number) + 0x14) = divider >> 4 | (divider & 15) << 20;
}
void *GetUartDevice(void) { return device; }
uint8_t ets_get_printf_channel(void) { return channel; }
int ets_is_print_boot(void) { return 1; }

static void print_on_uart(char c) {
  if (c == '\r') return;
  if (c == '\n') uart_tx_one_char('\r');
  uart_tx_one_char(c);
}

void ets_install_putc1(void (*sink)(char)) { sinks[0] = sink; }
void ets_install_putc2(void (*sink)(char)) { sinks[1] = sink; }
void ets_install_uart_printf(void) { sinks[0] = print_on_uart; }
void ets_install_lock(void (*lock)(void), void (*unlock)(void)) { (void)lock, (void)unlock; }

void put_character(char c) {
  if (!sinks[0] && !sinks[1]) print_on_uart(c);
  for (int i = 0; i < 2; i++) {
    if (sinks[i]) sinks[i](c);
  }
}

struct field {
  bool left, zero, plus;
  int width, precision;
  int count;
};

static void pad(struct field *field, int size, char c) {
  for (; field->width > size; field->width--, field->count++) put_character(c);
}

static void put_text(struct field *field, const char *text) {
  int size = 0;
  while (text[size] && (field->precision < 0 || size < field->precision)) size++;
  if (!field->left) pad(field, size, ' ');
  for (int i = 0; i < size; i++, field->count++) put_character(text[i]);
  field->width -= size;
  if (field->left) pad(field, 0, ' ');
}

static void put_number(struct field *field, uint64_t value, uint32_t base, bool capital, const char *sign) {
  char digits[24];
  int used = 0, least = field->precision < 0 ? 1 : field->precision, signs = sign[0] != 0;
  for (; value; value = divide(value, base, NULL)) {
    uint64_t digit;
    divide(value, base, &digit);
    digits[used++] = digit < 10 ? '0' + digit : (capital ? 'A' : 'a') + digit - 10;
  }
  while (used < least && used < (int)sizeof digits) digits[used++] = '0';
  if (!field->left && !field->zero) pad(field, used + signs, ' ');
  for (int i = 0; i < signs; i++, field->count++) put_character(sign[0]);
  if (!field->left && field->zero) pad(field, used + signs, '0');
  field->width -= used + signs;
  for (; used; field->count++) put_character(digits[--used]);
  if (field->left) pad(field, 0, ' ');
}

static int number_in(const char **format, va_list *arguments) {
  int value = 0;
  if (**format == '*') {
    ++*format;
    return va_arg(*arguments, int);
  }
  for (; **format >= '0' && **format <= '9'; ++*format) value = 10 * value + **format - '0';
  return value;
}

static const char *read_flags(const char *format, struct field *field) {
  for (;; format++) {
    if (*format == '-') {
      field->left = true;
    } else if (*format == '0') {
      field->zero = true;
    } else if (*format == '+') {
      field->plus = true;
    } else if (*format != '#' && *format != ' ') {
      return format;
    }
  }
}

// One conversion: `format` is behind its sign of percent. What follows it.
static const char *convert(const char *format, va_list *arguments, struct field *field) {
  int longs = 0;
  format = read_flags(format, field);
  field->width = number_in(&format, arguments);
  field->precision = -1;
  if (*format == '.') {
    format++;
    field->precision = number_in(&format, arguments);
  }
  for (; *format == 'l' || *format == 'h' || *format == 'z'; format++) longs += *format == 'l';
  char text[2] = {0};
  int64_t value;
  switch (*format) {
    case 0:
      return format;
    case 'd':
    case 'i':
      value = longs > 1 ? va_arg(*arguments, int64_t) : va_arg(*arguments, int32_t);
      put_number(field, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, false,
                 value < 0     ? "-"
                 : field->plus ? "+"
                               : "");
      break;
    case 'u':
    case 'x':
    case 'X':
    case 'b':
      value = longs > 1 ? va_arg(*arguments, uint64_t) : va_arg(*arguments, uint32_t);
      put_number(field, value, *format == 'u' ? 10 : *format == 'b' ? 2 : 16, *format == 'X', "");
      break;
    case 'p':
      put_character('0'), put_character('x');
      field->count += 2;
      put_number(field, va_arg(*arguments, uint32_t), 16, false, "");
      break;
    case 's': {
      const char *string = va_arg(*arguments, const char *);
      put_text(field, string ? string : "(null)");
      break;
    }
    case 'c':
      text[0] = va_arg(*arguments, int);
      put_text(field, text);
      break;
    default:
      text[0] = *format;
      put_text(field, text);
  }
  return format + 1;
}

int ets_printf(const char *format, ...) {
  va_list arguments;
  int count = 0;
  va_start(arguments, format);
  while (*format) {
    if (*format != '%') {
      put_character(*format++);
      count++;
      continue;
    }
    struct field field = {0};
    format = convert(format + 1, &arguments, &field);
    count += field.count;
  }
  va_end(arguments);
  return count;
}
