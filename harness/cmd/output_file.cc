// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "harness/result/append_file.h"

namespace mbench {

OutputFile::~OutputFile() {
  if (fd_ >= 0) close(fd_);
  if (remove_) std::remove(path_.c_str());
}

Status OutputFile::Open(const std::string& path, Mode mode) {
  if (path.empty()) return {};
  path_ = path;
  mode_ = mode;
  const int flags = O_WRONLY | O_CLOEXEC | (mode == Mode::kAppend ? O_APPEND : 0);
  fd_ = open(path.c_str(), flags | O_CREAT | O_EXCL, 0644);
  remove_ = fd_ >= 0;
  if (fd_ < 0 && errno == EEXIST) fd_ = open(path.c_str(), flags);
  if (fd_ < 0) return FileError(ErrorKind::kUsage, path, "write to it");
  return {};
}

Status OutputFile::Write(std::string_view text) {
  if (fd_ < 0) return {};
  struct stat found {};
  const bool regular = fstat(fd_, &found) == 0 && S_ISREG(found.st_mode);
  if (mode_ == Mode::kReplace && !begun_ && regular && ftruncate(fd_, 0) != 0)
    return FileError(ErrorKind::kUsage, path_, "empty it");
  remove_ = false;
  begun_ = true;
  while (!text.empty()) {
    const ssize_t written = write(fd_, text.data(), text.size());
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) return FileError(ErrorKind::kUsage, path_, "write to it");
  }
  return {};
}

}  // namespace mbench
