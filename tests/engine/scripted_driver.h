// SPDX-License-Identifier: Apache-2.0
//
// A driver for tests that knows statements: it remembers what it was prepared with and asked, and
// answers with the steps and labels that its script says.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "drivers/driver.h"
#include "drivers/marked_store.h"
#include "drivers/observer.h"

namespace mbench {

class ScriptedDriver : public Driver,
                       public StatementPreparer,
                       public MarkedStore,
                       public SystemObserver {
 public:
  // One op's answer: steps that completed, by label, then the end with a label of its own.
  struct Answer {
    std::vector<std::uint16_t> steps = {};
    std::uint16_t label = 0;
    Outcome outcome = Outcome::kOk;
    std::uint16_t error = 0;
  };

  Result<DriverFacts> Open() override { return facts; }
  StatementPreparer* Preparer() override { return this; }
  MarkedStore* Store() override { return facts.verbs ? this : nullptr; }
  SystemObserver* Observer() override { return observes ? this : nullptr; }

  Status Prepare(StatementSet statements) override {
    events.emplace_back("prepare");
    prepared = statements[SessionPhase::kRun];
    checks = statements.checks;
    return prepare_answer;
  }
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override;
  Result<StoredData> Look() override { return stored; }
  Status Clear() override { return {}; }
  Status SetDataset(std::string_view mark) override {
    dataset = mark;
    return {};
  }
  SystemFigures Observe() override { return {{"looks", static_cast<double>(++looks)}}; }
  SystemRemarks Examine(const std::vector<std::vector<std::string>>& samples) override {
    events.emplace_back("examine");
    examined = samples;
    return {.facts = {{"engine", "paper"}}, .warnings = {"it is made of paper"}};
  }
  SystemRemarks ExamineAfter() override { return {}; }

  DriverFacts facts = {.system = "script"};
  bool observes = true;
  StoredData stored;  // what is there
  Status prepare_answer;
  // What becomes of the n-th op of a session, counted from 0.
  std::function<Answer(const Op&, std::uint64_t n)> script = [](const Op&, std::uint64_t) {
    return Answer{};
  };

  std::vector<StatementSpec> prepared, checks;
  std::string dataset;  // the mark that was set last
  std::atomic<int> looks{0};
  std::atomic<int> idle_looks{0};  // of its sessions, at nothing in flight
  std::vector<std::vector<std::string>> examined;
  std::mutex mutex;  // what follows
  std::vector<std::string> events;
  std::uint64_t inserts = 0;
  std::set<std::vector<std::string>> arguments;  // of the statements it was asked
};

// Steps one after another, each of the same length of time; the first one within Submit.
class ScriptedSession : public Session {
 public:
  static constexpr Ticks kStep = 1000;

  explicit ScriptedSession(ScriptedDriver* driver) : driver_(driver) {}

  std::size_t Submit(std::span<const Op> ops, Completions& done) override {
    for (const Op& op : ops) {
      Note(op);
      under_way_.push_back({op.slot, driver_->script(op, count_++)});
      Advance(under_way_.back(), done);
    }
    std::erase_if(under_way_, [](const UnderWay& op) { return op.ended; });
    return ops.size();
  }
  void Poll(Ticks /*until*/, Completions& done) override {
    if (under_way_.empty()) ++driver_->idle_looks;
    for (UnderWay& op : under_way_) Advance(op, done);
    std::erase_if(under_way_, [](const UnderWay& op) { return op.ended; });
  }
  std::string DescribeError(std::uint16_t error) const override {
    return "error " + std::to_string(error);
  }
  std::string DescribeLabel(std::uint16_t label) const override {
    return "label " + std::to_string(label);
  }

 private:
  struct UnderWay {
    std::uint32_t slot;
    ScriptedDriver::Answer answer;
    std::size_t done = 0;  // steps
    Ticks started = 0;
    bool ended = false;
  };

  void Note(const Op& op) {
    const std::lock_guard lock(driver_->mutex);
    driver_->inserts += op.kind == OpKind::kInsert ? 1 : 0;
    if (op.kind != OpKind::kStatement || driver_->arguments.size() > 100) return;
    driver_->arguments.insert({op.arguments.begin(), op.arguments.end()});
  }

  static void Advance(UnderWay& op, Completions& done) {
    const Ticks now = Clock::Now();
    if (op.started == 0) op.started = now - kStep;
    if (op.done < op.answer.steps.size()) {
      done.AddStep({.slot = op.slot,
                    .label = op.answer.steps[op.done++],
                    .started = now - kStep,
                    .finished = now});
      return;
    }
    op.ended = true;
    done.Add({.slot = op.slot,
              .error = op.answer.error,
              .label = op.answer.label,
              .outcome = op.answer.outcome,
              .started = op.started,
              .finished = now});
  }

  ScriptedDriver* driver_;
  std::uint64_t count_ = 0;
  std::deque<UnderWay> under_way_;
};

inline Result<std::unique_ptr<Session>> ScriptedDriver::NewSession(const SessionPlan& /*plan*/) {
  const std::lock_guard lock(mutex);
  events.emplace_back("session");
  return std::make_unique<ScriptedSession>(this);
}

}  // namespace mbench
