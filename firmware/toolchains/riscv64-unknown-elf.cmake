# Debian's GCC for RISC-V with picolibc. It comes without a C++ library; what the firmware uses of one is templates in
# headers, and those of the Arm compiler serve: the same GCC release, the same 32-bit ABI in all that they ask about.
# The core's own options come in LAB_CORE_FLAGS.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)  # nothing links before there is a linker script

set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_CXX_COMPILER riscv64-unknown-elf-gcc)  # g++ would link with a libstdc++
set(CMAKE_ASM_COMPILER riscv64-unknown-elf-gcc)

# A core without FPU, as this one: the folder of settings differs from one Arm core to the next.
execute_process(COMMAND arm-none-eabi-g++ -march=armv7-m -mthumb -E -v -x c++ /dev/null
                OUTPUT_QUIET ERROR_VARIABLE _said RESULT_VARIABLE _status)
string(REGEX MATCHALL "\n [^\n]*/c\\+\\+/[^\n]*" _folders "${_said}")
if(_status OR NOT _folders)
  message(FATAL_ERROR "arm-none-eabi-g++ has no C++ headers to lend: ${_said}")
endif()
foreach(_folder ${_folders})
  string(STRIP "${_folder}" _folder)
  get_filename_component(_folder "${_folder}" ABSOLUTE)
  list(APPEND CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES ${_folder})
endforeach()

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
