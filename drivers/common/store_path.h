// SPDX-License-Identifier: Apache-2.0
//
// Checks of the path of an embedded store, the same for all of them.
#pragma once

#include <filesystem>

#include "harness/base/result.h"

namespace mbench {

// What is at `path`. Links are followed; fails when the way there cannot be seen.
Result<std::filesystem::file_type> TypeOf(const std::filesystem::path& path);

// Creates the directory and its parents.
Status CreateDirectory(const std::filesystem::path& directory);

}  // namespace mbench
