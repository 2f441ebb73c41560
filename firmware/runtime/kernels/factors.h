// Room in the arena for fixed-point factors, for as long as the interpreter lives.
#pragma once

#include "runtime/kernels/node.h"

namespace lab::kernels {

// For initialisation: sets room aside for all operators that will want some.
void reserve_factors(TfLiteContext* context);

// For preparation: room for `count` numbers, nullptr where there is none left.
int32_t* take_factors(TfLiteContext* context, size_t count);

}  // namespace lab::kernels
