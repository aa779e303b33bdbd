// SPDX-License-Identifier: Apache-2.0
#include "harness/result/replacement.h"

#include <cstdio>
#include <filesystem>
#include <utility>

namespace mbench {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

}  // namespace

Replacement::Replacement(std::string final_path)
    : path_(std::move(final_path)), tmp_(path_ + ".tmp") {}

Replacement::~Replacement() {
  if (!done_) std::remove(tmp_.c_str());
}

Status Replacement::Open() {
  std::remove(tmp_.c_str());
  return file_.Create(tmp_);
}

Status Replacement::Write(std::string_view piece) {
  buffer_ += piece;
  if (buffer_.size() < kBufferBytes) return {};
  return Flush();
}

Status Replacement::Commit() {
  if (const Status flushed = Flush(); !flushed) return flushed;
  if (const Status synced = file_.Sync(); !synced) return synced;
  file_.Close();
  if (std::rename(tmp_.c_str(), path_.c_str()) != 0)
    return FileError(ErrorKind::kInvalid, path_, "replace it");
  done_ = true;
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  return SyncPath(folder.empty() ? "." : folder);
}

Status Replacement::Flush() {
  const Status appended = file_.Append(buffer_);
  buffer_.clear();
  return appended;
}

Status ReplaceFile(const std::string& path, std::string_view text) {
  Replacement file(path);
  Status written = file.Open();
  if (written) written = file.Write(text);
  return written ? file.Commit() : written;
}

}  // namespace mbench
