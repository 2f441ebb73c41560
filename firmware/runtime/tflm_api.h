// Which of TFLM's two APIs the tree has: that of the tfmicro crate (2020) or today's.
#pragma once

#if __has_include("tensorflow/lite/micro/micro_log.h")
#define LAB_TFLM_OF_TODAY 1
#else
#define LAB_TFLM_OF_TODAY 0
#endif
