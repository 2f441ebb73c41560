# Arduino Nano 33 BLE. The image starts at address 0: flash it over SWD, it takes the place of the USB bootloader.
set(LAB_LINKER_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/nano33ble.ld)
file(GLOB LAB_BOARD_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cc
     ${CMAKE_CURRENT_LIST_DIR}/../../cores/cortex_m/*.cc)
