// SPDX-License-Identifier: Apache-2.0
//
// Property files as java.util.Properties.load reads them, which is what YCSB does:
//
//   # a comment      ! another one; only at the start of a line
//   key=value        key: value        key value        key
//
// A backslash at the end of a line joins it with the next one, without the blanks in front of that;
// before another character it takes away its meaning (a\=b), and \t \n \r \f \u00e9 are characters.
// Blanks around the sign are no part of anything; those at the end of a value belong to it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/config/mistakes.h"

namespace mbench {

struct JavaProperty {
  std::string key, value;
  Place place;  // of the key
};

// The properties of `text`, which is source number `source` of `mistakes`, in their order.
std::vector<JavaProperty> ParseJavaProperties(std::string_view text, std::uint32_t source,
                                              Mistakes* mistakes);

// Bytes of ISO-8859-1, as such files are written, in UTF-8.
std::string FromLatin1(std::string_view bytes);

}  // namespace mbench
