// SPDX-License-Identifier: Apache-2.0
#include "harness/run/stored_run.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "harness/base/secrets.h"
#include "harness/engine/conductor.h"
#include "harness/result/judge.h"
#include "harness/result/ledger_rows.h"
#include "harness/result/replacement.h"
#include "harness/run/interrupt.h"
#include "harness/run/ranked_run.h"
#include "harness/run/recording.h"
#include "harness/run/run_head.h"
#include "harness/run/systems.h"
#include "reports/html/page.h"
#include "reports/model/page_model.h"

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

void Complete(const RunOutcome& outcome, const SloJudge& judge, OutageJudge* outages,
              RunResult* result) {
  result->end = outcome.interrupted ? RunEnd::kInterrupted : RunEnd::kComplete;
  result->account = outcome.account;
  result->connections = outcome.connections;
  result->measured_length = outcome.measured;
  result->events = outcome.events;
  result->cpu = outcome.cpu;
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
  outages->Finish(result->measured_length, result);
  result->slo =
      judge.Judge(result->total, result->measured_length, result->outages, result->outside);
  result->ledger = outcome.ledger;
  for (const auto& [op, counts] : outcome.messages)
    result->messages.push_back({result->op_names[op], counts});
  JudgeLedgerObjectives(result);
  for (const auto& rows : {MessageRows(*result), LedgerRows(*result)})
    result->checks.insert(result->checks.begin(), rows.begin(), rows.end());
  JudgeValidity(result->judged_as, result);
}

// What the system says may repeat what it was sent.
void RemoveUnstored(const std::vector<std::string>& unstored, RunResult* result) {
  const auto clean = [&](std::string* text) { *text = Redact(*text, unstored); };
  for (auto* texts : {&result->invalid, &result->warnings})
    std::ranges::for_each(*texts, [&](std::string& text) { clean(&text); });
  for (auto* facts : {&result->provenance.system_facts, &result->provenance.system_after})
    for (auto& [name, text] : *facts) clean(&text);
  for (CheckResult& check : result->checks)
    for (std::string* text : {&check.what, &check.target, &check.measured}) clean(text);
  for (EventRecord& event : result->events)
    for (std::string* text : {&event.name, &event.output, &event.why}) clean(text);
  for (OutageResult& outage : result->outages)
    for (std::string* text : {&outage.event, &outage.note}) clean(text);
  for (SystemRecord& system : result->systems) clean(&system.system);
  for (SetUpRecord& done : result->load.set_up) clean(&done.name);
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

// Of an error that goes to people.
tl::unexpected<Error> WithoutSecrets(const Error& error, const RunPlan& plan) {
  return tl::unexpected<Error>(Error{error.kind, Redact(error.message, plan.secrets)});
}

// report.html in the folder of a result, replaced in one step. What is stored stays as it is,
// whatever happens to the page.
Status WriteRunPage(const std::string& folder, RunFindings* found) {
  PageSource source{.version = MBENCH_VERSION};
  Result<PageRun> run = ReadPageRun(folder);
  if (!run) return Failed(run);
  *found = FindIn(*run);
  source.b.push_back(*std::move(run));
  return ReplaceFile(folder + "/report.html", RenderPage(MakePageModel(source)));
}

void Store(Recording* recording, StoredRun* run) {
  run->stored = recording->writer()->Finish(run->result);
  if (run->stored) run->page = WriteRunPage(run->result.folder, &run->found);
}

}  // namespace

bool StoredRun::Broken() const {
  return std::ranges::any_of(result.slo,
                             [](const SloResult& slo) { return slo.judged && !slo.held; }) ||
         std::ranges::any_of(result.outages, &OutageResult::Broken) ||
         std::ranges::any_of(result.checks, [](const CheckResult& check) { return !check.ok; });
}

bool StoredRun::Unjudged() const {
  return std::ranges::any_of(result.slo, [](const SloResult& slo) { return !slo.judged; });
}

Result<StoredRun> RunAndStore(const RunPlan& plan, const RunPlace& place) {
  std::optional<RankedRun> ranked;  // nothing: it is alone
  if (place.ranks != nullptr) ranked.emplace(*place.ranks, plan);
  const bool stores = place.ranks == nullptr || place.ranks->IsFirst();
  const auto agree = [&](const Status& mine) { return ranked ? ranked->Agree(mine) : mine; };

  if (Status writable = agree(stores ? CheckWritable(place.root) : Status()); !writable)
    return WithoutSecrets(writable.error(), plan);
  Clock::Calibrate();

  const std::unique_ptr<Driver> driver = MakeDriver(plan);
  driver->SetTimeout(plan.engine.timeout);
  const Result<DriverFacts> facts = driver->Open();
  if (Status open = agree(facts ? Status() : Failed(facts)); !open)
    return WithoutSecrets(open.error(), plan);

  StoredRun run;
  run.result = MakeRunHead(plan, *facts);
  SloJudge judge(plan.slo, run.result.op_names);
  OutageJudge outages(plan.events, plan.recovered, run.result.op_names);
  {
    const Watching watching(place.watchers, {&plan, &run.result, place.label});
    Recording recording(place.root, &run.result, &judge, &outages, place.watchers);
    RunObserver* observer = &recording;
    if (ranked) {
      ranked->Begin(run.result, stores ? &recording : nullptr, stores ? place.watchers : nullptr);
      observer = &*ranked;
    }
    Conductor conductor(plan, *facts, driver.get(), observer, ranked ? &*ranked : nullptr);
    const InterruptGuard guard(&conductor);
    Result<RunOutcome> outcome = conductor.Run();
    if (!outcome) return WithoutSecrets(outcome.error(), plan);
    if (ranked && outcome->workers > 0) ranked->Merge(&*outcome);
    run.interrupted = outcome->interrupted;
    run.unreachable = outcome->unreachable;
    run.result.load = outcome->load;
    run.measured = recording.writer() != nullptr;
    if (run.measured) {
      if (ranked) ranked->Describe(&run.result);
      Complete(*outcome, judge, &outages, &run.result);
      run.result.systems = SystemRecords(plan, *driver);
      RemoveUnstored(plan.unstored, &run.result);
      Store(&recording, &run);
    }
  }  // who watches sees the end before the result is handed on
  return run;
}

}  // namespace mbench
