#pragma once

namespace esp32c3 {

// The three that guard a boot from flash and still run when the ROM hands over: of timer group 0, after a third of a
// second at 80 MHz, of low-power management, and the super watchdog beside it.
void stop_watchdogs();

}  // namespace esp32c3
