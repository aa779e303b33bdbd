// SPDX-License-Identifier: Apache-2.0
#include "harness/base/units.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "harness/base/text.h"

namespace mbench {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array<Unit, 6> kMultipliers = {
    {{"", 1}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}}};

constexpr std::array<Unit, 15> kByteUnits = {{{"", 1},
                                              {"B", 1},
                                              {"kB", 1e3},
                                              {"KB", 1e3},
                                              {"MB", 1e6},
                                              {"GB", 1e9},
                                              {"TB", 1e12},
                                              {"kiB", 0x1p10},
                                              {"KiB", 0x1p10},
                                              {"MiB", 0x1p20},
                                              {"GiB", 0x1p30},
                                              {"TiB", 0x1p40},
                                              {"Ki", 0x1p10},
                                              {"Mi", 0x1p20},
                                              {"Gi", 0x1p30}}};

constexpr std::array<Unit, 8> kTimeUnits = {{{"ns", 1},
                                             {"us", 1e3},
                                             {"\u00b5s", 1e3},
                                             {"ms", 1e6},
                                             {"s", 1e9},
                                             {"m", 60e9},
                                             {"h", 3600e9},
                                             {"d", 86400e9}}};

// Whole numbers up to here are exact in a double.
constexpr double kLargestCount = 0x1p53;
constexpr double kLongestDuration = 366 * 86400e9;
constexpr double kHighestRate = 1e12;

struct Quantity {
  double number;
  std::string_view rest;
};

// The decimal number at the front of `text`, with its sign; nullopt: there is none, or it is not
// finite.
std::optional<Quantity> SplitNumber(std::string_view text) {
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  double number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc::result_out_of_range) number = HUGE_VAL;
  if (error == std::errc::invalid_argument || std::isnan(number)) return std::nullopt;
  // "inf" and "infinity" are not decimal numbers; 1e999 is one, too large for everybody.
  const std::size_t used = static_cast<std::size_t>(end - digits.data());
  if (digits.substr(0, used).find_first_of("0123456789") == std::string_view::npos)
    return std::nullopt;
  return Quantity{number, Trim(digits.substr(used))};
}

std::optional<double> FactorOf(std::string_view name, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (unit.name == name) return unit.factor;
  }
  return std::nullopt;
}

// What a number and its unit come to, without a sign and in range; `what`: "count", "number of
// bytes".
Result<double> Scale(std::string_view text, std::string_view what, const Quantity& quantity,
                     double factor, double largest, std::string_view largest_text) {
  if (quantity.number < 0) return BadConfig("a {} cannot be negative: {}", what, Quote(text));
  const double scaled = quantity.number * factor;
  if (scaled > largest) {
    return BadConfig("{} is too large for a {}; the largest is {}", Quote(text), what,
                     largest_text);
  }
  return scaled;
}

Result<std::int64_t> Whole(std::string_view text, std::string_view what, double number) {
  // 1.1k is 1100.0000000000002 in binary; 1.5 is no count.
  const double whole = std::round(number);
  if (std::abs(number - whole) > 1e-6) {
    return BadConfig("a {} must be whole: {}; expected something like {:.0f}", what, Quote(text),
                     std::max(1.0, whole));
  }
  return static_cast<std::int64_t>(whole);
}

// Three significant digits of a number in 0.001 .. 999.9.
std::string ThreeDigits(double number) {
  const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}", number, decimals);
}

// `number` with the largest unit that leaves at least 1 in front of it; 999.6 of one unit is 1.00
// of the next.
std::string WithUnit(double number, double step, std::span<const std::string_view> units) {
  std::size_t i = 0;
  while (i + 1 < units.size() && number >= step - 0.5) {
    number /= step;
    ++i;
  }
  const bool plain = i == 0 && number == std::floor(number);
  return (plain ? fmt::format("{:.0f}", number) : ThreeDigits(number)) + std::string(units[i]);
}

