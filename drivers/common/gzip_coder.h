// SPDX-License-Identifier: Apache-2.0
//
// Bodies of requests by gzip (RFC 1952), for drivers with an option `gzip`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/options.h"

struct libdeflate_compressor;

namespace mbench {

constexpr OptionSpec GzipOption(std::string_view help) {
  return {.name = "gzip", .fallback = "false", .help = help};
}

// What such an option says: 0 for false, 6 for true, else its level. Nothing: it is none of these.
std::optional<int> GzipLevelOf(std::string_view text);
// For a table of mistakes; "": it is right.
std::string GzipMistake(std::string_view text);

// Keeps its buffer and its state (about 100 KB to 1 MB, by level) between calls. Thread: one.
class GzipCoder {
 public:
  // `level`: 1 to 12; from 10 on it is slow.
  explicit GzipCoder(int level);
  ~GzipCoder();

  // Where the body is to be written; empty. Valid until the next call.
  std::string* Begin() {
    plain_.clear();
    return &plain_;
  }
  // Appends what was written there, packed.
  void AppendPacked(std::string* out);

 private:
  struct Free {
    void operator()(libdeflate_compressor* compressor) const;
  };
  std::unique_ptr<libdeflate_compressor, Free> compressor_;
  std::string plain_;
};

}  // namespace mbench
