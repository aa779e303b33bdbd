// SPDX-License-Identifier: Apache-2.0
#include "harness/base/console.h"

#include <cstdio>
#include <string>

namespace mbench {

void WriteToStderr(std::string_view line) {
  const std::string text = std::string(line) + (line.ends_with('\n') ? "" : "\n");
  [[maybe_unused]] const std::size_t written = std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace mbench
