// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/comparable.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/result/json_text.h"

namespace mbench {
namespace {

constexpr std::array<std::string_view, 7> kIgnored = {
    "name", "about", "slo", "compare", "engine.seed", "driver.path", "verify.checks"};

bool IsBelow(std::string_view key, std::string_view parent) {
  return key == parent ||
         (key.size() > parent.size() && key.starts_with(parent) && key[parent.size()] == '.');
}

// "driver.options.cache" is what the workload file calls driver.cache, "systems.db.options.cache"
// what it calls systems.db.cache.
std::string AsWritten(const std::string& key) {
  constexpr std::string_view kOptions = ".options.";
  const bool driver = key.starts_with("driver.");
  const std::size_t at = driver                        ? 6
                         : key.starts_with("systems.") ? key.find('.', 8)
                                                       : std::string::npos;
  if (at == std::string::npos || key.compare(at, kOptions.size(), kOptions) != 0) return key;
  return key.substr(0, at + 1) + key.substr(at + kOptions.size());
}

bool IsIgnored(std::string_view key) {
  if (key.starts_with("systems.") && key.ends_with(".path")) return true;
  return std::ranges::any_of(kIgnored, [&](std::string_view one) { return IsBelow(key, one); });
}

using Flat = std::map<std::string, std::string>;

// 1000 and 1000.0 are the same number, whichever of the two a program wrote.
std::string LeafText(const Json& value) {
  constexpr double kExact = 9007199254740992.0;  // 2^53: every whole number below is a double
  if (!value.is_number_float()) return DumpJson(value);
  const double number = value.get<double>();
  if (std::trunc(number) != number || std::abs(number) >= kExact) return DumpJson(value);
  return std::to_string(static_cast<std::int64_t>(number));
}

// "load.stages.0.from" -> "1000". The depth of `value` is bounded by the parser.
void Flatten(const Json& value, const std::string& key, Flat* flat) {
  if (!value.is_structured()) {
    const std::string shown = AsWritten(key);
    if (!IsIgnored(shown)) (*flat)[shown] = LeafText(value);
    return;
  }
  std::size_t index = 0;
  for (const auto& item : value.items()) {
    const std::string name = value.is_array() ? std::to_string(index++) : item.key();
    Flatten(item.value(), key.empty() ? name : key + "." + name, flat);
  }
}

Flat FlatIdentity(const RunIdentity& identity) {
  Flat flat;
  const Result<Json> plan = ParseJsonText(identity.plan_json, "plan");
  if (plan) {
    Flatten(*plan, "", &flat);
  } else {
    flat["plan"] = identity.plan_json;
  }
  flat["schema"] = std::to_string(identity.schema);
  flat["driver.use"] = identity.driver;
  flat["system"] = identity.system;
  flat["host.cpu"] = identity.cpu;
  flat["host.cores"] = std::to_string(identity.cores);
  // What firmware and kernel keep for themselves varies by some MiB between equal hosts.
  constexpr std::uint64_t kGibibyte = 1ULL << 30;
  flat["host.memory"] = fmt::format("{}GiB", (identity.memory_bytes + kGibibyte / 2) / kGibibyte);
  return flat;
}

std::string ValueIn(const Flat& flat, const std::string& key) {
  const auto found = flat.find(key);
  return found == flat.end() ? std::string() : found->second;
}

}  // namespace

std::vector<PlanDifference> FindDifferences(const RunIdentity& a, const RunIdentity& b) {
  const Flat flat_a = FlatIdentity(a);
  const Flat flat_b = FlatIdentity(b);
  std::set<std::string> keys;
  for (const auto& [key, value] : flat_a) keys.insert(key);
  for (const auto& [key, value] : flat_b) keys.insert(key);
  std::vector<PlanDifference> differences;
  for (const std::string& key : keys) {
    const std::string value_a = ValueIn(flat_a, key);
    const std::string value_b = ValueIn(flat_b, key);
    if (value_a != value_b) differences.push_back({key, value_a, value_b});
  }
  return differences;
}

bool IsCompared(std::string_view key, std::span<const std::string> compared) {
  return std::ranges::any_of(compared, [&](const std::string& one) {
    return one == "*" || (!one.empty() && IsBelow(key, one));
  });
}

std::vector<PlanDifference> FindForbiddenDifferences(std::span<const RunSample> a,
                                                     std::span<const RunSample> b,
                                                     std::span<const std::string> compared) {
  std::map<std::string, PlanDifference> found;
  if (a.empty() || b.empty()) return {};
  const auto add = [&](const RunSample& one, const RunSample& other, bool within) {
    for (PlanDifference& difference : FindDifferences(one.identity, other.identity))
      if (within || !IsCompared(difference.key, compared))
        found.emplace(difference.key, std::move(difference));
  };
  add(a.front(), b.front(), false);
  for (const std::span<const RunSample> side : {a, b})
    for (const RunSample& other : side.subspan(1)) add(side.front(), other, true);
  std::vector<PlanDifference> differences;
  for (auto& [key, difference] : found) differences.push_back(std::move(difference));
  return differences;
}

std::string Describe(const PlanDifference& difference) {
  const auto shown = [](const std::string& value) { return value.empty() ? "not there" : value; };
  return fmt::format("{} is {} in one and {} in the other", difference.key, shown(difference.a),
                     shown(difference.b));
}

}  // namespace mbench
