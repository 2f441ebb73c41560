# How code of ours is compiled against TFLM, once third_party/tflm/sources.cmake is included.

function(lab_compile_as_ours part)
  separate_arguments(core UNIX_COMMAND "${LAB_CORE_FLAGS}")
  set_target_properties(${part} PROPERTIES CXX_STANDARD 17 CXX_EXTENSIONS OFF)
  target_include_directories(${part} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  target_include_directories(${part} SYSTEM PRIVATE ${LAB_TFLM_INCLUDES} ${LAB_FRONTEND_INCLUDES})
  target_compile_definitions(${part} PRIVATE ${LAB_TFLM_DEFINITIONS} ${LAB_FRONTEND_DEFINITIONS})
  target_compile_options(
    ${part}
    PRIVATE ${core} -O2 -g -ffile-prefix-map=${CMAKE_CURRENT_FUNCTION_LIST_DIR}=firmware
            -ffile-prefix-map=${LAB_FRONTEND_ROOT}=tflm -ffile-prefix-map=${LAB_TFLM_ROOT}=tflm
            -ffile-prefix-map=${CMAKE_CURRENT_BINARY_DIR}=build -ffp-contract=off -ffunction-sections -fdata-sections
            -Wall -Wextra -Werror
            $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti -fno-exceptions -fno-threadsafe-statics -fno-use-cxa-atexit>)
endfunction()
