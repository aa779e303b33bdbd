// SPDX-License-Identifier: Apache-2.0
//
// What the test server `shop` wrote down of itself (LOG of scripts/servers.d/shop.sh), and what
// follows from it: a judge of lost writes and stale reads that knows nothing of a ledger.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mbench::testing {

class ShopLog {
 public:
  explicit ShopLog(const std::string& file);

  std::size_t Acknowledged() const;
  // The longest time between two acknowledgements.
  double LongestWithoutAck() const;
  // Acknowledged writes that came after the one whose price is there in the end had been
  // acknowledged. `prices`: by product; 0 is what was there before.
  std::size_t Lost(const std::map<std::int64_t, std::int64_t>& prices) const;
  // Reads of a price that was acknowledged before another write came, which was acknowledged
  // `margin_ms` or more before the read came: a client knows of an acknowledgement a little later.
  std::size_t Stale(std::int64_t margin_ms) const;

 private:
  // Places in the log stand for times; those below 0 did not come.
  struct Write {
    std::int64_t price, came, acknowledged = -1, acknowledged_ms = 0;
  };
  struct Read {
    std::int64_t product, came, came_ms, price = -1;
  };
  // When the write of that price was over; -1: before everything; INT64_MAX: nobody knows.
  std::int64_t OverAt(std::int64_t product, std::int64_t price) const;

  std::map<std::int64_t, std::vector<Write>> writes_;  // by product
  std::vector<Read> reads_;
  std::vector<std::int64_t> acknowledged_ms_;
};

}  // namespace mbench::testing
