// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "harness/config/workload_reader.h"

namespace mbench {

std::optional<std::string> ProcessEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace mbench
