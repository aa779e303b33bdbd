// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/systems/shop_log.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

namespace mbench::testing {

ShopLog::ShopLog(const std::string& file) {
  std::ifstream log(file);
  std::map<std::int64_t, std::size_t> by_number;
  std::int64_t place = 0;
  for (std::string line; std::getline(log, line); ++place) {
    std::istringstream words(line);
    std::int64_t ms = 0, first = 0, second = 0;
    std::string what;
    words >> ms >> what >> first >> second;
    if (what == "put") {
      writes_[first].push_back({.price = second, .came = place});
    } else if (what == "ack") {
      acknowledged_ms_.push_back(ms);
      const auto write = std::ranges::find(writes_[first], second, &Write::price);
      if (write == writes_[first].end()) continue;
      write->acknowledged = place;
      write->acknowledged_ms = ms;
    } else if (what == "get") {
      by_number[second] = reads_.size();
      reads_.push_back({.product = first, .came = place, .came_ms = ms});
    } else if (what == "got") {
      reads_[by_number.at(first)].price = second;
    }
  }
}

std::size_t ShopLog::Acknowledged() const { return acknowledged_ms_.size(); }

double ShopLog::LongestWithoutAck() const {
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < acknowledged_ms_.size(); ++i)
    longest = std::max(longest, acknowledged_ms_[i] - acknowledged_ms_[i - 1]);
  return static_cast<double>(longest) / 1e3;
}

std::int64_t ShopLog::OverAt(std::int64_t product, std::int64_t price) const {
  if (price == 0) return -1;
  const std::vector<Write>& writes = writes_.at(product);
  const auto write = std::ranges::find(writes, price, &Write::price);
  const bool known = write != writes.end() && write->acknowledged >= 0;
  return known ? write->acknowledged : std::numeric_limits<std::int64_t>::max();
}

std::size_t ShopLog::Lost(const std::map<std::int64_t, std::int64_t>& prices) const {
  std::size_t lost = 0;
  for (const auto& [product, writes] : writes_) {
    const std::int64_t over = OverAt(product, prices.at(product));
    lost += static_cast<std::size_t>(std::ranges::count_if(writes, [over](const Write& write) {
      return write.acknowledged >= 0 && write.came > over;
    }));
  }
  return lost;
}

std::size_t ShopLog::Stale(std::int64_t margin_ms) const {
  return static_cast<std::size_t>(std::ranges::count_if(reads_, [&](const Read& read) {
    const auto writes = writes_.find(read.product);
    if (read.price < 0 || writes == writes_.end()) return false;
    const std::int64_t over = OverAt(read.product, read.price);
    return std::ranges::any_of(writes->second, [&](const Write& write) {
      return write.acknowledged >= 0 && write.acknowledged < read.came &&
             write.acknowledged_ms + margin_ms <= read.came_ms && write.came > over;
    });
  }));
}

}  // namespace mbench::testing
