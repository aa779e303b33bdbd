// SPDX-License-Identifier: Apache-2.0
#include "harness/base/date.h"

#include <chrono>

namespace mbench {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;

// What is left of the text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  // A number of just so many digits, at most `most`.
  bool Number(std::size_t digits, int most, int* value) {
    if (rest_.size() < digits) return false;
    *value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return false;
      *value = *value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return *value <= most;
  }
  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // .5, .250, .123456: what is finer than a millisecond is cut off.
  bool Fraction(int* ms) {
    int unit = 100;
    const std::size_t before = rest_.size();
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; unit /= 10) {
      *ms += (rest_[0] - '0') * unit;
      rest_.remove_prefix(1);
    }
    return rest_.size() < before;
  }
  bool AtEnd() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool ReadTime(Reader* reader, std::int64_t* ms) {
  int hour = 0, minute = 0, second = 0, fraction = 0;
  if (!reader->Number(2, 23, &hour) || !reader->Take(':') || !reader->Number(2, 59, &minute)) {
    return false;
  }
  if (reader->Take(':') && !reader->Number(2, 59, &second)) return false;
  if (reader->Take('.') && !reader->Fraction(&fraction)) return false;
  *ms += hour * kHourMs + minute * kMinuteMs + second * 1000 + fraction;
  return true;
}

// Z, +02:00 or +0200; nothing is UTC too.
bool ReadOffset(Reader* reader, std::int64_t* ms) {
  if (reader->AtEnd() || reader->Take('Z')) return true;
  const bool east = reader->Take('+');
  if (!east && !reader->Take('-')) return false;
  int hours = 0, minutes = 0;
  if (!reader->Number(2, 23, &hours)) return false;
  reader->Take(':');
  if (!reader->Number(2, 59, &minutes)) return false;
  *ms += (east ? -1 : 1) * (hours * kHourMs + minutes * kMinuteMs);
  return true;
}

void WriteNumber(std::int64_t value, int digits, char* out) {
  for (int i = digits; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::optional<std::int64_t> ParseDate(std::string_view text) {
  Reader reader(text);
  int year = 0, month = 0, day = 0;
  const bool read = reader.Number(4, 9999, &year) && reader.Take('-') &&
                    reader.Number(2, 12, &month) && reader.Take('-') && reader.Number(2, 31, &day);
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!read || year == 0 || !date.ok()) return std::nullopt;
  std::int64_t ms = sys_days(date).time_since_epoch().count() * kDayMs;
  if (reader.AtEnd()) return ms;
  if (!reader.Take('T') && !reader.Take(' ')) return std::nullopt;
  if (!ReadTime(&reader, &ms) || !ReadOffset(&reader, &ms) || !reader.AtEnd()) return std::nullopt;
  return ms;
}

std::size_t WriteDate(std::int64_t ms, bool with_time, char* out) {
  const std::int64_t day = ms >= 0 ? ms / kDayMs : -((-ms + kDayMs - 1) / kDayMs);
  const year_month_day date{sys_days(days(day))};
  WriteNumber(static_cast<int>(date.year()), 4, out);
  out[4] = out[7] = '-';
  WriteNumber(static_cast<unsigned>(date.month()), 2, out + 5);
  WriteNumber(static_cast<unsigned>(date.day()), 2, out + 8);
  if (!with_time) return 10;
  const std::int64_t rest = ms - day * kDayMs;
  out[10] = 'T';
  WriteNumber(rest / kHourMs, 2, out + 11);
  out[13] = out[16] = ':';
  WriteNumber(rest / kMinuteMs % 60, 2, out + 14);
  WriteNumber(rest / 1000 % 60, 2, out + 17);
  out[19] = '.';
  WriteNumber(rest % 1000, 3, out + 20);
  out[23] = 'Z';
  return kDateSize;
}

}  // namespace mbench
