// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/store_path.h"

#include "harness/base/text.h"

namespace mbench {

namespace fs = std::filesystem;

Result<fs::file_type> TypeOf(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::none) {
    return BadConfig("cannot look at path {}: {}", Quote(path.native()), error.message());
  }
  return type;
}

Status CreateDirectory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    return BadConfig("cannot create the directory {}: {}; give a path that can be written to",
                     Quote(directory.native()), error.message());
  }
  return {};
}

}  // namespace mbench
