// SPDX-License-Identifier: Apache-2.0
//
// Named options as a table.
//
// A driver states its options once, as OptionSpecs. `mbench drivers`, its README, the checks of the
// workload reader and the error messages all come from that table.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/result.h"

namespace mbench {

// kUrl: read by ParseUrl (base/url.h). kUri: read by a client library; only its scheme is looked
// at.
enum class OptionType {
  kText,
  kPath,
  kUrl,
  kUri,
  kCount,
  kBytes,
  kDuration,
  kFraction,
  kFlag,
  kChoice
};

// A name that ends with ".*" is open: it stands for any name below it, each with a text of its own,
// such as rdkafka.* for rdkafka.sasl.mechanism. What these may be is for who checks them together.
struct OptionSpec {
  std::string_view name;
  OptionType type = OptionType::kText;
  std::string_view fallback;      // as it would be written in a workload file; "" with `required`
  std::string_view help;          // one sentence
  std::string_view choices = {};  // kChoice: "none|snappy|lz4"; kUrl, kUri: schemes, "http|https"
  bool required = false;
  bool secret = false;  // taken from ${VAR} only, never shown
  // Of counts, sizes and durations, both inclusive; `range` says it to people.
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string_view range = {};

  bool IsOpen() const { return name.ends_with(".*"); }
};

// The option of that name, or the open one that it is below; nullptr: there is none.
const OptionSpec* FindOption(std::span<const OptionSpec> specs, std::string_view name);
// Whether its value is to be kept out of sight; of an open one the name tells.
bool IsSecret(const OptionSpec& spec, std::string_view name);

// Ops in flight on one connection: the same for every driver that knows such a thing.
constexpr OptionSpec PipelineOption(std::string_view help) {
  return {.name = "pipeline",
          .type = OptionType::kCount,
          .fallback = "1",
          .help = help,
          .min = 1,
          .max = 10'000,
          .range = "1 to 10k"};
}

// Something that is wrong with the value of an option, or with several options together.
struct OptionMistake {
  std::string_view option;
  std::string message;
};

// "text", "path", "count such as 100k", ...: how a message names the type.
std::string_view Describe(OptionType type);

// Values of one table, parsed and complete: an option that was not given has its fallback.
class OptionValues {
 public:
  // `given`: name -> text as written, after ${VAR} was replaced. Fails on an unknown name, on text
  // that is not of the option's type and on a required option that is missing; one message, naming
  // the option.
  static Result<OptionValues> Parse(std::span<const OptionSpec> specs,
                                    const std::map<std::string, std::string>& given);

  // Checks one value alone; for a reader that wants to report every mistake at its place.
  static Status Check(const OptionSpec& spec, std::string_view text);

  // Of no table.
  bool Empty() const { return values_.empty(); }

  // REQUIRES: the option is in the table, with that type.
  const std::string& Text(std::string_view name) const;  // kText, kPath, kUrl, kUri, kChoice
  std::int64_t Count(std::string_view name) const;       // kCount, kBytes
  Ticks Duration(std::string_view name) const;
  double Fraction(std::string_view name) const;  // 0..1
  bool Flag(std::string_view name) const;
  // What was given below an open option, by whole name: rdkafka.sasl.mechanism of rdkafka.*.
  std::vector<std::pair<std::string_view, std::string_view>> Below(std::string_view open) const;

 private:
  struct Value {
    OptionType type;
    std::string text;
    std::int64_t integer = 0;
    double real = 0;
  };
  const Value& Get(std::string_view name) const;
  void TakeOpen(const OptionSpec& open, std::span<const OptionSpec> specs,
                const std::map<std::string, std::string>& given);
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace mbench
