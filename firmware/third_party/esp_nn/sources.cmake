# ESP-NN's plain C as lists: sources, include folders, definitions. The assembly for ESP32-S3 and ESP32-P4 stays out.
#   LAB_KERNELS_ROOT   folder that holds include/esp_nn.h: the package bakenn's, or an upstream tree

if(NOT EXISTS ${LAB_KERNELS_ROOT}/include/esp_nn.h)
  message(FATAL_ERROR "LAB_KERNELS_ROOT is wrong: there is no ${LAB_KERNELS_ROOT}/include/esp_nn.h")
endif()
file(GLOB LAB_KERNELS_SOURCES CONFIGURE_DEPENDS ${LAB_KERNELS_ROOT}/src/*/*_ansi.c ${LAB_KERNELS_ROOT}/src/*/*_opt.c)
set(LAB_KERNELS_INCLUDES ${LAB_KERNELS_ROOT}/include ${LAB_KERNELS_ROOT}/src/common)
# The generic C with loops unrolled. Not CONFIG_NN_SKIP_NUDGE: it rounds otherwise than TFLM does.
set(LAB_KERNELS_DEFINITIONS CONFIG_NN_OPTIMIZED=1)
