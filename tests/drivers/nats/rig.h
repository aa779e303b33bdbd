// SPDX-License-Identifier: Apache-2.0
//
// What tests of the driver nats against servers share.
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <string>

#include "tests/drivers/message_rig.h"

namespace mbench::testing {

inline std::string OwnName(std::string_view what) {
  static std::atomic<int> number{0};
  return fmt::format("{}_{}_{}", what, getpid(), ++number);
}

using Words = std::map<std::string, std::string>;

// The words of a statement that goes to a stream of its own; `core`: to none.
inline Words To(bool core, Words more = {}) {
  if (!core) more["stream"] = fmt::format(R"({{"name": "{}", "storage": "memory"}})", OwnName("S"));
  return more;
}

class NatsRig : public MessageRig {
 public:
  explicit NatsRig(const std::string& url, const Options& options = {})
      : MessageRig("nats", url, options) {}
};

}  // namespace mbench::testing
