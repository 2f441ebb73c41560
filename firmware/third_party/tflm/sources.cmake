# TFLM and its audio frontend as lists: sources, include folders, definitions. Serves both layouts that exist, the
# tfmicro crate of 2020 and a tree that upstream's create_tflm_tree.py writes today.
# Needs LAB_TFLM_ROOT, the folder that holds tensorflow/lite/micro.

set(_lite ${LAB_TFLM_ROOT}/tensorflow/lite)
set(_frontend ${_lite}/experimental/microfrontend/lib)
foreach(file ${_lite}/micro/micro_interpreter.h ${_frontend}/frontend.c)
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "LAB_TFLM_ROOT (${LAB_TFLM_ROOT}) holds no TFLM with its audio frontend: ${file} is missing")
  endif()
endforeach()

# Third-party code lies under micro/tools/make/downloads in the crate, under third_party in a generated tree.
function(lab_third_party out name)
  foreach(folder ${LAB_TFLM_ROOT}/third_party/${name} ${_lite}/micro/tools/make/downloads/${name})
    if(EXISTS ${folder})
      set(${out} ${folder} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "LAB_TFLM_ROOT (${LAB_TFLM_ROOT}) has no copy of ${name}, which TFLM needs")
endfunction()
lab_third_party(_flatbuffers flatbuffers)
lab_third_party(_gemmlowp gemmlowp)
lab_third_party(_ruy ruy)
lab_third_party(_kissfft kissfft)

set(LAB_TFLM_INCLUDES ${LAB_TFLM_ROOT} ${_flatbuffers}/include ${_gemmlowp} ${_ruy} ${_kissfft} ${_kissfft}/tools)
if(EXISTS ${_lite}/micro/tools/make/downloads)
  list(APPEND LAB_TFLM_INCLUDES ${_lite}/micro/tools/make/downloads)
endif()

# NDEBUG is not about speed: a too strict check of the crate's int8 ADD ends in an endless loop without it.
set(LAB_TFLM_DEFINITIONS
    NDEBUG
    TF_LITE_STATIC_MEMORY
    TF_LITE_MCU_DEBUG_LOG
    GEMMLOWP_ALLOW_SLOW_SCALAR_FALLBACK
    FIXED_POINT=16)

file(GLOB LAB_FRONTEND_SOURCES CONFIGURE_DEPENDS ${_frontend}/*.c ${_frontend}/*.cc)
list(FILTER LAB_FRONTEND_SOURCES EXCLUDE REGEX "_(test|main|memmap_generator|io)\\.(c|cc)$")
if(EXISTS ${_frontend}/kiss_fft_int16.cc)
  set(LAB_TFLM_IS_CRATE OFF)
else()
  set(LAB_TFLM_IS_CRATE ON)
  list(APPEND LAB_FRONTEND_SOURCES ${_kissfft}/kiss_fft.c ${_kissfft}/tools/kiss_fftr.c)
endif()

if(LAB_TFLM_IS_CRATE)
  file(GLOB LAB_TFLM_SOURCES CONFIGURE_DEPENDS ${_lite}/micro/*.cc ${_lite}/micro/kernels/*.cc
       ${_lite}/micro/memory_planner/*.cc)
  list(APPEND LAB_TFLM_SOURCES
       ${_lite}/c/common.c
       ${_lite}/core/api/error_reporter.cc
       ${_lite}/core/api/flatbuffer_conversions.cc
       ${_lite}/core/api/op_resolver.cc
       ${_lite}/core/api/tensor_utils.cc
       ${_lite}/kernels/internal/quantization_util.cc
       ${_lite}/kernels/kernel_util.cc)
else()
  # A generated tree holds what TFLM needs and little else; what is left out here is for hosts and for tests.
  file(GLOB LAB_TFLM_SOURCES CONFIGURE_DEPENDS ${_lite}/micro/*.cc ${_lite}/micro/arena_allocator/*.cc
       ${_lite}/micro/kernels/*.cc ${_lite}/micro/memory_planner/*.cc ${_lite}/micro/tflite_bridge/*.cc
       ${_lite}/core/c/*.cc ${_lite}/core/api/*.cc ${_lite}/kernels/*.cc ${_lite}/kernels/internal/*.cc
       ${_lite}/kernels/internal/reference/*.cc ${_lite}/schema/*.cc)
  file(GLOB_RECURSE _signal CONFIGURE_DEPENDS ${LAB_TFLM_ROOT}/signal/*.cc)
  list(APPEND LAB_TFLM_SOURCES ${_signal})
  file(GLOB _mlir CONFIGURE_DEPENDS ${LAB_TFLM_ROOT}/tensorflow/compiler/mlir/lite/core/api/*.cc
       ${LAB_TFLM_ROOT}/tensorflow/compiler/mlir/lite/schema/*.cc)
  list(APPEND LAB_TFLM_SOURCES ${_mlir})
endif()
list(FILTER LAB_TFLM_SOURCES EXCLUDE REGEX "test|/debug_log\\.cc$")
