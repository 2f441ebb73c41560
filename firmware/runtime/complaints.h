// What TFLM and its frontend have to say, which they do in printf style.
#pragma once

namespace lab {

// The first line they wrote, the cause of what follows; empty if none.
const char* first_complaint();

// What was written so far was no complaint.
void forget_complaints();

}  // namespace lab
