#pragma once

namespace esp32c3 {

// From the crystal, whose 40 MHz or half of it the ROM leaves the core, to 160 MHz of the PLL; the bus of the
// peripherals (APB) has 80 MHz then.
void start_clocks();

}  // namespace esp32c3
