// SPDX-License-Identifier: Apache-2.0
//
// What librdkafka says of its producers once a second: how long messages wait in its queue, how
// long a broker takes.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "drivers/observer.h"

namespace mbench::kafka {

// Thread: any.
class Statistics {
 public:
  // The last word of a producer; JSON, read when somebody asks.
  void Keep(std::uint32_t producer, const char* json);
  void Forget(std::uint32_t producer);

  // Of all producers together: sums, and the worst p99.
  void AddFigures(SystemFigures* figures) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::uint32_t, std::string> last_;
};

}  // namespace mbench::kafka
