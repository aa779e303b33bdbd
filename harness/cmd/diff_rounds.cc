// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/diff_rounds.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/registry.h"
#include "harness/base/console.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/cmd/compare_session.h"
#include "harness/cmd/output_file.h"
#include "harness/cmd/own_data.h"
#include "harness/cmd/page_output.h"
#include "harness/cmd/terminal.h"
#include "harness/run/interrupt.h"
#include "harness/run/rounds.h"
#include "harness/run/session_folder.h"
#include "harness/run/systems.h"

namespace mbench {
namespace {

// Of one system in two plans.
void AddPaths(const DriverPlan& a, const DriverPlan& b, std::vector<PlanDifference>* compared) {
  if (a.use != b.use || a.name != b.name) return;
  for (const OptionSpec& option : FindDriver(a.use)->options) {
    if (option.name != "path" || option.secret) continue;
    const auto shown = [](const DriverPlan& plan) {
      const auto found = plan.shown.find("path");
      return found == plan.shown.end() ? plan.options.Text("path") : found->second;
    };
    const std::string key = a.name.empty() ? "driver.path" : "systems." + a.name + ".path";
    if (a.options.Text("path") != b.options.Text("path"))
      compared->push_back({key, shown(a), shown(b)});
  }
}

// How the plans differ. The path of an embedded store counts too, unlike in a comparison of stored
// runs: two plans that differ only in it compare two disks.
std::vector<PlanDifference> FindCompared(const RunPlan& a, const RunPlan& b) {
  std::vector<PlanDifference> compared = FindDifferences(IdentityOf(a), IdentityOf(b));
  const std::vector<const DriverPlan*> systems_a = SystemsOf(a), systems_b = SystemsOf(b);
  for (std::size_t i = 0; i < std::min(systems_a.size(), systems_b.size()); ++i)
    AddPaths(*systems_a[i], *systems_b[i], &compared);
  return compared;
}

std::vector<std::string> KeysOf(const std::vector<PlanDifference>& differences) {
  std::vector<std::string> keys;
  for (const PlanDifference& difference : differences) keys.push_back(difference.key);
  return keys;
}

// Another load is another question; nobody should find that out from a percentile.
std::optional<std::string> NoteOnLoad(const std::vector<std::string>& keys) {
  std::vector<std::string> asked;
  for (const std::string& key : keys)
    if (!key.starts_with("driver") && !key.starts_with("systems.") && key != "system")
      asked.push_back(key);
  if (asked.empty()) return std::nullopt;
  return fmt::format("A and B differ in what is asked of the system ({}), not only in the system",
                     Join(asked, ", "));
}

class DiffInTurns {
 public:
  explicit DiffInTurns(DiffRounds diff) : diff_(std::move(diff)), options_(OptionsOfPlan(diff_.a)) {
    subject_.compared = FindCompared(diff_.a, diff_.b);
    options_.compared = KeysOf(subject_.compared);
    if (DriverNamesOf(diff_.a) != DriverNamesOf(diff_.b)) options_.compared.emplace_back("system");
    subject_.title =
        diff_.a.name == diff_.b.name ? diff_.a.name : diff_.a.name + " against " + diff_.b.name;
    subject_.a = diff_.label_a;
    subject_.b = diff_.label_b;
    if (auto note = NoteOnLoad(options_.compared)) subject_.notes.push_back(*std::move(note));
  }

  ExitCode Run() {
    if (subject_.compared.empty()) {
      PrintError(fmt::format(
          "{} and {} are the same plan, so there is nothing to compare; mbench calibrate FILE "
          "tells how far apart two runs of one plan are on this host",
          diff_.label_a, diff_.label_b));
      return ExitCode::kUsage;
    }
    if (Status opened = html_.Open(diff_.html); !opened) return Report(opened.error());
    if (const std::string moved = SeparateData(&diff_.a, &diff_.b); !moved.empty())
      Say("mbench    " + moved);
    const std::string root = UnusedSessionFolder(diff_.run.results, "diff", diff_.a.name);
    const InterruptGuard guard;
    Rounds rounds(
        {{.plan = diff_.a, .results = root + "/a"}, {.plan = diff_.b, .results = root + "/b"}},
        {.most = diff_.rounds, .budget = diff_.budget, .replace = true, .watch = diff_.run.watch});
    const Status ran = diff_.until_decided ? Look(&rounds) : RunAll(&rounds);
    if (!ran) {
      RemoveEmpty(root);
      return Report(ran.error());
    }
    return Conclude(rounds);
  }

