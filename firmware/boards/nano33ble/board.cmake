# Arduino Nano 33 BLE. The image starts at address 0: flash it over SWD, it takes the place of the USB bootloader.
include(${CMAKE_CURRENT_LIST_DIR}/../../families/nrf52/family.cmake)
set(LAB_SENSORS ${CMAKE_CURRENT_LIST_DIR}/../../families/nrf52/sensors)
set(LAB_LINKER_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/nano33ble.ld)
