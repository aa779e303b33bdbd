// SPDX-License-Identifier: Apache-2.0
//
// A file that grows by whole pieces: what could not be written to its end (a full disk) is cut off
// again, so that what is there stays readable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace mbench {

// "<path>: cannot <action>: <reason of errno>".
tl::unexpected<Error> FileError(ErrorKind kind, const std::string& path, std::string_view action);

// Thread: one at a time.
class AppendFile {
 public:
  AppendFile() = default;
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  // Fails with kUsage when the file is there already or cannot be made.
  Status Create(const std::string& path);
  // Makes the file, or takes the one that is there: what it holds stays until the first Append. A
  // file that was made and never written to is removed by Close. A pipe that nobody reads is no
  // place to write to, and one whose reader stands still fails instead of waiting.
  Status Replace(const std::string& path);
  // One write() as long as the kernel takes it all. Fails with kInvalid; later calls may succeed
  // again.
  Status Append(std::string_view piece);
  // Until it is on the disk.
  Status Sync();
  void Close();

  const std::string& Path() const { return path_; }

 private:
  std::string path_;
  int fd_ = -1;
  bool has_old_ = false;        // contents that the first Append takes away
  bool remove_unused_ = false;  // made by Replace
  std::int64_t size_ = 0;
};

// For a file or a folder that was written by others.
Status SyncPath(const std::string& path);

}  // namespace mbench
