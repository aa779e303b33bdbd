// SPDX-License-Identifier: Apache-2.0
//
// Typed access to one map of a workload file.
//
// Every key that is asked for is thereby known; Finish reports those that nobody asked for. All
// that can be wrong with a value is reported at its place, and the default stays.
//
//   MapReader map(node, "load", mistakes);
//   map.Duration("over", {kMillisecond, kHour, "1ms to 1h"}, &plan->over);
//   map.Finish();
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/names.h"
#include "harness/base/result.h"
#include "harness/config/yaml_tree.h"

namespace mbench {

// Inclusive; `text` says it to people.
template <class T>
struct Range {
  T min;
  T max;
  std::string_view text;
};

class MapReader {
 public:
  // `where`: "load", "stage 2 of load"; `example`: how such a map looks, for when it is none.
  MapReader(const ValueNode& node, std::string where, std::string_view example, Mistakes* mistakes);

  // The value; nullptr: not given, or nothing was written after the colon (which is reported).
  const ValueNode* Find(std::string_view key);
  // The same for a key that must be there; `example` shows one. Reported by Finish, and not at all
  // when an unknown key looks like it: that is the same mistake.
  const ValueNode* Need(std::string_view key, std::string_view example);
  // Makes `key` known without reading it: `why` is reported when it is there.
  void Refuse(std::string_view key, std::string_view why);

  // Each returns whether *out was set from the file.
  bool Text(std::string_view key, std::string* out);
  bool Flag(std::string_view key, bool* out);
  bool Duration(std::string_view key, const Range<Ticks>& range, Ticks* out);
  bool Fraction(std::string_view key, double* out);
  bool Number(std::string_view key, const Range<double>& range, double* out);
  bool Integer(std::string_view key, std::int64_t* out);  // any of 64 bits
  template <class Integer>
  bool Count(std::string_view key, const Range<std::int64_t>& range, Integer* out) {
    std::int64_t value = 0;
    if (!CountAsInt64(key, range, &value)) return false;
    *out = static_cast<Integer>(value);
    return true;
  }
  template <class Integer>
  bool Bytes(std::string_view key, const Range<std::int64_t>& range, Integer* out) {
    std::int64_t value = 0;
    if (!BytesAsInt64(key, range, &value)) return false;
    *out = static_cast<Integer>(value);
    return true;
  }
  // One of the names of an enum (base/names.h).
  template <class Enum>
  bool Choice(std::string_view key, Enum* out) {
    const int index = ChoiceIndex(key, kNamesOf<Enum>);
    if (index >= 0) *out = static_cast<Enum>(index);
    return index >= 0;
  }
  // One of these.
  template <class Enum>
  bool Choice(std::string_view key, std::initializer_list<Enum> among, Enum* out) {
    std::vector<std::string_view> names;
    for (const Enum value : among) names.push_back(Name(value));
    const int index = ChoiceIndex(key, names);
    if (index >= 0) *out = among.begin()[index];
    return index >= 0;
  }

  // Unknown, duplicate and missing keys.
  void Finish();

  bool Has(std::string_view key) const { return node_.Child(key) != nullptr; }
  void Complain(std::string_view key, std::string message);  // at the key's value, else at the map
  const ValueNode& Node() const { return node_; }
  const std::string& Where() const { return where_; }
  Mistakes* mistakes() const { return mistakes_; }

 private:
  void ReportMissing();
  bool CountAsInt64(std::string_view key, const Range<std::int64_t>& range, std::int64_t* out);
  bool BytesAsInt64(std::string_view key, const Range<std::int64_t>& range, std::int64_t* out);
  int ChoiceIndex(std::string_view key, std::span<const std::string_view> names);

  const ValueNode& node_;
  const std::string where_;
  Mistakes* const mistakes_;
  struct Missing {
    std::string_view key;
    std::string example;
  };
  std::vector<std::string_view> known_;
  std::vector<Missing> missing_;
};

// The text of a value that has to be text; nullptr, and reported, when it is a list, a map or
// nothing, and when a variable in it was reported already.
const std::string* ScalarText(const ValueNode& node, std::string_view what, Mistakes* mistakes);

}  // namespace mbench
