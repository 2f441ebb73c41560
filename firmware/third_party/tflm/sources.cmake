# TFLM and its audio frontend as lists: sources, include folders, definitions. Serves both layouts of TFLM that exist,
# the tfmicro crate of 2020 and upstream's of today, with other projects in third_party as create_tflm_tree.py has them.
#   LAB_TFLM_ROOT      folder that holds tensorflow/lite/micro
#   LAB_FRONTEND_ROOT  folder that holds tensorflow/lite/experimental/microfrontend with kissfft: the crate. A tree of
#                      today has no frontend, and device and host must share one. LAB_TFLM_ROOT unless given.

if(NOT LAB_FRONTEND_ROOT)
  set(LAB_FRONTEND_ROOT ${LAB_TFLM_ROOT})
endif()
set(_lite ${LAB_TFLM_ROOT}/tensorflow/lite)
set(_frontend ${LAB_FRONTEND_ROOT}/tensorflow/lite/experimental/microfrontend/lib)
set(_crate_downloads tensorflow/lite/micro/tools/make/downloads)
foreach(file ${_lite}/micro/micro_interpreter.h ${_frontend}/frontend.c)
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "LAB_TFLM_ROOT or LAB_FRONTEND_ROOT is wrong: there is no ${file}")
  endif()
endforeach()

file(GLOB LAB_FRONTEND_SOURCES CONFIGURE_DEPENDS ${_frontend}/*.c ${_frontend}/*.cc)
list(FILTER LAB_FRONTEND_SOURCES EXCLUDE REGEX "_(test|main|memmap_generator|io)\\.(c|cc)$")
set(_kissfft ${LAB_FRONTEND_ROOT}/${_crate_downloads}/kissfft)
list(APPEND LAB_FRONTEND_SOURCES ${_kissfft}/kiss_fft.c ${_kissfft}/tools/kiss_fftr.c)
set(LAB_FRONTEND_INCLUDES ${LAB_FRONTEND_ROOT} ${_kissfft} ${_kissfft}/tools)
set(LAB_FRONTEND_DEFINITIONS FIXED_POINT=16 NDEBUG)

# NDEBUG is not about speed: a too strict check of the crate's int8 ADD ends in an endless loop without it.
set(LAB_TFLM_DEFINITIONS NDEBUG TF_LITE_STATIC_MEMORY TF_LITE_MCU_DEBUG_LOG GEMMLOWP_ALLOW_SLOW_SCALAR_FALLBACK)

if(EXISTS ${LAB_TFLM_ROOT}/${_crate_downloads})
  set(LAB_TFLM_IS_CRATE ON)
  set(_third_party ${LAB_TFLM_ROOT}/${_crate_downloads})
  set(_folders micro micro/kernels micro/memory_planner)
  set(LAB_TFLM_SOURCES
      ${_lite}/c/common.c
      ${_lite}/core/api/error_reporter.cc
      ${_lite}/core/api/flatbuffer_conversions.cc
      ${_lite}/core/api/op_resolver.cc
      ${_lite}/core/api/tensor_utils.cc
      ${_lite}/kernels/internal/quantization_util.cc
      ${_lite}/kernels/kernel_util.cc)
else()
  set(LAB_TFLM_IS_CRATE OFF)
  set(_third_party ${LAB_TFLM_ROOT}/third_party)
  set(_folders
      micro
      micro/arena_allocator
      micro/kernels
      micro/memory_planner
      micro/tflite_bridge
      core/api
      core/c
      kernels
      kernels/internal
      kernels/internal/reference)
  # Not what is below the kernels: other cores' own.
  file(GLOB LAB_TFLM_SOURCES CONFIGURE_DEPENDS ${LAB_TFLM_ROOT}/signal/micro/kernels/*.cc
       ${LAB_TFLM_ROOT}/signal/src/*.cc ${LAB_TFLM_ROOT}/signal/src/kiss_fft_wrappers/*.cc)
  file(GLOB_RECURSE _found CONFIGURE_DEPENDS ${LAB_TFLM_ROOT}/tensorflow/compiler/*.cc)
  list(APPEND LAB_TFLM_SOURCES ${_found})
endif()
foreach(folder ${_folders})
  file(GLOB _found CONFIGURE_DEPENDS ${_lite}/${folder}/*.cc)
  list(APPEND LAB_TFLM_SOURCES ${_found})
endforeach()
list(FILTER LAB_TFLM_SOURCES EXCLUDE REGEX "test[^/]*$|/debug_log\\.cc$")
set(LAB_TFLM_INCLUDES ${LAB_TFLM_ROOT} ${_third_party} ${_third_party}/flatbuffers/include ${_third_party}/gemmlowp
                      ${_third_party}/ruy ${_third_party}/kissfft)
