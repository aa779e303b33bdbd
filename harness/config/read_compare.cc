// SPDX-License-Identifier: Apache-2.0
//
// compare: {primary: [p99(read), rate], margin: {rate: 3%, p99: 10%}}
#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

// False when the metric asks for what cannot come, which is reported.
bool HasOp(const MetricName& metric, const Place& place, const ReadState& state) {
  std::string why = WhyNeverCounted(metric.op, state.plan->mix);
  const bool has = why.empty();
  if (!has) state.mistakes->Add(place, std::move(why));
  return has;
}

void ReadPrimary(const ValueNode& node, const ReadState& state) {
  if (!IsList(node, "primary", "[p99(read), rate]", state)) return;
  std::vector<MetricName>& primary = state.plan->compare.primary;
  if (node.children.empty())
    state.mistakes->Add(node.place, "primary is empty; name at least one metric, such as p99");
  for (const ValueNode& item : node.children) {
    const std::string* const text = ScalarText(item, "a metric", state.mistakes);
    if (text == nullptr) continue;
    const Result<MetricName> metric = ParseComparedMetric(*text);
    if (!metric) {
      state.mistakes->Add(item.place, metric.error().message);
    } else if (std::ranges::find(primary, *metric) != primary.end()) {
      state.mistakes->Add(item.place, fmt::format("{} is named twice", Quote(*text)));
    } else if (HasOp(*metric, item.place, state)) {
      primary.push_back(*metric);
    }
  }
}

void ReadMargin(const ValueNode& item, const ReadState& state) {
  const Result<MetricName> metric = ParseComparedMetric(item.key);
  if (!metric) {
    state.mistakes->Add(item.key_place, metric.error().message);
    return;
  }
  const std::string* const text = ScalarText(item, "a margin", state.mistakes);
  if (text == nullptr || !HasOp(*metric, item.key_place, state)) return;
  const Result<double> margin = ParseFraction(*text);
  if (!margin) {
    state.mistakes->Add(item.place, margin.error().message);
  } else if (*margin <= 0) {
    state.mistakes->Add(item.place,
                        fmt::format("a margin of {} leaves no room for chance; expected a change "
                                    "that matters, such as 5%",
                                    Quote(*text)));
  } else if (!state.plan->compare.margin.emplace(Name(*metric), *margin).second) {
    state.mistakes->Add(item.key_place, fmt::format("a second margin of {}", Name(*metric)));
  }
}

void ReadMargins(const ValueNode& node, const ReadState& state) {
  if (node.kind != ValueNode::Kind::kMap) {
    // Says what is wrong with it.
    MapReader(node, "margin", "{rate: 3%, p99: 10%}", state.mistakes);
    return;
  }
  for (const ValueNode& item : node.children) ReadMargin(item, state);
}

}  // namespace

void ReadCompare(const ValueNode& node, const ReadState& state) {
  MapReader map(node, "compare", "{primary: [p99(read), rate], margin: {p99: 10%}}",
                state.mistakes);
  if (const ValueNode* const primary = map.Find("primary")) ReadPrimary(*primary, state);
  if (const ValueNode* const margin = map.Find("margin")) ReadMargins(*margin, state);
  map.Finish();
}

}  // namespace mbench
