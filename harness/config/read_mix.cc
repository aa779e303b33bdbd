// SPDX-License-Identifier: Apache-2.0
//
// mix: {read: 95, update: 5}      scan: {max: 100}      fields: {write: one}
#include <cmath>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"

namespace mbench {

enum class FieldsOf { kAll, kOne };
template <>
inline constexpr auto kNamesOf<FieldsOf> = Names("all", "one");

namespace {

// Weights have any scale; but who writes percentages means parts of a hundred.
struct Percentages {
  int count = 0;
  int others = 0;
  double sum = 0;
};

void ReadWeight(const ValueNode& node, std::string_view key, const ReadState& state,
                Percentages* percentages, double* weight) {
  const std::string* const text = ScalarText(node, key, state.mistakes);
  if (text == nullptr) return;
  const bool is_percentage = text->ends_with('%');
  const Result<double> number =
      ParseNumber(std::string_view(*text).substr(0, text->size() - is_percentage));
  if (!number) {
    return state.mistakes->Add(
        node.place,
        fmt::format("not a weight: {}; expected something like 95 or 95%", Quote(*text)));
  }
  if (*number < 0 || *number > limits::kWeight) {
    return state.mistakes->Add(
        node.place, fmt::format("{} is out of range for {}; a weight is 0 or more, such as 95",
                                Quote(*text), key));
  }
  *weight = *number;
  ++(is_percentage ? percentages->count : percentages->others);
  percentages->sum += *number;
}

void CheckPercentages(const ValueNode& node, const ReadState& state,
                      const Percentages& percentages) {
  if (percentages.count == 0) return;
  if (percentages.others > 0) {
    state.mistakes->Add(node.Head(),
                        "the mix has percentages and plain weights; write one or the other");
  } else if (std::abs(percentages.sum - 100) > 0.01) {
    state.mistakes->Add(
        node.Head(),
        fmt::format("the percentages of the mix come to {}%; expected 100%", percentages.sum));
  }
}

}  // namespace

void ReadMix(const ValueNode& node, const ReadState& state) {
  MixPlan& mix = state.plan->mix;
  MapReader map(node, "mix", "{read: 95, update: 5}", state.mistakes);
  Percentages percentages;
  double sum = 0;
  const std::size_t mistakes_before = state.mistakes->Count();
  for (std::size_t i = 0; i < kVerbs; ++i) {
    const std::string_view verb = Name(static_cast<Verb>(i));
    const ValueNode* const weight = map.Find(verb);
    if (weight != nullptr) ReadWeight(*weight, verb, state, &percentages, &mix.weights[i]);
    sum += mix.weights[i];
  }
  map.Finish();
  if (node.kind != ValueNode::Kind::kMap || state.mistakes->Count() != mistakes_before) return;
  CheckPercentages(node, state, percentages);
  if (sum == 0)
    state.mistakes->Add(
        node.Head(),
        "the mix has no weight above 0; expected something like {read: 95, update: 5}");
}

void ReadScan(const ValueNode& node, const ReadState& state) {
  ScanPlan& scan = state.plan->mix.scan;
  MapReader map(node, "scan", "{min: 1, max: 100, lengths: uniform}", state.mistakes);
  map.Count("min", {1, limits::kScan, "1 to 1M"}, &scan.min);
  map.Count("max", {1, limits::kScan, "1 to 1M"}, &scan.max);
  map.Choice("lengths", &scan.choose);
  map.Finish();
  if (scan.min > scan.max) {
    map.Complain("min", fmt::format("min ({}) is above max ({})", scan.min, scan.max));
  }
}

void ReadFields(const ValueNode& node, const ReadState& state) {
  MapReader map(node, "fields", "{read: all, write: one}", state.mistakes);
  FieldsOf read = FieldsOf::kAll;
  FieldsOf write = FieldsOf::kAll;
  map.Choice("read", &read);
  map.Choice("write", &write);
  map.Finish();
  state.plan->mix.read_all_fields = read == FieldsOf::kAll;
  state.plan->mix.write_all_fields = write == FieldsOf::kAll;
}

}  // namespace mbench
