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
};

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

 private:
  struct Value {
    OptionType type;
    std::string text;
    std::int64_t integer = 0;
    double real = 0;
  };
  const Value& Get(std::string_view name) const;
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace mbench
