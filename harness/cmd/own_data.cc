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

bool SamePlace(const RunPlan& a, const RunPlan& b) {
  const auto place = [](const RunPlan& plan) {
    const std::filesystem::path path = plan.driver.options.Text(kPath);
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path));
  };
  return place(a) == place(b);
}

// Everything that what is stored depends on.
std::string ShapeOf(const RunPlan& plan, const DriverInfo& driver) {
  std::string shape = DatasetMark(plan.data, plan.engine.seed);
  for (const OptionSpec& option : driver.options)
    if (std::ranges::find(kNotStored, option.name) == kNotStored.end())
      shape += fmt::format(";{}={}", option.name, plan.driver.options.Text(option.name));
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

}  // namespace

std::string SeparateData(RunPlan* a, RunPlan* b) {
  if (a->driver.use != b->driver.use) return {};
  const DriverInfo& driver = *FindDriver(a->driver.use);
  if (!HasPath(driver) || !SamePlace(*a, *b)) return {};
  // Data that a plan does not load (`load: skip`) have to stay where they are.
  if (a->data.load == LoadData::kSkip || b->data.load == LoadData::kSkip) return {};
  const std::string shape_a = ShapeOf(*a, driver);
  const std::string shape_b = ShapeOf(*b, driver);
  if (shape_a == shape_b) return {};
  MoveData(driver, shape_a, &a->driver);
  MoveData(driver, shape_b, &b->driver);
  const auto shown = [](const RunPlan& plan) {
    const auto path = plan.driver.shown.find(std::string(kPath));
    return path != plan.driver.shown.end() ? path->second : plan.driver.options.Text(kPath);
  };
  return fmt::format("A and B store different things, so each has its own data: {} and {}",
                     shown(*a), shown(*b));
}

}  // namespace mbench
