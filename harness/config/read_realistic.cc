// SPDX-License-Identifier: Apache-2.0
//
// generators:
//   patient: {name: full}
//   mail: {email: [example.com, example.org]}
//   city: {city: europe}
//   bill: {amount: lognormal, median: 80, sigma: 0.9, max: 20000}
//   born: {date: 1930-01-01..2010-12-31, choose: zipfian}
//   where: {point: {around: [13.405, 52.52], km: 20}}
//   id: {object_id: ordered}

#include "harness/base/date.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

constexpr Range<double> kAmounts = {-1e12, 1e12, "-1e12 to 1e12"};
constexpr Range<double> kPositive = {1e-9, 1e12, "a number above 0"};

// The value of `key`, which is one of `words`; its number, or -1.
int ReadWord(MapReader* map, std::string_view key, const std::vector<std::string_view>& words) {
  std::string text;
  if (!map->Text(key, &text)) return -1;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == text) return static_cast<int>(i);
  }
  map->Complain(key,
                fmt::format("unknown value {} of {}{}", Quote(text), key, Suggest(text, words)));
  return -1;
}

void ReadName(MapReader* map, GeneratorPlan* generator) {
  map->Flag("weighted", &generator->weighted);
  const int word = ReadWord(map, "name", {"full", "first", "last"});
  generator->kind = word > 0 ? GeneratorKind::kPick : GeneratorKind::kName;
  if (word > 0) generator->words = word == 1 ? WordList::kFirstNames : WordList::kLastNames;
}

void ReadCity(MapReader* map, GeneratorPlan* generator) {
  map->Flag("weighted", &generator->weighted);
  generator->kind = GeneratorKind::kPick;
  const int word = ReadWord(map, "city", {"europe", "world"});
  generator->words = word == 0 ? WordList::kEurope : WordList::kWorld;
}

void ReadEmail(MapReader* map, const ReadState& state, GeneratorPlan* generator) {
  map->Flag("weighted", &generator->weighted);
  const ValueNode* const domains = map->Find("email");
  if (domains == nullptr) return;
  if (domains->kind == ValueNode::Kind::kScalar) {
    generator->picks.emplace_back(domains->text, 1);
  } else {
    ReadPicks(*domains, state, generator);
  }
  generator->kind = GeneratorKind::kEmail;
  for (const auto& [domain, weight] : generator->picks) {
    if (!domain.empty() && domain.size() <= 64) continue;
    map->Complain("email", fmt::format("{} is no domain; expected something like example.com",
                                       Quote(domain)));
  }
}

// ---- amounts ----

void ReadAmountLimits(MapReader* map, GeneratorPlan* generator) {
  const bool uniform = generator->shape == Shape::kUniform;
  if (uniform) {
    map->Need("min", "min: 1");
    map->Need("max", "max: 500");
  }
  const bool signs = generator->shape == Shape::kNormal;
  generator->min = signs ? kAmounts.min : 0;
  generator->max = kAmounts.max;
  map->Number("min", kAmounts, &generator->min);
  map->Number("max", kAmounts, &generator->max);
  if (generator->min > generator->max) {
    map->Complain("min", fmt::format("min ({}) is above max ({})", generator->min, generator->max));
  }
}

void ReadAmount(MapReader* map, GeneratorPlan* generator) {
  generator->kind = GeneratorKind::kAmount;
  generator->spread = 1;
  generator->shape = Shape::kLognormal;
  map->Choice("amount", &generator->shape);
  switch (generator->shape) {
    case Shape::kLognormal:
      map->Need("median", "median: 80");
      map->Number("median", kPositive, &generator->center);
      map->Number("sigma", {0.001, 10, "0.001 to 10"}, &generator->spread);
      break;
    case Shape::kNormal:
      map->Need("mean", "mean: 80");
      map->Need("deviation", "deviation: 15");
      map->Number("mean", kAmounts, &generator->center);
      map->Number("deviation", kPositive, &generator->spread);
      break;
    case Shape::kExponential:
      map->Need("mean", "mean: 80");
      map->Number("mean", kPositive, &generator->center);
      break;
    case Shape::kUniform:
      break;
  }
  ReadAmountLimits(map, generator);
  map->Count("decimals", {0, 9, "0 to 9"}, &generator->decimals);
}

