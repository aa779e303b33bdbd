// SPDX-License-Identifier: Apache-2.0
#include "harness/base/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace mbench {

void WriteToStderr(std::string_view line) {
  const std::string text = std::string(line) + (line.ends_with('\n') ? "" : "\n");
  [[maybe_unused]] const std::size_t written = std::fwrite(text.data(), 1, text.size(), stderr);
}

std::size_t ColumnsOf(int fd) {
  constexpr std::size_t kNarrowest = 60;
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return std::max<std::size_t>(size.ws_col, kNarrowest);
  return 0;
}

}  // namespace mbench
