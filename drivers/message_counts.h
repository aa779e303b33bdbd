// SPDX-License-Identifier: Apache-2.0
//
// What became of the messages of a statement that had to come to somebody.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mbench {

// Of a whole run, the warm-up included.
struct MessageCounts {
  std::uint64_t acknowledged = 0;
  std::uint64_t lost = 0;     // of these: had not come when the run was over
  std::uint64_t doubled = 0;  // came, and came again
  // False: some were not waited for, so that nobody can tell what became of them.
  bool known = true;

  bool operator==(const MessageCounts&) const = default;
};

// What the figure of a driver's SystemObserver is called that says how many messages a group of
// consumers has not had in hand.
inline std::string LagFigure(std::string_view group) {
  return "group_" + std::string(group) + "_lag_messages";
}

}  // namespace mbench
