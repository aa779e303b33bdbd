// SPDX-License-Identifier: Apache-2.0
#include "reports/model/stall_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

constexpr double kErrorRate = 0.05;  // of both series together
// A figure that has nothing to do with them moves so much in one of a thousand runs at most, though
// there are up to 128 of them.
constexpr double kClearlyMoves = 4.5;
constexpr double kLeastChange = 0.1;  // of a figure, against what it is outside
constexpr std::size_t kMostCompanions = 16;
constexpr std::size_t kSaid = 3;

// What systems do now and then, and what their answers have to wait for.
constexpr auto kCauses = std::to_array<std::string_view>(
    {"checkpoint", "compact", "fork",   "save",     "rewrite",  "gc",    "fsync",
     "flush",      "evict",   "vacuum", "merge",    "snapshot", "dirty", "wal",
     "log_bytes",  "steal",   "disk",   "pressure", "written",  "write"});

bool IsCause(std::string_view name) {
  return std::ranges::any_of(
      kCauses, [&](std::string_view cause) { return name.find(cause) != std::string_view::npos; });
}

class StallFinder {
 public:
  StallFinder(const RunResult& result, const SecondSeries& series)
      : result_(result), series_(series) {}

  std::vector<StallModel> Find() {
    Look("p99", series_.p99_ns, StallSide::kUp);
    // The same stalls once are enough: the rate is then one of what moves with them.
    if (models_.empty()) Look("rate", series_.answered_per_s, StallSide::kDown);
    return std::move(models_);
  }

 private:
  void Look(const char* name, const std::vector<double>& values, StallSide side) {
    const auto found = FindStalls(values, series_.bin_s, side, kErrorRate / 2);
    if (!found) return;
    StallModel model{.name = name, .stalls = *found, .with = {}, .text = {}};
    AddCompanions(&model);
    model.text = Sentence(model);
    models_.push_back(std::move(model));
  }

  void AddCompanion(const std::string& name, std::span<const double> values, StallModel* model) {
    const auto moves = HowItMoves(values, series_.bin_s, model->stalls);
    if (!moves || std::abs(moves->standard_errors) < kClearlyMoves) return;
    const double change = std::abs(moves->inside - moves->outside);
    if (change < kLeastChange * std::abs(moves->outside)) return;
    model->with.push_back({name, *moves});
  }

  void AddCompanions(StallModel* model) {
    if (model->name != "rate") AddCompanion("rate", series_.answered_per_s, model);
    const std::string system = " of " + result_.provenance.driver;
    for (std::size_t source = 0; source < kFigureSources; ++source) {
      const bool host = source == static_cast<std::size_t>(FigureSource::kHost);
      for (const auto& [name, line] : series_.figures[source]) {
        const bool named = name.find('.') != name.npos;  // "cache.hits_per_s"
        AddCompanion(host    ? name + " of the host"
                     : named ? name
                             : name + system,
                     std::vector<double>(line.begin(), line.end()), model);
      }
    }
    // What rises and may be the cause first, then what rises, then what falls.
    const auto order = [](const StallCompanion& one) {
      return std::tuple(!(one.Rises() && IsCause(one.name)), !one.Rises(),
                        -std::abs(one.moves.standard_errors));
    };
    std::ranges::stable_sort(model->with, {}, order);
    if (model->with.size() > kMostCompanions) model->with.resize(kMostCompanions);
  }

  std::string Sentence(const StallModel& model) const {
    const StallTrain& stalls = model.stalls;
    const bool latency = model.name == "p99";
    const auto value = [latency](double number) {
      return latency ? FormatDuration(static_cast<Ticks>(number)) : FormatRate(number);
    };
    const auto seconds = [](double s) { return FormatDuration(static_cast<Ticks>(s * kSecond)); };
    std::string text =
        fmt::format("{} {} to {} for {} every {:.1f} s ({} times of {})", model.name,
                    latency ? "rises" : "falls", value(stalls.reached), seconds(stalls.length_s),
                    stalls.period_s, stalls.times, stalls.turns);
    std::vector<std::string> rising, falling;
    for (const StallCompanion& one : model.with) {
      if (rising.size() + falling.size() == kSaid) break;
      (one.Rises() ? rising : falling).push_back(one.name);
    }
    const auto say = [&text](const std::vector<std::string>& names, const char* one,
                             const char* many) {
      if (!names.empty())
        text += fmt::format("; {} {} with it", Join(names, ", "), names.size() == 1 ? one : many);
    };
    say(rising, "rises", "rise");
    say(falling, "falls", "fall");
    return text;
  }

  const RunResult& result_;
  const SecondSeries& series_;
  std::vector<StallModel> models_;
};

}  // namespace

std::vector<StallModel> FindStallModels(const RunResult& result, const SecondSeries& series) {
  return StallFinder(result, series).Find();
}

}  // namespace mbench
