// What picolibc leaves to the program, and what a C++ library would bring, where the toolchain has none.
#include <cstddef>
#include <cstdio>
#include <cstdlib>

// The frontend complains to it; runtime/complaints.cc takes what is printed to any stream.
FILE* const stderr = nullptr;

extern "C" [[noreturn]] void __cxa_pure_virtual() { std::abort(); }

// TFLM's objects have virtual destructors, which name these; nothing calls them.
void operator delete(void*) noexcept {}
void operator delete(void*, size_t) noexcept {}
