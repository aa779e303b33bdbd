// SPDX-License-Identifier: Apache-2.0
#include "harness/ranks/interval_spool.h"

#include <array>
#include <cerrno>
#include <cstring>

#include "harness/ranks/interval_wire.h"

namespace mbench {

Status IntervalSpool::Append(const Interval& interval) {
  if (!broken_) return broken_;
  WireWriter bytes;
  WriteInterval(interval, &bytes);
  if (file_ == nullptr) file_.reset(std::tmpfile());
  const std::array<std::int64_t, 2> head = {interval.begin,
                                            static_cast<std::int64_t>(bytes.Bytes().size())};
  const bool written =
      file_ != nullptr && std::fwrite(head.data(), sizeof head, 1, file_.get()) == 1 &&
      std::fwrite(bytes.Bytes().data(), bytes.Bytes().size(), 1, file_.get()) == 1 &&
      std::fflush(file_.get()) == 0;
  if (!written)
    return broken_ = Invalid("a second of the run cannot be kept in a temporary file: {}",
                             std::strerror(errno));
  ++kept_;
  return {};
}

Status IntervalSpool::ReadHead() {
  if (!reading_) std::rewind(file_.get());
  reading_ = true;
  if (has_head_) return {};
  std::array<std::int64_t, 2> head{};
  if (std::fread(head.data(), sizeof head, 1, file_.get()) != 1)
    return Invalid("the temporary file of a run cannot be read: {}", std::strerror(errno));
  begin_ = head[0];
  size_ = static_cast<std::uint64_t>(head[1]);
  has_head_ = true;
  return {};
}

Result<std::optional<std::string>> IntervalSpool::TakeBefore(Ticks time) {
  if (AtEnd()) return std::nullopt;
  if (Status head = ReadHead(); !head) return Failed(head);
  if (begin_ >= time) return std::nullopt;
  std::string bytes(size_, '\0');
  if (std::fread(bytes.data(), size_, 1, file_.get()) != 1)
    return Invalid("the temporary file of a run cannot be read: {}", std::strerror(errno));
  has_head_ = false;
  ++taken_;
  return bytes;
}

}  // namespace mbench
