// What the ROM looks for at the beginning of flash: of an image that begins with these words it maps the first 4 MB of
// flash behind both buses, and jumps behind them. Direct boot: Espressif, esp32c3-direct-boot-example; chips from
// revision 0.3 on have it.
asm(R"(
  .section .text.head, "ax"
  .word 0xAEDB041D, 0xAEDB041D
  .text
)");
