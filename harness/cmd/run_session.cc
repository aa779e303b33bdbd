// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/run_session.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "drivers/registry.h"
#include "harness/base/secrets.h"
#include "harness/cmd/interrupt.h"
#include "harness/cmd/page_output.h"
#include "harness/cmd/terminal.h"
#include "harness/engine/conductor.h"
#include "harness/load/load_curve.h"
#include "harness/result/judge.h"
#include "harness/result/plan_json.h"
#include "harness/result/provenance.h"
#include "harness/result/result_writer.h"
#include "reports/json/run_json.h"
#include "reports/text/run_table.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

// Found out before anything is loaded: nobody wants to hear it after an hour.
Status CheckWritable(const std::string& root) {
  std::error_code error;
  std::filesystem::create_directories(root, error);
  if (error) return BadConfig("cannot make the results folder '{}': {}", root, error.message());
  if (!std::filesystem::is_directory(root, error)) {
    return BadConfig("the results folder '{}' is not a folder; choose another with --results",
                     root);
  }
  if (access(root.c_str(), W_OK | X_OK) != 0) {
    return BadConfig("cannot write into the results folder '{}': {}", root, strerror(errno));
  }
  return {};
}

// Feeds everything that wants to know of a run: the folder, the sums, the SLOs, and then those who
// watch. What is stored waits for nobody.
class Recording : public RunObserver {
 public:
  Recording(const RunFlags& flags, RunResult* result, SloJudge* judge, RunWatcher* watchers)
      : flags_(flags), result_(result), judge_(judge), watchers_(watchers) {}

  void OnLoad(std::uint64_t done, std::uint64_t records) override {
    watchers_->OnLoad(done, records);
  }

  Status OnStart(std::int64_t zero_ns) override {
    result_->provenance.started_at = FormatUtc(zero_ns);
    Result<std::unique_ptr<ResultWriter>> writer = ResultWriter::Create(flags_.results, *result_);
    if (!writer) return Failed(writer);
    writer_ = std::move(*writer);
    result_->folder = writer_->Folder();
    watchers_->OnStart();
    return {};
  }

  Status OnInterval(const Interval& interval) override {
    const Status stored = Store(interval);
    watchers_->OnInterval(interval);
    return stored;
  }

  ResultWriter* writer() { return writer_.get(); }

 private:
  Status Store(const Interval& interval) {
    if (interval.end <= 0) {
      result_->total.warmup_ops += interval.warmup_ops;
      return {};
    }
    AddInterval(interval, result_);
    judge_->Add(interval);
    return writer_->Append(interval);
  }

  const RunFlags& flags_;
  RunResult* result_;
  SloJudge* judge_;
  RunWatcher* watchers_;
  std::unique_ptr<ResultWriter> writer_;
};

// A word of the command line as it may be stored. A password that was written into it, as in
// `--set driver.password=x` or a URL, is a secret too.
std::string SafeWord(const std::string& word, std::span<const std::string> secrets) {
  std::string safe = Redact(word, secrets);
  const std::size_t equals = safe.find('=');
  const std::string path = safe.substr(0, equals);
  if (equals != std::string::npos && LooksSecret(path.substr(path.rfind('.') + 1)))
    return path + "=***";
  const std::string password(PasswordInUri(safe));
  return password.empty() ? safe : Redact(safe, std::array{password});
}

// The words this process was started with, read from /proc: main would otherwise have to hand them
// through every command.
std::vector<std::string> CommandLine(std::span<const std::string> secrets) {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word, before; std::getline(file, word, '\0'); before = word) {
    const bool secret =
        before.starts_with("--") && LooksSecret(before) && before.find('=') == std::string::npos;
    words.push_back(secret ? "***" : SafeWord(word, secrets));
  }
  return words;
}

RunResult MakeHead(const RunPlan& plan, const DriverFacts& facts) {
  RunResult head;
  head.name = plan.name;
  head.about = plan.about;
  head.open_model = plan.load.model == LoadModel::kOpen;
  head.op_names = OpNames(plan.mix);
  head.total.ops.resize(head.op_names.size());
  const LoadCurve curve(plan.load);
  head.planned_length = curve.End();
  head.warmup_length = -curve.Begin();
  head.provenance = HostProvenance();
  head.provenance.command_line = CommandLine(plan.secrets);
  head.provenance.file = plan.file;
  head.provenance.source_text = plan.source_text;
  head.provenance.plan_json = PlanJson(plan);
  head.provenance.seed = plan.engine.seed;
  head.provenance.driver = plan.driver.use;
  head.provenance.system = facts.system;
  head.judged_as = {.is_null_driver = facts.is_null, .blocking = facts.blocking, .threads = 0};
  return head;
}

void Complete(const RunOutcome& outcome, const SloJudge& judge, RunResult* result) {
  result->end = outcome.interrupted ? RunEnd::kInterrupted : RunEnd::kComplete;
  result->account = outcome.account;
  result->measured_length = outcome.measured;
  result->events = outcome.events;
  result->judged_as.threads = outcome.workers;
  result->provenance.clock_drift_ppm = Clock::DriftPpm();
  if (!outcome.observer_error) result->invalid.push_back(outcome.observer_error.error().message);
  result->provenance.system_facts = outcome.remarks.facts;
  result->checks = outcome.checks;
  result->provenance.system_after = outcome.remarks_after.facts;
  for (const SystemRemarks* remarks : {&outcome.remarks, &outcome.remarks_after}) {
    result->warnings.insert(result->warnings.end(), remarks->warnings.begin(),
                            remarks->warnings.end());
    result->invalid.insert(result->invalid.end(), remarks->invalid.begin(), remarks->invalid.end());
  }
  result->slo = judge.Judge(result->total, result->measured_length);
  JudgeValidity(result->judged_as, result);
}

