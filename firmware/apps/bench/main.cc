// Any model, run over and over on the input that the lab has put into the image, without a restart.
#include <cstring>

#include "runtime/board.h"
#include "runtime/crc32.h"
#include "runtime/json_line.h"
#include "runtime/network.h"
#include "runtime/start_error.h"
#include "workload_config.h"

extern "C" {
extern const uint8_t lab_input[workload::kInputBytes];
// Every input tensor, one after the other. In flash: the lab writes it before each inference.
alignas(16) const uint8_t lab_input[workload::kInputBytes] __attribute__((section(".rodata.lab_input"), used)) = {};
// Every output tensor, one after the other.
alignas(16) uint8_t lab_output[workload::kOutputBytes];
}

namespace lab {
namespace {

Network network;

// Not seen through by the compiler: the image may hold another input than zeros when it runs.
__attribute__((noipa)) const uint8_t* given_input() { return lab_input; }

void say_boot() {
  JsonLine line("boot");
  line.number("protocol", 1)
      .text("target", workload::kTarget)
      .text("application", workload::kApplication)
      .text("mode", "bench")
      .crc("model_crc", Network::model_crc())
      .number("arena_used", network.arena_used())
      .number("arena_size", network.arena_size());
  line.send();
}

void put_inputs() {
  size_t at = 0;
  for (size_t i = 0; i < network.inputs(); ++i) {
    const TfLiteTensor& tensor = *network.input(i);
    if (at + tensor.bytes > sizeof(lab_input)) {
      stop_with_error("input", "The model takes more bytes than the image has for it");
    }
    std::memcpy(tensor.data.raw, given_input() + at, tensor.bytes);
    at += tensor.bytes;
  }
}

size_t take_outputs() {
  size_t at = 0;
  for (size_t i = 0; i < network.outputs(); ++i) {
    const TfLiteTensor& tensor = *network.output(i);
    if (at + tensor.bytes > sizeof(lab_output)) {
      stop_with_error("model", "The model gives more bytes than the image has for it");
    }
    std::memcpy(lab_output + at, tensor.data.raw, tensor.bytes);
    at += tensor.bytes;
  }
  return at;
}

void say_result(size_t bytes, uint32_t cycles) {
  JsonLine line("result");
  line.number("time_ms", board::milliseconds())
      .number("bytes", bytes)
      .crc("output_crc", crc32(lab_output, bytes))
      .number("cycles", cycles)
      .number("stack_used", board::stack_used())
      .number("stack_size", board::stack_size());
  line.send();
}

}  // namespace
}  // namespace lab

int main() {
  board::start();
  lab::network.start();
  lab::say_boot();
  // The lab stops the board where it has said a line, and may change the input there.
  for (;;) {
    lab::put_inputs();
    const uint32_t cycles = lab::network.invoke();
    lab::say_result(lab::take_outputs(), cycles);
  }
}
