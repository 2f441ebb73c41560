#pragma once

namespace esp32c3 {

// From the crystal's 40 MHz, on which the ROM leaves the core, to 160 MHz of the PLL; the bus of the peripherals (APB)
// has 80 MHz then.
void start_clocks();

}  // namespace esp32c3