// Tells the watchers that the run begins, and at the end of its scope that it is over, however that
// came. REQUIRES: the members of `run` live longer and stay where they are.
class Watching {
 public:
  Watching(RunWatcher* watchers, const WatchedRun& run) : watchers_(watchers) {
    watchers_->OnRun(run);
  }
  ~Watching() { watchers_->OnEnd(); }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

 private:
  RunWatcher* watchers_;
};

Status Measure(const RunPlan& plan, const RunFlags& flags, const RunLabel& label,
               const DriverFacts& facts, Driver* driver, RunWatcher* watchers, FinishedRun* run) {
  SloJudge judge(plan.slo, run->result.op_names);
  const Watching watching(watchers, {&plan, &run->result, label});
  Recording recording(flags, &run->result, &judge, watchers);
  Conductor conductor(plan, facts, driver, &recording);
  const Result<RunOutcome> outcome = [&] {
    const InterruptGuard guard(&conductor);
    return conductor.Run();
  }();
  if (!outcome) return Failed(outcome);
  run->interrupted = outcome->interrupted;
  run->measured = recording.writer() != nullptr;
  run->result.load = outcome->load;
  if (!run->measured) return {};
  Complete(*outcome, judge, &run->result);
  run->stored = recording.writer()->Finish(run->result);
  if (run->stored) run->page = WriteRunPage(run->result.folder);
  return {};
}

// An option that may stand without a value: then it is `fallback`.
void AddAddress(const char* name, const char* fallback, const char* help, std::string* address,
                CLI::App* app) {
  app->add_option_function<std::vector<std::string>>(
         name,
         [address, fallback](const std::vector<std::string>& given) {
           *address = given.empty() || given[0].empty() ? fallback : given[0];
         },
         fmt::format("{} ({})", help, fallback))
      ->type_name("[ADDRESS:PORT]")
      ->expected(0, 1);
}

}  // namespace

void AddWatchFlags(WatchFlags* watch, CLI::App* app) {
  app->add_option("--progress", watch->progress, "auto, plain or none")->capture_default_str();
  app->add_option("--csv", watch->csv, "A row per second and op, while the run goes")
      ->type_name("FILE");
  AddAddress("--prometheus", "127.0.0.1:9464", "Metrics for Prometheus, at /metrics",
             &watch->prometheus, app);
  AddAddress("--serve", "127.0.0.1:0", "The page of the run in a browser, while it goes",
             &watch->serve, app);
  app->add_option("--otlp", watch->otlp, "Metrics to an OpenTelemetry receiver (OTLP/HTTP, JSON)")
      ->type_name("URL");
  app->add_option("--otlp-every", watch->otlp_every, "Time between two of its messages")
      ->type_name("DURATION")
      ->capture_default_str();
}

void RunFlags::AddTo(CLI::App* app) {
  app->add_option("--results", results, "Folder that gets a folder per run")->capture_default_str();
  AddWatchFlags(&watch, app);
  app->add_flag("--json", json, "One JSON object on stdout instead of the table");
}

Result<FinishedRun> RunToFolder(const RunPlan& plan, const RunFlags& flags, RunWatcher* watchers,
                                const RunLabel& label) {
  const auto fail = [&plan](const Error& error) {
    return tl::unexpected<Error>(Error{error.kind, Redact(error.message, plan.secrets)});
  };
  if (Status writable = CheckWritable(flags.results); !writable) return fail(writable.error());
  Clock::Calibrate();

  const std::unique_ptr<Driver> driver = FindDriver(plan.driver.use)->make(plan.driver.options);
  const Result<DriverFacts> facts = driver->Open();
  if (!facts) return fail(facts.error());

  FinishedRun run;
  run.result = MakeHead(plan, *facts);
  Status measured = Measure(plan, flags, label, *facts, driver.get(), watchers, &run);
  if (!measured) return fail(measured.error());
  return run;
}

ExitCode ExitCodeOf(const FinishedRun& run) {
  const RunResult& result = run.result;
  if (!run.measured) return run.interrupted ? ExitCode::kInterrupted : ExitCode::kPass;
  if (!run.stored) return ExitCodeOf(run.stored.error().kind);
  if (!run.page) return ExitCodeOf(run.page.error().kind);
  if (result.end == RunEnd::kInterrupted && result.invalid.empty()) return ExitCode::kInterrupted;
  if (!result.Valid()) return ExitCode::kInvalid;
  const bool broken =
      std::ranges::any_of(result.slo, [](const SloResult& slo) { return slo.judged && !slo.held; });
  const bool off =
      std::ranges::any_of(result.checks, [](const CheckRecord& check) { return !check.ok; });
  return broken || off ? ExitCode::kBroken : ExitCode::kPass;
}

ExitCode RunAndStore(const RunPlan& plan, const RunFlags& flags) {
  const Result<std::unique_ptr<Watchers>> watchers = Watchers::Open(flags.watch);
  if (!watchers) return Report(watchers.error(), plan.secrets);
  const Result<FinishedRun> run = RunToFolder(plan, flags, watchers->get());
  if (!run) return Report(run.error());
  if (run->measured)
    PrintResult(flags.json ? RenderRunJson(run->result)
                           : RenderRunTable(run->result, {.color = StdoutHasColor()}));
  if (!run->stored) Report(run->stored.error(), plan.secrets);
  if (!run->page) Report(run->page.error(), plan.secrets);
  return ExitCodeOf(*run);
}

}  // namespace mbench
