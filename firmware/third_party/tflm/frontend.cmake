# The TFLM audio frontend, as sources and include folders: compiled for the device and for the host alike.
# Needs LAB_TFLM_ROOT, the folder that holds tensorflow/lite/micro.

set(_frontend ${LAB_TFLM_ROOT}/tensorflow/lite/experimental/microfrontend/lib)
if(NOT EXISTS ${_frontend}/frontend.c)
  message(FATAL_ERROR "LAB_TFLM_ROOT has no tensorflow/lite/experimental/microfrontend: ${LAB_TFLM_ROOT}")
endif()

# Third-party code lies under micro/tools/make/downloads in the crate, under third_party in a generated tree.
function(lab_third_party out name)
  foreach(candidate ${LAB_TFLM_ROOT}/third_party/${name}
                    ${LAB_TFLM_ROOT}/tensorflow/lite/micro/tools/make/downloads/${name})
    if(EXISTS ${candidate})
      set(${out} ${candidate} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "LAB_TFLM_ROOT has no copy of ${name}, which TFLM needs: ${LAB_TFLM_ROOT}")
endfunction()

lab_third_party(LAB_KISSFFT kissfft)

file(GLOB LAB_FRONTEND_SOURCES CONFIGURE_DEPENDS ${_frontend}/*.c ${_frontend}/*.cc)
list(FILTER LAB_FRONTEND_SOURCES EXCLUDE REGEX "_(test|main|memmap_generator|memmap_main|io)\\.(c|cc)$")
# Upstream wraps kissfft in kiss_fft_int16.cc; the crate's frontend calls it directly.
if(NOT EXISTS ${_frontend}/kiss_fft_int16.cc)
  list(APPEND LAB_FRONTEND_SOURCES ${LAB_KISSFFT}/kiss_fft.c ${LAB_KISSFFT}/tools/kiss_fftr.c)
endif()
set(LAB_FRONTEND_INCLUDES ${LAB_TFLM_ROOT} ${LAB_KISSFFT} ${LAB_KISSFFT}/tools)
set(LAB_FRONTEND_DEFINITIONS FIXED_POINT=16 NDEBUG)
