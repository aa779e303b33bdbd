// SPDX-License-Identifier: Apache-2.0
//
// The seconds of one rank, kept until the run is over: in a file without a name, in the folder for
// temporary files, so that memory does not grow with the length of a run. A second of ten ops takes
// some 20 KB.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "harness/base/result.h"
#include "harness/stats/interval.h"

namespace mbench {

// Thread: one.
class IntervalSpool {
 public:
  // Fails with kInvalid when it cannot be kept (a full disk), and again at every later call.
  Status Append(const Interval& interval);

  // From the first one on: the next as bytes (interval_wire.h), when it begins before `time`.
  // REQUIRES: no Append any more.
  Result<std::optional<std::string>> TakeBefore(Ticks time);
  bool AtEnd() const { return taken_ == kept_; }

 private:
  Status ReadHead();

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  Status broken_;
  std::size_t kept_ = 0, taken_ = 0;
  bool reading_ = false, has_head_ = false;
  Ticks begin_ = 0;  // of the next one
  std::uint64_t size_ = 0;
};

}  // namespace mbench
