// SPDX-License-Identifier: Apache-2.0
//
// The properties of YCSB's client and CoreWorkload, and what becomes of each.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/config/map_reader.h"
#include "harness/config/ycsb_reader.h"

namespace mbench {

enum class YcsbUse {
  kHonoured,  // means the same here
  kNeedless,  // asks for what every run does anyway
  kOnly,      // accepted with the one value that `about` begins with, up to a ';'
  kRefused,   // `about` says what to use instead
};

struct YcsbProperty {
  std::string_view name;
  YcsbUse use;
  std::string_view about;
};
std::span<const YcsbProperty> YcsbProperties();

// Properties that were given, by name: the last one wins.
struct GivenProperty {
  std::string value;
  Place place;
};
using GivenProperties = std::map<std::string, GivenProperty, std::less<>>;

// Reads texts, files (java_properties.h) and -p of `input`. `source_text`: all of it as written.
GivenProperties GatherProperties(const YcsbInput& input, std::string* source_text,
                                 Mistakes* mistakes);

// Reports what is unknown or refused. Properties of systems (ycsb_bindings.h) that are not for
// `driver` go into `left_out`.
void CheckProperties(const GivenProperties& given, std::string_view driver,
                     std::vector<std::string>* left_out, Mistakes* mistakes);

// Typed access; a property that was not given leaves *out as it is.
class PropertyReader {
 public:
  PropertyReader(const GivenProperties& given, Mistakes* mistakes)
      : given_(given), mistakes_(mistakes) {}

  bool Has(std::string_view name) const { return given_.contains(name); }
  // Reports a property that is not there, unless one that is unknown looks like it.
  void Need(std::string_view name, std::string_view example) const;
  bool Text(std::string_view name, std::string* out) const;
  bool Flag(std::string_view name, bool* out) const;
  bool Number(std::string_view name, const Range<double>& range, double* out) const;
  template <class Integer>
  bool Count(std::string_view name, const Range<std::int64_t>& range, Integer* out) const {
    std::int64_t value = 0;
    if (!CountAsInt64(name, range, &value)) return false;
    *out = static_cast<Integer>(value);
    return true;
  }
  // The index of the value among `names`, separated by '|'; -1: not given, or none of them.
  int Choice(std::string_view name, std::string_view names) const;
  void Complain(std::string_view name, std::string message) const;

 private:
  bool Word(std::string_view name, std::string* out) const;
  bool CountAsInt64(std::string_view name, const Range<std::int64_t>& range,
                    std::int64_t* out) const;

  const GivenProperties& given_;
  Mistakes* const mistakes_;
};

}  // namespace mbench
