// SPDX-License-Identifier: Apache-2.0
//
// A file that is written whole beside its final name and then takes it in one step: readers see the
// old one or the new one, whatever happens in between.
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/result/append_file.h"

namespace mbench {

// Thread: one at a time. Without Commit nothing stays behind.
class Replacement {
 public:
  explicit Replacement(std::string final_path);
  ~Replacement();
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  Status Open();
  Status Write(std::string_view piece);  // buffered
  Status Commit();

 private:
  Status Flush();

  std::string path_;
  std::string tmp_;
  AppendFile file_;
  std::string buffer_;
  bool done_ = false;
};

Status ReplaceFile(const std::string& path, std::string_view text);

}  // namespace mbench
