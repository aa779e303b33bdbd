// SPDX-License-Identifier: Apache-2.0
#include "drivers/memcached/memcached_statement.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench::memcached {
namespace {

using Kind = Statement::Kind;

constexpr auto kKinds = std::to_array<std::pair<std::string_view, Kind>>({
    {"get", Kind::kGet},
    {"set", Kind::kSet},
    {"delete", Kind::kDelete},
    {"cas", Kind::kCas},
    {"incr", Kind::kIncr},
    {"touch", Kind::kTouch},
});

// As it is sent: a placeholder as it is drawn.
TextTemplate ReadTtl(StatementReader* reader, const std::string& fallback) {
  const ValueNode* const said = reader->Find("ttl");
  if (said == nullptr) return TextTemplate::Constant(fallback);
  if (!TextTemplate::Names(said->text).empty()) return reader->Parse(said->text, *said);
  const Result<std::string> text = TtlText(reader->Duration("ttl"));
  if (text) return TextTemplate::Constant(*text);
  reader->Complain(*said, text.error().message);
  return {};
}

TextTemplate ReadBy(StatementReader* reader) {
  const ValueNode* const said = reader->Find("by");
  if (said != nullptr && !TextTemplate::Names(said->text).empty())
    return reader->Parse(said->text, *said);
  return TextTemplate::Constant(std::to_string(reader->Count("by")));
}

}  // namespace

Statement ReadStatement(const StatementSpec& spec, const std::string& ttl, Complaints* complaints) {
  StatementReader reader({"memcached", kWords}, spec, complaints);
  if (reader.Head() == nullptr) return {};
  const std::string_view head = reader.Head()->name;
  Statement statement{
      .kind = std::ranges::find(kKinds, head, &decltype(kKinds)::value_type::first)->second,
      .key = reader.Template(head)};
  const bool writes = statement.kind == Kind::kSet || statement.kind == Kind::kCas;
  if (writes) statement.value = reader.Template("value");
  if (writes || statement.kind == Kind::kTouch) statement.number = ReadTtl(&reader, ttl);
  if (statement.kind == Kind::kIncr) statement.number = ReadBy(&reader);
  return statement;
}

Result<std::string> TtlText(Ticks ttl) {
  constexpr Ticks kMost = 30 * 24 * kHour;
  if (ttl % kSecond != 0 || ttl > kMost) {
    return BadConfig(
        "{} is no time to live; expected whole seconds, at most 30 days (0s: for ever)",
        FormatDuration(ttl));
  }
  return ttl == 0 ? std::string() : std::to_string(ttl / kSecond);
}

}  // namespace mbench::memcached
