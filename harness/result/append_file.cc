// SPDX-License-Identifier: Apache-2.0
#include "harness/result/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace mbench {

tl::unexpected<Error> FileError(ErrorKind kind, const std::string& path, std::string_view action) {
  const int error = errno;
  return detail::Fail(kind, "{}: cannot {}: {}", path, action, std::strerror(error));
}

AppendFile::~AppendFile() { Close(); }

void AppendFile::Close() {
  if (fd_ < 0) return;
  close(fd_);
  fd_ = -1;
  if (remove_unused_ && size_ == 0) unlink(path_.c_str());
}

Status AppendFile::Create(const std::string& path) {
  Close();
  path_ = path;
  size_ = 0;
  fd_ = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd_ < 0) return FileError(ErrorKind::kUsage, path, "make it");
  return {};
}

Status AppendFile::Replace(const std::string& path) {
  Close();
  path_ = path;
  size_ = 0;
  constexpr int kFlags = O_WRONLY | O_CLOEXEC | O_NONBLOCK;
  fd_ = open(path.c_str(), kFlags | O_CREAT | O_EXCL, 0644);
  remove_unused_ = fd_ >= 0;
  if (fd_ < 0 && errno == EEXIST) fd_ = open(path.c_str(), kFlags);
  if (fd_ < 0) return FileError(ErrorKind::kUsage, path, "write to it");
  struct stat found {};
  has_old_ = fstat(fd_, &found) == 0 && S_ISREG(found.st_mode);
  return {};
}

Status AppendFile::Append(std::string_view piece) {
  if (std::exchange(has_old_, false) && ftruncate(fd_, 0) != 0)
    return FileError(ErrorKind::kInvalid, path_, "empty it");
  std::string_view rest = piece;
  while (!rest.empty()) {
    const ssize_t written = write(fd_, rest.data(), rest.size());
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    if (written >= 0 || errno == EINTR) continue;
    const auto failed = FileError(ErrorKind::kInvalid, path_, "write");
    // Nothing more can be done when even this fails; readers leave out a torn last line.
    if (ftruncate(fd_, size_) == 0) lseek(fd_, size_, SEEK_SET);
    return failed;
  }
  size_ += static_cast<std::int64_t>(piece.size());
  return {};
}

Status AppendFile::Sync() {
  if (fsync(fd_) != 0) return FileError(ErrorKind::kInvalid, path_, "write to the disk");
  return {};
}

Status SyncPath(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return FileError(ErrorKind::kInvalid, path, "open");
  const int synced = fsync(fd);
  const auto failed = FileError(ErrorKind::kInvalid, path, "write to the disk");
  close(fd);
  if (synced != 0) return failed;
  return {};
}

}  // namespace mbench
