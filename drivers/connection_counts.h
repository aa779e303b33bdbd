// SPDX-License-Identifier: Apache-2.0
//
// What became of the connections of a run.
#pragma once

#include <cstdint>

namespace mbench {

// As far as the driver makes its connections by itself; a client library keeps that to itself.
struct ConnectionCounts {
  bool known = false;
  std::uint64_t made = 0;
  // Were up and ended before the run did, whoever ended them; not those made for one op each.
  std::uint64_t lost = 0;
  // Ops that were sent a second time, because the first node or connection did not do them.
  std::uint64_t sent_again = 0;

  void Add(const ConnectionCounts& other) {
    known = known || other.known;
    made += other.made;
    lost += other.lost;
    sent_again += other.sent_again;
  }
  bool operator==(const ConnectionCounts&) const = default;
};

}  // namespace mbench
