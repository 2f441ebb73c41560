# What nRF52 boards share. A board adds board_map.h with its pins, and a linker script with its chip's memories.
file(GLOB LAB_BOARD_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cc
     ${CMAKE_CURRENT_LIST_DIR}/../../drivers/*.cc
     ${CMAKE_CURRENT_LIST_DIR}/../../cores/cortex_m/*.cc ${CMAKE_CURRENT_LIST_DIR}/../../cores/*.cc)
