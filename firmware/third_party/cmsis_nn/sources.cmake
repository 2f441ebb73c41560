# CMSIS-NN as lists: sources, include folders, definitions.
#   LAB_KERNELS_ROOT   folder that holds Include/arm_nnfunctions.h: the package bakenn's, or an upstream tree
#   LAB_KERNELS_EXTRA  folder with the CMSIS core headers, which CMSIS-NN took from elsewhere until 4.1

if(NOT EXISTS ${LAB_KERNELS_ROOT}/Include/arm_nnfunctions.h)
  message(FATAL_ERROR "LAB_KERNELS_ROOT is wrong: there is no ${LAB_KERNELS_ROOT}/Include/arm_nnfunctions.h")
endif()
file(GLOB LAB_KERNELS_SOURCES CONFIGURE_DEPENDS ${LAB_KERNELS_ROOT}/Source/*Functions/*.c)
list(FILTER LAB_KERNELS_SOURCES EXCLUDE REGEX "_(f16|f32)\\.c$")
set(LAB_KERNELS_INCLUDES ${LAB_KERNELS_ROOT}/Include ${LAB_KERNELS_EXTRA})
# Not CMSIS_NN_USE_SINGLE_ROUNDING: TFLM rounds twice, and so does CMSIS-NN without it.
set(LAB_KERNELS_DEFINITIONS)
