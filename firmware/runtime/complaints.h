// What TFLM and its frontend have to say, which they do in printf style.
#pragma once

namespace lab {

// The first line they wrote since start-up, the cause of what follows; empty if none.
const char* first_complaint();

}  // namespace lab
