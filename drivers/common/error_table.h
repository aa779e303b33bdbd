// SPDX-License-Identifier: Apache-2.0
//
// Classes of errors, numbered as they are met.
//
// A completion carries a small number, a report needs a name. Names are classes ("disk full"),
// never texts with values of single ops in them; should a library hand out endless different ones
// all the same, those after the first kMost are counted together.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace mbench {

// Thread: one session.
class ErrorTable {
 public:
  static constexpr std::size_t kMost = 64;

  // `names` get the codes 1, 2, ...
  ErrorTable(std::initializer_list<std::string_view> names = {});

  // The code of `name`, a new one if it was not met before. Allocates only then.
  std::uint16_t Code(std::string_view name);

  // "no error" for 0, "other error" for those that did not fit.
  std::string Name(std::uint16_t code) const;

 private:
  std::vector<std::string> names_;
};

}  // namespace mbench