std::string FormatLongDuration(Ticks ticks) {
  const Ticks seconds = (ticks + kSecond / 2) / kSecond;
  if (seconds < 3600) return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  const Ticks minutes = (ticks + kMinute / 2) / kMinute;
  if (minutes < 100 * 60) return fmt::format("{}h{:02}m", minutes / 60, minutes % 60);
  const Ticks hours = (ticks + kHour / 2) / kHour;
  return fmt::format("{}d{:02}h", hours / 24, hours % 24);
}

}  // namespace

Result<std::int64_t> ParseCount(std::string_view text) {
  const auto quantity = SplitNumber(Trim(text));
  if (!quantity)
    return BadConfig("not a count: {}; expected something like 1000 or 100k", Quote(text));
  const auto factor = FactorOf(quantity->rest, kMultipliers);
  if (!factor) {
    return BadConfig("unknown unit in {}; a count is plain or has k, M, G or T, such as 100k",
                     Quote(text));
  }
  const Result<double> count = Scale(text, "count", *quantity, *factor, kLargestCount, "9e15");
  if (!count) return Failed(count);
  return Whole(text, "count", *count);
}

Result<std::int64_t> ParseInteger(std::string_view text) {
  const std::string_view trimmed = Trim(text);
  const bool negative = trimmed.starts_with('-');
  std::int64_t number = 0;
  const char* const end = trimmed.data() + trimmed.size();
  const auto [used, error] = std::from_chars(trimmed.data(), end, number);
  if (used == end && error == std::errc{}) return number;
  if (used == end && error == std::errc::result_out_of_range)
    return BadConfig("{} has more than 64 bits; the largest is {}", Quote(text), INT64_MAX);
  const Result<std::int64_t> count = ParseCount(negative ? trimmed.substr(1) : trimmed);
  if (!count) return Failed(count);
  return negative ? -*count : *count;
}

Result<std::int64_t> ParseBytes(std::string_view text) {
  const auto quantity = SplitNumber(Trim(text));
  if (!quantity)
    return BadConfig("not a size: {}; expected something like 100B or 4KiB", Quote(text));
  const auto factor = FactorOf(quantity->rest, kByteUnits);
  if (!factor) {
    return BadConfig(
        "unknown unit in {}; sizes are in B, KB, MB, GB (1000) or KiB, MiB, GiB (1024)",
        Quote(text));
  }
  const Result<double> bytes = Scale(text, "size", *quantity, *factor, kLargestCount, "8192TiB");
  if (!bytes) return Failed(bytes);
  return Whole(text, "number of bytes", *bytes);
}

Result<Ticks> ParseDuration(std::string_view text) {
  std::string_view rest = Trim(text);
  double total = 0;
  double last_factor = HUGE_VAL;
  do {
    const auto quantity = SplitNumber(rest);
    if (!quantity)
      return BadConfig("not a duration: {}; expected something like 250us, 10s or 1h30m",
                       Quote(text));
    if (quantity->number == 0 && quantity->rest.empty() && total == 0) return 0;
    const std::size_t unit_end =
        std::min(quantity->rest.find_first_of("0123456789. +-"), quantity->rest.size());
    const std::string_view unit = quantity->rest.substr(0, unit_end);
    if (unit.empty())
      return BadConfig("{} has no unit; expected something like 250us, 10s or 2m", Quote(text));
    const auto factor = FactorOf(unit, kTimeUnits);
    if (!factor)
      return BadConfig("unknown unit in {}; durations are in ns, us, ms, s, m, h or d",
                       Quote(text));
    if (*factor >= last_factor)
      return BadConfig("not a duration: {}; write larger units first, such as 1h30m", Quote(text));
    const Result<double> part =
        Scale(text, "duration", *quantity, *factor, kLongestDuration, "366d");
    if (!part) return Failed(part);
    total += *part;
    last_factor = *factor;
    rest = Trim(quantity->rest.substr(unit_end));
  } while (!rest.empty());
  return static_cast<Ticks>(std::llround(total));
}

