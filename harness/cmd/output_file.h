// SPDX-License-Identifier: Apache-2.0
//
// A file that a command is asked to write in the end. That it can be written is found out before
// anything is run; what was there stays until there is something to put in its place.
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace mbench {

// Thread: one at a time. A file that Open made and nothing was written to is removed again.
class OutputFile {
 public:
  enum class Mode { kReplace, kAppend };

  OutputFile() = default;
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Fails with kUsage. An empty path: nothing was asked for, and Write does nothing.
  Status Open(const std::string& path, Mode mode = Mode::kReplace);
  bool Wanted() const { return fd_ >= 0; }
  // The whole text, behind what was written before; an error names the file.
  Status Write(std::string_view text);

 private:
  std::string path_;
  int fd_ = -1;
  Mode mode_ = Mode::kReplace;
  bool remove_ = false;
  bool begun_ = false;
};

}  // namespace mbench
