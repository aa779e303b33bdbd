// SPDX-License-Identifier: Apache-2.0
//
// Where the values of a request go: into the parameters of a Bind, or as literals into a text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/postgres/wire.h"

namespace mbench::postgres {

// In the format that the Bind has announced.
struct Parameters {
  std::string* out;

  void Put(std::string_view value) const { PutValue(value, out); }
  // NULL when it has no data.
  void PutOrNull(std::string_view value) const {
    if (value.data() == nullptr) [[unlikely]]
      return PutNull(out);
    PutValue(value, out);
  }
  void PutNumber(std::uint64_t value) const {
    PutInt32(sizeof value, out);
    PutInt64(value, out);
  }
};

class Literals {
 public:
  void Put(std::string_view value) { all_.push_back(QuoteLiteral(value)); }
  void PutOrNull(std::string_view value) {
    if (value.data() == nullptr) return all_.emplace_back("NULL"), void();
    Put(value);
  }
  void PutNumber(std::uint64_t value) { all_.push_back(std::to_string(value)); }

  const std::vector<std::string>& All() const { return all_; }

 private:
  std::vector<std::string> all_;
};

}  // namespace mbench::postgres
