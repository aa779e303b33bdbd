// SPDX-License-Identifier: Apache-2.0
#include "reports/model/use_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr double kNearLimit = 0.8;    // of what there is of a resource
constexpr double kMuchStolen = 0.05;  // of the CPU of the host
constexpr double kGrew = 2;           // times what waited at half
constexpr std::size_t kMostWaiting = 3;
constexpr double kSmallCount = 100;

constexpr auto kAtUtilisation = static_cast<std::size_t>(UseAspect::kUtilisation);
constexpr auto kAtSaturation = static_cast<std::size_t>(UseAspect::kSaturation);

// Of the last column; less than 0: not known.
double UsedAtLast(const UseLine& line) {
  const Number& used = line.by_column.back()[kAtUtilisation];
  return used.known && used.unit == Unit::kFraction && !line.of_another ? used.value : -1;
}

// Nothing when there is no column for it.
std::string AtHalf(const UseComparison& use, const UseLine& line, std::size_t aspect) {
  if (use.columns.size() < 2) return "";
  const Number& half = line.by_column.front()[aspect];
  if (!half.known) return "";
  return fmt::format(", {} at {}", UseText(half), use.columns.front().load);
}

class UseComparer {
 public:
  UseComparison Make(const std::vector<UseOfLoad>& loads) {
    for (const UseOfLoad& load : loads) Add(load);
    if (use_.columns.empty()) return {};
    FindFirst();
    use_.sentence = use_.first.empty() ? NothingNear() : FirstText();
    return std::move(use_);
  }

 private:
  void Add(const UseOfLoad& load) {
    const std::size_t column = use_.columns.size();
    use_.columns.push_back(load.column);
    for (UseLine& line : use_.lines) line.by_column.push_back(kNothing);
    for (const UseResource& resource : load.uses) {
      auto line = std::ranges::find(use_.lines, resource.name, &UseLine::name);
      if (line == use_.lines.end()) {
        use_.lines.push_back({.name = resource.name, .of_another = resource.of_another});
        line = use_.lines.end() - 1;
        line->by_column.assign(column + 1, kNothing);
      }
      line->by_column[column] = resource.numbers;
    }
  }

  void FindFirst() {
    double most = kNearLimit;
    for (UseLine& line : use_.lines) {
      const double used = UsedAtLast(line);
      line.saturated = used >= kNearLimit;
      if (used < most) continue;
      most = used;
      use_.first = line.name;
    }
  }

  std::string FirstText() const {
    const UseLine& first = *std::ranges::find(use_.lines, use_.first, &UseLine::name);
    std::string text = fmt::format("First to saturate is {}: {} of it in use at {}{}.", first.name,
                                   UseText(first.by_column.back()[kAtUtilisation]),
                                   use_.columns.back().load, AtHalf(use_, first, kAtUtilisation));
    std::vector<std::string> others;
    for (const UseLine& line : use_.lines)
      if (line.saturated && line.name != first.name)
        others.push_back(
            fmt::format("{} ({})", line.name, UseText(line.by_column.back()[kAtUtilisation])));
    if (!others.empty()) text += fmt::format(" Near its limit too: {}.", Join(others, ", "));
    const auto stolen = std::ranges::find(use_.lines, kStolenCpu, &UseLine::name);
    if (stolen != use_.lines.end() && stolen->by_column.back()[kAtUtilisation].known &&
        stolen->by_column.back()[kAtUtilisation].value >= kMuchStolen)
      text += fmt::format(" Other guests of the machine had {} of the CPU of this host.",
                          UseText(stolen->by_column.back()[kAtUtilisation]));
    return text;
  }

  std::string NothingNear() const {
    const auto most = std::ranges::max_element(use_.lines, {}, UsedAtLast);
    std::string text =
        fmt::format("Nothing that was observed is near its limit at {}", use_.columns.back().load);
    if (most != use_.lines.end() && UsedAtLast(*most) >= 0)
      text += fmt::format(" (most of all {}, with {})", most->name,
                          UseText(most->by_column.back()[kAtUtilisation]));
    const std::vector<std::string> waiting = WaitingMore();
    if (!waiting.empty())
      return text + fmt::format(". What waits more there: {}.", Join(waiting, "; "));
    if (use_.columns.back().name == "highest") return text + ".";  // it may bear more
    return text +
           ": what ends it is not among it, such as locks, connections, a disk elsewhere or the "
           "network.";
  }

  std::vector<std::string> WaitingMore() const {
    std::vector<std::string> waiting;
    if (use_.columns.size() < 2) return waiting;
    for (const UseLine& line : use_.lines) {
      const Number& at = line.by_column.back()[kAtSaturation];
      const Number& half = line.by_column.front()[kAtSaturation];
      if (!at.known || !half.known || at.unit != half.unit || line.of_another) continue;
      if (at.value <= kGrew * half.value || UseText(at) == UseText({.unit = at.unit})) continue;
      if (waiting.size() < kMostWaiting)
        waiting.push_back(
            fmt::format("{}, {}{}", line.name, UseText(at), AtHalf(use_, line, kAtSaturation)));
    }
    return waiting;
  }

  static constexpr UseLine::Numbers kNothing = {kUnknownUse, kUnknownUse, kUnknownUse};
  UseComparison use_;
};

}  // namespace

UseComparison CompareUses(const std::vector<UseOfLoad>& loads) { return UseComparer().Make(loads); }

std::string UseText(const Number& number) {
  const bool small = number.known && number.unit == Unit::kCount && number.value < kSmallCount &&
                     number.value != std::floor(number.value);
  return small ? fmt::format("{:.2f}", number.value) : Text(number);
}

}  // namespace mbench
