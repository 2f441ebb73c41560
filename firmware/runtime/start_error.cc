#include "runtime/start_error.h"

#include <cstring>

#include "runtime/board.h"
#include "runtime/json_line.h"

namespace lab {

void stop_with_error(const char* what, const char* message, const char* detail) {
  char whole[300] = "";
  std::strncat(whole, message, sizeof(whole) - 1);
  std::strncat(whole, detail, sizeof(whole) - 1 - std::strlen(whole));
  JsonLine line("error");
  line.text("what", what).text("message", whole);
  line.send();
  board::park();
}

}  // namespace lab
