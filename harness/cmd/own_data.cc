// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/own_data.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "drivers/registry.h"
#include "harness/base/check.h"

namespace mbench {
namespace {

constexpr std::string_view kPath = "path";
// Options of embedded stores that do not change what is stored. Any other one may, and a place too
// many costs one more load, where one too few would compare the wrong things.
constexpr std::array<std::string_view, 5> kNotStored = {kPath, "cache", "sync", "disable_wal",
                                                        "journal"};

bool HasPath(const DriverInfo& driver) {
  return std::ranges::any_of(driver.options, [](const OptionSpec& option) {
    return option.name == kPath && option.type == OptionType::kPath;
  });
}

bool SamePlace(const DriverPlan& a, const DriverPlan& b) {
  const auto place = [](const DriverPlan& plan) {
    const std::filesystem::path path = plan.options.Text(kPath);
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path));
  };
  return place(a) == place(b);
}

// Everything that what is stored depends on.
std::string ShapeOf(const RunPlan& plan, const DriverPlan& system, const DriverInfo& driver) {
  std::string shape = DatasetMark(plan.data, plan.engine.seed);
  for (const OptionSpec& option : driver.options)
    if (std::ranges::find(kNotStored, option.name) == kNotStored.end())
      shape += fmt::format(";{}={}", option.name, system.options.Text(option.name));
  return shape;
}

// FNV-1a, 32 bits: a name for a shape that is the same in every run.
std::uint32_t HashOf(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

void MoveData(const DriverInfo& driver, const std::string& shape, DriverPlan* plan) {
  const std::string suffix = fmt::format("-{:08x}", HashOf(shape));
  std::map<std::string, std::string> given;
  for (const OptionSpec& option : driver.options)
    if (const std::string& text = plan->options.Text(option.name); !text.empty())
      given.emplace(option.name, text);
  given[std::string(kPath)] += suffix;
  Result<OptionValues> moved = OptionValues::Parse(driver.options, given);
  MB_CHECK(moved.has_value(), "options of a plan are right: {}", moved.error().message);
  plan->options = *std::move(moved);
  const auto shown = plan->shown.find(std::string(kPath));
  if (shown != plan->shown.end()) shown->second += suffix;
}

DriverPlan* SystemIn(RunPlan* plan, std::size_t i) {
  return i == 0 ? &plan->driver : &plan->other_systems[i - 1];
}

// Of two plans whose systems are the same, system `i`.
std::string SeparateSystem(RunPlan* plan_a, RunPlan* plan_b, std::size_t i) {
  DriverPlan* const a = SystemIn(plan_a, i);
  DriverPlan* const b = SystemIn(plan_b, i);
  const DriverInfo& driver = *FindDriver(a->use);
  if (!HasPath(driver) || !SamePlace(*a, *b)) return {};
  const std::string shape_a = ShapeOf(*plan_a, *a, driver);
  const std::string shape_b = ShapeOf(*plan_b, *b, driver);
  if (shape_a == shape_b) return {};
  MoveData(driver, shape_a, a);
  MoveData(driver, shape_b, b);
  const auto shown = [](const DriverPlan& plan) {
    const auto path = plan.shown.find(std::string(kPath));
    return path != plan.shown.end() ? path->second : plan.options.Text(kPath);
  };
  return fmt::format("A and B store different things, so each has its own data: {} and {}",
                     shown(*a), shown(*b));
}

}  // namespace

std::string SeparateData(RunPlan* a, RunPlan* b) {
  // Data that a plan does not load (`load: skip`) have to stay where they are.
  if (a->data.load == LoadData::kSkip || b->data.load == LoadData::kSkip) return {};
  if (a->other_systems.size() != b->other_systems.size()) return {};
  std::string told;
  for (std::size_t i = 0; i <= a->other_systems.size(); ++i) {
    if (SystemIn(a, i)->use != SystemIn(b, i)->use) continue;
    const std::string one = SeparateSystem(a, b, i);
    if (!one.empty()) told += (told.empty() ? "" : "; ") + one;
  }
  return told;
}

}  // namespace mbench
