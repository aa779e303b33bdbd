// SPDX-License-Identifier: Apache-2.0
//
// mbench calibrate FILE: one workload again and again, to know what this host can tell apart.
#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "harness/cmd/commands.h"
#include "harness/cmd/compare_session.h"
#include "harness/cmd/run_flags.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"
#include "harness/result/baseline_store.h"
#include "harness/result/provenance.h"
#include "harness/run/interrupt.h"
#include "harness/run/rounds.h"
#include "reports/compare/noise_floor_store.h"
#include "reports/text/calibration_table.h"

namespace mbench {
namespace {

// With them there are splits of five against five, in which false alarms are counted.
constexpr std::size_t kCalibrationRounds = 2 * kMinRunsForVerdict;
constexpr std::size_t kMostCalibrationRounds = 1000;

struct CalibrateFlags {
  WorkloadInput input;
  std::size_t rounds = kCalibrationRounds;
  bool sessions = false;
  std::string root = std::string(kBaselinesFolder);
  RunFlags run;
};

Result<RoundsEnd> RunAll(const CalibrateFlags& flags, const RunPlan& plan,
                         std::vector<std::string>* folders) {
  const InterruptGuard guard;
  Rounds rounds({{.plan = plan, .results = flags.run.results}},
                {.most = flags.rounds, .watch = flags.run.watch});
  Result<RoundsEnd> end = rounds.RunUntil(flags.rounds);
  *folders = rounds.Side(0).folders;
  return end;
}

// The noise of the valid runs. Fails when they are fewer than kMinRunsForVerdict.
Result<StoredNoiseFloor> MeasureNoise(const std::vector<RunSample>& runs,
                                      const CompareOptions& options) {
  StoredNoiseFloor stored;
  stored.workload = runs.front().name;
  stored.saved_at = FormatUtc(UtcNow());
  stored.identity = runs.front().identity;
  stored.calibration = Calibrate(runs, runs.size() / 2, options);
  for (const LeftOutRun& run : stored.calibration.left_out)
    PrintError(fmt::format("left out: {}: {}", run.run, run.reasons.front()));
  if (stored.calibration.runs >= kMinRunsForVerdict) return stored;
  return Invalid("{} of {} runs are valid, and a calibration needs {}; nothing was kept",
                 stored.calibration.runs, runs.size(), kMinRunsForVerdict);
}

ExitCode RunCalibrate(const CalibrateFlags& flags) {
  if (flags.rounds < kMinRunsForVerdict || flags.rounds > kMostCalibrationRounds) {
    PrintError(fmt::format("--rounds {}: expected {} to {}", flags.rounds, kMinRunsForVerdict,
                           kMostCalibrationRounds));
    return ExitCode::kUsage;
  }
  const Result<RunPlan> plan = flags.input.Read();
  if (!plan) return Report(plan.error());
  if (const Status made = MakeNoiseFloorFolder(flags.root); !made) return Report(made.error());
  std::vector<std::string> folders;
  const Result<RoundsEnd> end = RunAll(flags, *plan, &folders);
  if (!end) return Report(end.error());
  if (*end == RoundsEnd::kInterrupted) {
    PrintError("interrupted; the runs so far are stored, and no noise floor was kept");
    return ExitCode::kInterrupted;
  }
  const CompareOptions options = OptionsOfPlan(*plan);
  const Result<std::vector<RunSample>> runs = LoadRuns(folders, options);
  if (!runs) return Report(runs.error());
  Result<StoredNoiseFloor> stored = MeasureNoise(*runs, options);
  if (!stored) return Report(stored.error());
  if (flags.sessions) {
    const auto earlier = FindNoiseFloor(flags.root, stored->identity);
    if (!earlier) return Report(earlier.error());
    if (*earlier) AddSessions((*earlier)->calibration, &stored->calibration);
  }
  const Result<std::string> path = SaveNoiseFloor(flags.root, *stored);
  if (!path) return Report(path.error());
  PrintResult(flags.run.json ? NoiseFloorJson(*stored)
                             : RenderCalibrationTable(*stored, options, StdoutStyle()) +
                                   fmt::format("\n{}", *path));
  return ExitCode::kPass;
}

}  // namespace

Action AddCalibrate(CLI::App* app) {
  const auto flags = std::make_shared<CalibrateFlags>();
  flags->input.AddTo(app);
  app->add_option("--rounds", flags->rounds, "Runs")->type_name("N")->capture_default_str();
  app->add_flag("--sessions", flags->sessions,
                "This is one more session: keep those of earlier calibrations, for how far apart "
                "sessions are");
  app->add_option("--baselines", flags->root, "Folder that gets the noise floor")
      ->capture_default_str();
  flags->run.AddTo(app);
  return [flags] { return RunCalibrate(*flags); };
}

}  // namespace mbench
