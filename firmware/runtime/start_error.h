// Start-up failed: one `error` line says why, then the device stops.
#pragma once

namespace lab {

// `what` is a word of the protocol: arena, model, operator, input. `detail` is appended to `message`.
[[noreturn]] void stop_with_error(const char* what, const char* message, const char* detail = "");

}  // namespace lab
