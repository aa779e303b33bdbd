// SPDX-License-Identifier: Apache-2.0
#include "harness/run/session_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "harness/result/provenance.h"

namespace mbench {

std::string UnusedSessionFolder(const std::string& root, std::string_view kind,
                                const std::string& name) {
  std::string time = FormatUtc(UtcNow()).substr(0, 19);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  std::string safe = name;
  std::ranges::replace_if(
      safe, [](unsigned char c) { return std::isalnum(c) == 0 && c != '-' && c != '_'; }, '_');
  const std::string folder = fmt::format("{}/{}-{}-{}Z", root, kind, safe.substr(0, 64), time);
  std::string unused = folder;
  for (int i = 2; std::filesystem::exists(unused); ++i) unused = fmt::format("{}-{}", folder, i);
  return unused;
}

}  // namespace mbench
