#pragma once

namespace stm32f746g {

// Of the sensor that is linked: what it has to do once, when the board comes up, because it takes long.
void prepare_sensor();

}  // namespace stm32f746g
