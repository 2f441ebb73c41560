# STM32F746G-DISCO. The image starts where BOOT0 low boots from: flash it with the board's own debugger.
set(LAB_SENSORS ${CMAKE_CURRENT_LIST_DIR}/sensors)
set(LAB_LINKER_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/stm32f746g.ld)
file(GLOB LAB_BOARD_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cc
     ${CMAKE_CURRENT_LIST_DIR}/../../drivers/*.cc
     ${CMAKE_CURRENT_LIST_DIR}/../../cores/cortex_m/*.cc ${CMAKE_CURRENT_LIST_DIR}/../../cores/*.cc)
