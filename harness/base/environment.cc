// SPDX-License-Identifier: Apache-2.0
#include "harness/base/environment.h"

#include <unistd.h>

#include <cstdlib>

namespace mbench {

std::optional<std::string> ProcessEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

bool IsTerminal(int fd) {
  return isatty(fd) != 0 && ProcessEnvironment("TERM").value_or("dumb") != "dumb";
}

bool WantsColor() { return ProcessEnvironment("NO_COLOR").value_or("").empty(); }

}  // namespace mbench
