// SPDX-License-Identifier: Apache-2.0
//
// keys: {choose: zipfian, theta: 0.99}
#include <array>

#include "harness/base/text.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

// The keys of each choice, in the order of enum KeyChoice.
constexpr std::array<std::string_view, kCountOf<KeyChoice>> kKeysOf = {"",
                                                                       "",
                                                                       "theta",
                                                                       "theta expected_inserts",
                                                                       "theta",
                                                                       "hot_records hot_ops",
                                                                       "percent records_part"};
constexpr std::string_view kAllKeys =
    "theta expected_inserts hot_records hot_ops percent records_part";

void RefuseForeignKeys(MapReader* map, KeyChoice choose) {
  const std::string own = fmt::format(" {} ", kKeysOf[static_cast<std::size_t>(choose)]);
  for (const std::string_view key : Split(kAllKeys, ' ')) {
    if (own.find(fmt::format(" {} ", key)) != std::string::npos) continue;
    map->Refuse(key, fmt::format("'{}' does not go with choose: {}", key, Name(choose)));
  }
}

void CheckPart(MapReader* map, std::string_view key, double part) {
  if (map->Has(key) && part == 0) map->Complain(key, fmt::format("{} must be above 0", key));
}

}  // namespace

void ReadKeys(const ValueNode& node, const ReadState& state) {
  KeyPlan& keys = state.plan->keys;
  MapReader map(node, "keys", "{choose: zipfian}", state.mistakes);
  map.Need("choose", "choose: zipfian");
  if (map.Choice("choose", &keys.choose)) RefuseForeignKeys(&map, keys.choose);
  map.Number("theta", limits::kTheta, &keys.theta);
  map.Fraction("hot_records", &keys.hot_records);
  CheckPart(&map, "hot_records", keys.hot_records);
  map.Fraction("hot_ops", &keys.hot_ops);
  map.Number("percent", {0.001, 99.999, "a percentage above 0 and below 100"},
             &keys.exponential_percent);
  map.Fraction("records_part", &keys.exponential_records);
  CheckPart(&map, "records_part", keys.exponential_records);
  map.Count("expected_inserts", {0, limits::kRecords, "0 to 1T"}, &keys.expected_inserts);
  map.Finish();
}

}  // namespace mbench
