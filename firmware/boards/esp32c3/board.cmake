# ESP32-C3: RV32IMC, code and constants in flash behind the cache. The ROM starts the image where it is (boot.cc).
set(LAB_SENSORS ${CMAKE_CURRENT_LIST_DIR}/sensors)
set(LAB_LINKER_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/esp32c3.ld)
file(GLOB LAB_BOARD_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cc
     ${CMAKE_CURRENT_LIST_DIR}/../../drivers/*.cc
     ${CMAKE_CURRENT_LIST_DIR}/../../cores/riscv/*.cc ${CMAKE_CURRENT_LIST_DIR}/../../cores/*.cc)