 private:
  // A fixed number of rounds, one comparison.
  Status RunAll(Rounds* rounds) {
    if (Status ran = Go(rounds, diff_.rounds); !ran) return ran;
    if (a_.empty() || b_.empty()) return {};
    comparison_ = Compare(a_, b_, options_);
    return {};
  }

  // Rounds until it is clear, with a look after each from the third on.
  Status Look(Rounds* rounds) {
    CompareOptions options = options_;
    options.look = true;
    for (std::size_t count = 1; count <= diff_.rounds && end_ == RoundsEnd::kDone; ++count) {
      if (Status ran = Go(rounds, count); !ran) return ran;
      if (a_.empty() || b_.empty()) continue;
      if (count < kMinRunsForLook && end_ == RoundsEnd::kDone) continue;
      comparison_ = Compare(a_, b_, options);
      if (IsClear(*comparison_)) return {};
    }
    return {};
  }

  // Which way it changed is what a comparison of two things is asked for, whatever the margin.
  static bool IsClear(const Comparison& comparison) {
    return !IsOpen(comparison) || std::ranges::any_of(comparison.rows, [](const MetricRow& row) {
      return row.primary && row.claims.changed;
    });
  }

  Status Go(Rounds* rounds, std::size_t count) {
    const Result<RoundsEnd> end = rounds->RunUntil(count);
    if (!end) return Failed(end);
    end_ = *end;
    if (Status loaded = LoadNew(rounds->Side(0).folders, &a_); !loaded) return loaded;
    return LoadNew(rounds->Side(1).folders, &b_);
  }

  Status LoadNew(const std::vector<std::string>& folders, std::vector<RunSample>* samples) {
    Result<std::vector<RunSample>> fresh =
        LoadRuns(std::span(folders).subspan(samples->size()), options_);
    if (!fresh) return Failed(fresh);
    std::ranges::move(*fresh, std::back_inserter(*samples));
    return {};
  }

  ExitCode Conclude(const Rounds& rounds) {
    subject_.folders_a = rounds.Side(0).folders;
    subject_.folders_b = rounds.Side(1).folders;
    if (end_ == RoundsEnd::kInterrupted)
      subject_.notes.push_back(fmt::format("interrupted after {} rounds", rounds.Count()));
    if (end_ == RoundsEnd::kOutOfTime)
      subject_.notes.push_back(fmt::format("the budget of {} had room for {} rounds",
                                           FormatDuration(diff_.budget), rounds.Count()));
    if (end_ == RoundsEnd::kHopeless)
      subject_.notes.push_back(fmt::format(
          "given up after {} rounds: all runs of one side are invalid", rounds.Count()));
    ExitCode code = ExitCode::kInvalid;
    if (comparison_)
      code = ShowComparison(
          MakeComparisonModel(*comparison_, subject_, ComputeShift(a_, b_, options_)),
          diff_.run.json, &html_);
    else
      PrintError("ended before there was a run of each; nothing was compared");
    return end_ == RoundsEnd::kInterrupted ? ExitCode::kInterrupted : code;
  }

  // Folders that were made for results that never came.
  static void RemoveEmpty(const std::string& root) {
    std::error_code ignored;
    for (const std::string& folder : {root + "/a", root + "/b", root})
      std::filesystem::remove(folder, ignored);
  }

  void Say(const std::string& line) const {
    if (diff_.run.watch.progress != "none") WriteToStderr(line);
  }

  DiffRounds diff_;
  OutputFile html_;
  CompareOptions options_;
  ComparisonSubject subject_;
  RoundsEnd end_ = RoundsEnd::kDone;
  std::vector<RunSample> a_;
  std::vector<RunSample> b_;
  std::optional<Comparison> comparison_;
};

}  // namespace

ExitCode RunDiff(DiffRounds diff) { return DiffInTurns(std::move(diff)).Run(); }

}  // namespace mbench
