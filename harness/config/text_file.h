// SPDX-License-Identifier: Apache-2.0
//
// Small text files: workload files and what they name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace mbench {

inline constexpr std::size_t kLargestTextFile = 1 << 20;

// The whole file. Refuses what is no regular file (a folder, a pipe that would never end), and what
// is larger than `largest`. Messages do not name the file.
Result<std::string> ReadWholeFile(const std::string& path, std::size_t largest);
// All that comes on standard input, to its end.
Result<std::string> ReadStandardInput(std::size_t largest);
// A small one; refuses what is not text in UTF-8, too.
Result<std::string> ReadTextFile(const std::string& path);

// "" when the bytes are text in UTF-8; else what is wrong with them.
std::string DescribeBinary(std::string_view bytes);

// A path named in a file: where it is not absolute, it is meant from that file's folder.
std::string PathBeside(const std::string& file, const std::string& path);

// Name of a run, and of its folder: letters, digits and - _ . and not a dot in front.
inline constexpr std::string_view kNameLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
// The name for what is in `file`, when it gives none.
std::string NameFromFile(const std::string& file);

}  // namespace mbench
