// SPDX-License-Identifier: Apache-2.0
#include "reports/model/capacity_use.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "reports/model/capacity_model.h"

namespace mbench {
namespace {

constexpr double kNearLimit = 0.8;    // of what there is of a resource
constexpr double kMuchStolen = 0.05;  // of the CPU of the host
constexpr double kGrew = 2;           // times what waited at half
constexpr std::size_t kMostWaiting = 3;
constexpr double kSmallCount = 100;

constexpr auto kUtilisation = static_cast<std::size_t>(UseAspect::kUtilisation);
constexpr auto kSaturation = static_cast<std::size_t>(UseAspect::kSaturation);

// Of the last column; less than 0: not known.
double UsedAtCapacity(const UseLine& line) {
  const Number& used = line.by_column.back()[kUtilisation];
  return used.known && used.unit == Unit::kFraction && !line.of_another ? used.value : -1;
}

// Nothing when there is no column for it.
std::string AtHalf(const CapacityUse& use, const UseLine& line, std::size_t aspect) {
  if (use.columns.size() < 2) return "";
  const Number& half = line.by_column.front()[aspect];
  if (!half.known) return "";
  return fmt::format(", {} at {}", UseText(half), use.columns.front().load);
}

class UseComparer {
 public:
  explicit UseComparer(const CapacitySource& source) : source_(source) {}

  CapacityUse Make() {
    const ComparedProbes probes = FindComparedProbes(source_.search);
    if (probes.at != ComparedProbes::kNone) {
      AddColumn("half", probes.half);
      AddColumn("capacity", probes.at);
    }
    FindFirst();
    Say(probes);
    return std::move(use_);
  }

 private:
  const StoredProbe& Of(std::size_t probe) const { return source_.search.probes[probe]; }
  std::string LoadOf(const StoredProbe& stored) const {
    return LevelText(stored.probe.level, source_.search.open_model);
  }

  void AddColumn(const char* name, std::size_t probe) {
    const auto run = source_.runs.find(probe);
    if (probe == ComparedProbes::kNone || run == source_.runs.end()) return;
    const std::size_t column = use_.columns.size();
    use_.columns.push_back({name, Of(probe).probe.level, LoadOf(Of(probe))});
    for (UseLine& line : use_.lines) line.by_column.push_back(kNothing);
    for (const UseResource& resource : UsesOf(run->second)) {
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
    if (!HasCapacity()) return;
    double most = kNearLimit;
    for (UseLine& line : use_.lines) {
      const double used = UsedAtCapacity(line);
      line.saturated = used >= kNearLimit;
      if (used < most) continue;
      most = used;
      use_.first = line.name;
    }
  }
  bool HasCapacity() const {
    return !use_.columns.empty() && use_.columns.back().name == "capacity";
  }

  void Say(const ComparedProbes& probes) {
    if (probes.at == ComparedProbes::kNone) {
      use_.sentence = "No probe held for a whole window.";
      return;
    }
    use_.sentence = !HasCapacity() ? "The probe at the capacity could not be read, so nothing "
                                     "is known of it."
                    : use_.first.empty() ? NothingNear()
                                         : FirstText();
    SayCores(Of(probes.at));
    if (const StoredProbe* const above = FirstAbove(source_.search))
      use_.sentence += fmt::format(" Above, at {}: {}.", LoadOf(*above), above->why);
  }

  // Where threads were not looked at one by one.
  void SayCores(const StoredProbe& at) {
    const bool threads = std::ranges::any_of(
        use_.lines, [](const UseLine& line) { return line.name.starts_with(kBusiestThread); });
    if (!at.server_cores || threads) return;
    use_.sentence += fmt::format(
        " {} has {:.2f} cores there; one that works with a single thread can have no more than 1.",
        at.server.empty() ? "The system" : at.server, *at.server_cores);
  }

  std::string FirstText() const {
    const UseLine& first = *std::ranges::find(use_.lines, use_.first, &UseLine::name);
    std::string text = fmt::format("First to saturate is {}: {} of it in use at {}{}.", first.name,
                                   UseText(first.by_column.back()[kUtilisation]),
                                   use_.columns.back().load, AtHalf(use_, first, kUtilisation));
    std::vector<std::string> others;
    for (const UseLine& line : use_.lines)
      if (line.saturated && line.name != first.name)
        others.push_back(
            fmt::format("{} ({})", line.name, UseText(line.by_column.back()[kUtilisation])));
    if (!others.empty()) text += fmt::format(" Near its limit too: {}.", Join(others, ", "));
    const auto stolen = std::ranges::find(use_.lines, kStolenCpu, &UseLine::name);
    if (stolen != use_.lines.end() && stolen->by_column.back()[kUtilisation].known &&
        stolen->by_column.back()[kUtilisation].value >= kMuchStolen)
      text += fmt::format(" Other guests of the machine had {} of the CPU of this host.",
                          UseText(stolen->by_column.back()[kUtilisation]));
    return text;
  }

  std::string NothingNear() const {
    const auto most = std::ranges::max_element(use_.lines, {}, UsedAtCapacity);
    std::string text = "Nothing that was observed is near its limit at the capacity";
    if (most != use_.lines.end() && UsedAtCapacity(*most) >= 0)
      text += fmt::format(" (most of all {}, with {})", most->name,
                          UseText(most->by_column.back()[kUtilisation]));
    const std::vector<std::string> waiting = WaitingMore();
    if (!waiting.empty())
      return text + fmt::format(". What waits more there: {}.", Join(waiting, "; "));
    return text +
           ": what ends it is not among it, such as locks, connections, a disk elsewhere or the "
           "network.";
  }

  std::vector<std::string> WaitingMore() const {
    std::vector<std::string> waiting;
    if (use_.columns.size() < 2) return waiting;
    for (const UseLine& line : use_.lines) {
      const Number& at = line.by_column.back()[kSaturation];
      const Number& half = line.by_column.front()[kSaturation];
      if (!at.known || !half.known || at.unit != half.unit || line.of_another) continue;
      if (at.value <= kGrew * half.value || UseText(at) == UseText({.unit = at.unit})) continue;
      if (waiting.size() < kMostWaiting)
        waiting.push_back(
            fmt::format("{}, {}{}", line.name, UseText(at), AtHalf(use_, line, kSaturation)));
    }
    return waiting;
  }

  static constexpr UseLine::Numbers kNothing = {kUnknownUse, kUnknownUse, kUnknownUse};
  const CapacitySource& source_;
  CapacityUse use_;
};

}  // namespace

CapacityUse CompareUses(const CapacitySource& source) { return UseComparer(source).Make(); }

std::string UseText(const Number& number) {
  const bool small = number.known && number.unit == Unit::kCount && number.value < kSmallCount &&
                     number.value != std::floor(number.value);
  return small ? fmt::format("{:.2f}", number.value) : Text(number);
}

}  // namespace mbench
