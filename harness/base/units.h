// SPDX-License-Identifier: Apache-2.0
//
// Quantities as people write and read them: 100k, 4KiB, 250us, 12k/s, 0.1%.
//
// Parsing takes the whole text or fails with a message that quotes it and shows a right one.
// Multipliers of counts and rates are decimal (k = 1000), of bytes decimal or binary (KB, KiB),
// upper or lower case k.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/clock.h"
#include "harness/base/result.h"

namespace mbench {

Result<std::int64_t> ParseCount(std::string_view text);  // "100k" -> 100000; >= 0, whole
// The same with a sign, and without a unit any number of 64 bits: "-9007199254740993".
Result<std::int64_t> ParseInteger(std::string_view text);
Result<std::int64_t> ParseBytes(std::string_view text);  // "4KiB" -> 4096; "100" and "100B" -> 100
Result<Ticks> ParseDuration(std::string_view text);      // "250us", "1.5s", "2m", "1h30m"; >= 0
Result<double> ParseRate(
    std::string_view text);  // "12k/s" -> 12000 per second; "/s" required; >= 0
Result<double> ParseByteRate(std::string_view text);  // "40 MB/s", "3MiB/s" -> bytes per second
Result<double> ParseFraction(std::string_view text);  // "0.1%" -> 0.001, "0.001" -> 0.001; 0..1
Result<double> ParseNumber(std::string_view text);    // a plain finite decimal number

// Three significant digits and a unit: 950ns, 12.3us, 1.05ms, 2m05s.
std::string FormatDuration(Ticks ticks);
std::string FormatCount(double count);        // 999, 12.3k, 1.20M
std::string FormatRate(double per_s);         // 12.3k/s
std::string FormatBytes(double bytes);        // 4.00 KiB
std::string FormatByteRate(double per_s);     // 12.3 MB/s
std::string FormatPercent(double fraction);   // 0.10%
std::string WithCommas(std::uint64_t count);  // 1,234,567
std::string NumberText(double number);        // all digits: 54,654, -3, 0.25

}  // namespace mbench
