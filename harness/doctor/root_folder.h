// SPDX-License-Identifier: Apache-2.0
//
// /proc and /sys, or a folder of a test in their place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mbench {

class RootFolder {
 public:
  // `path`: what stands for "/". Paths below begin without a slash.
  explicit RootFolder(std::string path = "") : path_(std::move(path)) {}

  // A small file, without blanks at its ends; nullopt: it is not there, or nobody lets us read it.
  std::optional<std::string> Text(std::string_view file) const;
  // The number that it begins with; nullopt: there is none, too.
  std::optional<double> Number(std::string_view file) const;
  // What is in a folder, sorted.
  std::vector<std::string> Names(std::string_view folder) const;
  bool Has(std::string_view file) const;

 private:
  std::string PathOf(std::string_view file) const;
  std::string path_;
};

// Of lines "name: value" or "name value"; empty: there is no such line.
std::string_view LineText(std::string_view text, std::string_view name);
// "kB" figures of /proc/meminfo in bytes, and others as they are.
std::optional<double> LineNumber(std::string_view text, std::string_view name);
// "always [madvise] never" -> "madvise".
std::string ChosenOf(std::string_view text);

}  // namespace mbench