Result<double> ParseRate(std::string_view text) {
  const auto quantity = SplitNumber(Trim(text));
  if (!quantity)
    return BadConfig("not a rate: {}; expected something like 500/s or 12k/s", Quote(text));
  if (!quantity->rest.ends_with("/s")) {
    return BadConfig("unknown unit in {}; the unit of a rate is /s, such as 500/s or 12k/s",
                     Quote(text));
  }
  const auto factor =
      FactorOf(Trim(quantity->rest.substr(0, quantity->rest.size() - 2)), kMultipliers);
  if (!factor)
    return BadConfig("unknown unit in {}; expected something like 500/s or 12k/s", Quote(text));
  return Scale(text, "rate", *quantity, *factor, kHighestRate, "1T/s");
}

Result<double> ParseByteRate(std::string_view text) {
  const std::string_view rate = Trim(text);
  const auto quantity =
      SplitNumber(rate.substr(0, rate.size() - std::min<std::size_t>(rate.size(), 2)));
  const auto factor = quantity ? FactorOf(quantity->rest, kByteUnits) : std::nullopt;
  if (!factor || !rate.ends_with("/s"))
    return BadConfig("not a rate of bytes: {}; expected something like 40 MB/s or 3 MiB/s",
                     Quote(text));
  return Scale(text, "rate", *quantity, *factor, kLargestCount, "8192TiB/s");
}

Result<double> ParseFraction(std::string_view text) {
  const auto quantity = SplitNumber(Trim(text));
  if (!quantity || (!quantity->rest.empty() && quantity->rest != "%")) {
    return BadConfig("not a fraction: {}; expected something like 0.25 or 25%", Quote(text));
  }
  const double fraction = quantity->rest == "%" ? quantity->number / 100 : quantity->number;
  if (fraction < 0 || fraction > 1) {
    return BadConfig("{} is out of range; a fraction is within 0..1, or 0%..100%", Quote(text));
  }
  return fraction;
}

Result<double> ParseNumber(std::string_view text) {
  const auto quantity = SplitNumber(Trim(text));
  if (!quantity || !quantity->rest.empty()) {
    return BadConfig("not a number: {}; expected something like 5 or 0.99", Quote(text));
  }
  if (!std::isfinite(quantity->number))
    return BadConfig("{} is too large for a number", Quote(text));
  return quantity->number;
}

std::string FormatDuration(Ticks ticks) {
  if (ticks < 0) return "-" + FormatDuration(-ticks);
  if (ticks >= kMinute - 50 * kMillisecond) return FormatLongDuration(ticks);
  constexpr std::array<std::string_view, 4> kUnits = {"ns", "us", "ms", "s"};
  return WithUnit(static_cast<double>(ticks), 1000, kUnits);
}

std::string FormatCount(double count) {
  if (count < 0) return "-" + FormatCount(-count);
  constexpr std::array<std::string_view, 5> kUnits = {"", "k", "M", "G", "T"};
  return WithUnit(count, 1000, kUnits);
}

std::string FormatRate(double per_s) { return FormatCount(per_s) + "/s"; }

std::string FormatBytes(double bytes) {
  if (bytes < 0) return "-" + FormatBytes(-bytes);
  constexpr std::array<std::string_view, 5> kUnits = {" B", " KiB", " MiB", " GiB", " TiB"};
  return WithUnit(bytes, 1024, kUnits);
}

std::string FormatByteRate(double per_s) {
  if (per_s < 0) return "-" + FormatByteRate(-per_s);
  constexpr std::array<std::string_view, 5> kUnits = {" B/s", " KB/s", " MB/s", " GB/s", " TB/s"};
  return WithUnit(per_s, 1000, kUnits);
}

std::string FormatPercent(double fraction) {
  const double percent = fraction * 100;
  if (percent != 0 && std::abs(percent) < 0.005) return fmt::format("{:.1g}%", percent);
  return fmt::format("{:.2f}%", percent);
}

std::string WithCommas(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string NumberText(double number) {
  constexpr double kExact = 9e15;  // of whole numbers in a double
  if (number != std::floor(number) || std::abs(number) > kExact)
    return fmt::format("{:.6g}", number);
  return (number < 0 ? "-" : "") + WithCommas(static_cast<std::uint64_t>(std::abs(number)));
}

}  // namespace mbench