// ---- dates ----

// The days of "2019-05-08..2024-05-07", counted from 0001-01-01.
bool ReadDay(std::string_view text, std::uint64_t* day) {
  const std::optional<std::int64_t> ms = ParseDate(text);
  if (!ms || *ms % kDayMs != 0) return false;
  *day = static_cast<std::uint64_t>(*ms / kDayMs + kDaysBefore1970);
  return true;
}

void ReadDates(MapReader* map, GeneratorPlan* generator) {
  generator->kind = GeneratorKind::kDate;
  map->Flag("time", &generator->with_time);
  map->Choice("choose", kNumberChoices, &generator->choose);
  ReadTheta(map, generator);
  std::string text;
  if (!map->Text("date", &text)) return;
  const std::size_t dots = text.find("..");
  const bool right = dots != std::string::npos &&
                     ReadDay(std::string_view(text).substr(0, dots), &generator->from) &&
                     ReadDay(std::string_view(text).substr(dots + 2), &generator->to) &&
                     generator->from <= generator->to;
  if (right) return;
  map->Complain("date", fmt::format("not days from .. to: {}; expected something like "
                                    "2019-05-08..2024-05-07",
                                    Quote(text)));
}

// ---- places ----

// A list of so many numbers, within the limits of longitudes and latitudes in turn.
bool ReadDegrees(MapReader* map, std::string_view key, std::size_t count,
                 GeneratorPlan* generator) {
  const ValueNode* const node = map->Find(key);
  if (node == nullptr) return false;
  bool right = node->kind == ValueNode::Kind::kList && node->children.size() == count;
  for (std::size_t i = 0; right && i < count; ++i) {
    const double most = i % 2 == 0 ? 180 : 90;
    const Result<double> degrees = ParseNumber(node->children[i].text);
    right = degrees && *degrees >= -most && *degrees <= most;
    if (right) generator->place[i] = *degrees;
  }
  const bool ordered = count == 2 || (generator->place[0] <= generator->place[2] &&
                                      generator->place[1] <= generator->place[3]);
  if (right && ordered) return true;
  map->Complain(key, count == 4 ? "not a box; expected [west, south, east, north], such as "
                                  "[5.9, 47.3, 15.0, 55.1]"
                                : "not a place; expected [longitude, latitude], such as "
                                  "[13.405, 52.52]");
  return false;
}

void ReadPoint(MapReader* outer, const ReadState& state, GeneratorPlan* generator) {
  generator->kind = GeneratorKind::kPoint;
  const ValueNode* const node = outer->Find("point");
  if (node == nullptr) return;
  MapReader map(*node, "point", "{around: [13.405, 52.52], km: 20}", state.mistakes);
  generator->is_box = map.Has("box");
  if (generator->is_box) {
    ReadDegrees(&map, "box", 4, generator);
  } else {
    map.Need("around", "around: [13.405, 52.52]");
    map.Need("km", "km: 20");
    map.Find("box");
    ReadDegrees(&map, "around", 2, generator);
    map.Number("km", {0.001, 10'000, "0.001 to 10000"}, &generator->spread);
    map.Choice("choose", {Shape::kUniform, Shape::kNormal}, &generator->shape);
  }
  map.Finish();
}

void ReadObjectId(MapReader* map, GeneratorPlan* generator) {
  generator->kind = GeneratorKind::kObjectId;
  const int word = ReadWord(map, "object_id", {"ordered", "random"});
  generator->choose = word == 0 ? KeyChoice::kSequential : KeyChoice::kUniform;
}

}  // namespace

bool ReadRealistic(MapReader* map, const ReadState& state, GeneratorPlan* generator) {
  if (map->Has("name")) {
    ReadName(map, generator);
  } else if (map->Has("email")) {
    ReadEmail(map, state, generator);
  } else if (map->Has("city")) {
    ReadCity(map, generator);
  } else if (map->Has("amount")) {
    ReadAmount(map, generator);
  } else if (map->Has("date")) {
    ReadDates(map, generator);
  } else if (map->Has("point")) {
    ReadPoint(map, state, generator);
  } else if (map->Has("object_id")) {
    ReadObjectId(map, generator);
  } else {
    return false;
  }
  return true;
}

}  // namespace mbench
