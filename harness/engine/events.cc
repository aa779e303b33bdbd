// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/events.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "harness/base/secrets.h"
#include "harness/base/units.h"
#include "harness/engine/http_question.h"
#include "harness/engine/shell.h"

namespace mbench {
namespace {

bool HoldsSecret(std::string_view name, std::string_view value, const RunPlan& plan) {
  if (LooksSecret(name) || !PasswordInUri(value).empty()) return true;
  return std::ranges::any_of(plan.secrets, [&](const std::string& secret) {
    return secret.size() >= 4 && value.find(secret) != std::string_view::npos;
  });
}

// The end of what was said, without secrets: cut between lines where it was cut at all, so that no
// half of a secret stays at its begin.
std::string TailOf(const ShellEnd& end, const EventPlan& event, const RunPlan& plan) {
  std::vector<std::string> hidden = plan.unstored;
  for (const std::string& name : event.environment)
    if (const char* const value = getenv(name.c_str()); value != nullptr && *value != '\0')
      hidden.emplace_back(value);
  std::string text = Redact(end.output, hidden);
  const bool is_cut = end.output_bytes > end.output.size() || text.size() > Events::kKeptOutput;
  if (!is_cut) return text;
  text.erase(0, text.size() - std::min(text.size(), Events::kKeptOutput));
  const std::size_t line = text.find('\n');
  if (line != std::string::npos && line + 1 < text.size()) text.erase(0, line + 1);
  return text;
}

void Fail(EventRecord* record, std::string why) {
  record->end = EventEnd::kFailed;
  record->why = std::move(why);
}

}  // namespace

std::vector<std::string> EnvironmentOf(const EventPlan& event, const RunPlan& plan) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::string_view name = text.substr(0, text.find('='));
    const std::string_view value = text.substr(std::min(text.size(), name.size() + 1));
    const bool is_wanted = std::ranges::find(event.environment, name) != event.environment.end();
    if (is_wanted || !HoldsSecret(name, value, plan)) variables.emplace_back(text);
  }
  return variables;
}

Events::Events(const RunPlan& plan, const PhaseTimes* times)
    : plan_(plan), times_(times), states_(plan.events.size()) {
  for (std::size_t i = 0; i < plan.events.size(); ++i)
    threads_.emplace_back([this, i] { RunOne(i); });
}

Events::~Events() { Finish(); }

// ---- when ----

bool Events::AwaitTime(Ticks time) {
  Clock::SleepUntil(time, &over_);
  return Clock::Now() >= time;
}

bool Events::AwaitOther(const EventAfter& after, Ticks* time, EventRecord* record) {
  const auto other = std::ranges::find(plan_.events, after.event, &EventPlan::name);
  const State& state = states_[static_cast<std::size_t>(other - plan_.events.begin())];
  std::unique_lock lock(mutex_);
  changed_.wait(lock,
                [&] { return over_ || state.over || (after.its_begin && state.begun != kNever); });
  const Ticks base = after.its_begin ? state.begun : state.ended;
  const bool is_there = base != kNever && (after.its_begin || state.over);
  if (over_) return false;
  if (is_there && !(state.stops_others && !after.its_begin)) {
    *time = base + after.delay;
    return true;
  }
  if (state.over)
    record->why = fmt::format("did not begin, because '{}' did not succeed", after.event);
  return false;
}

bool Events::AwaitTurn(std::size_t index, EventRecord* record) {
  const EventPlan& plan = plan_.events[index];
  Ticks time = times_->zero + plan.at;
  record->why = "did not begin before the end of the run";
  if (plan.after && !AwaitOther(*plan.after, &time, record)) return false;
  if (!AwaitTime(time) || (plan.after && over_)) return false;
  record->why.clear();
  return true;
}

void Events::RunOne(std::size_t index) {
  const EventPlan& plan = plan_.events[index];
  EventRecord record{.name = plan.name, .must_succeed = plan.must_succeed};
  bool is_well = AwaitTurn(index, &record);
  if (!is_well) {
    record.end = EventEnd::kSkipped;
    Note(record);
  }
  for (std::uint32_t round = 1; is_well && round <= plan.times; ++round) {
    const Ticks now = Clock::Now();
    record = {.at = now - times_->zero,
              .name = plan.name,
              .must_succeed = plan.must_succeed,
              .round = round};
    {
      const std::lock_guard lock(mutex_);
      if (round == 1) states_[index].begun = now;
      begun_.push_back({index, round, record.at});
      changed_.notify_all();
    }
    Do(plan, &record);
    record.took = Clock::Now() - now;
    is_well = record.end == EventEnd::kDone || !plan.must_succeed;
    Note(record);
    if (round < plan.times && !AwaitTime(now + plan.every)) break;
    if (over_) break;
  }
  const std::lock_guard lock(mutex_);
  states_[index].ended = states_[index].begun == kNever ? kNever : Clock::Now();
  states_[index].stops_others = !is_well;
  states_[index].over = true;
  changed_.notify_all();
}

// ---- what ----

void Events::Do(const EventPlan& plan, EventRecord* record) {
  if (!plan.run.empty()) RunCommand(plan, record);
  if (plan.wait_for && record->end == EventEnd::kDone) AwaitTruth(plan, record);
}

void Events::RunCommand(const EventPlan& plan, EventRecord* record) {
  const std::vector<std::string> environment = EnvironmentOf(plan, plan_);
  const Ticks until = plan.limit > 0 ? Clock::Now() + plan.limit : kNever;
  const ShellEnd end =
      RunShell({.command = plan.run,
                .environment = &environment,
                .keep = 2 * kKeptOutput,  // a secret at the cut is whole, or in what is cut off
                .give_up = [&] { return MustEnd() || Clock::Now() >= until; }});
  record->exit_code = end.exit_code;
  record->output = TailOf(end, plan, plan_);
  record->output_bytes = end.output_bytes;
  if (end.killed && Clock::Now() >= until) {
    Fail(record, fmt::format("took longer than its limit of {} and was killed",
                             FormatDuration(plan.limit)));
  } else if (end.killed) {
    record->end = EventEnd::kKilled;
    record->why = "still ran when the run was over and was killed, with what it had started";
  } else if (end.exit_code != 0) {
    Fail(record, fmt::format("failed with exit code {}", end.exit_code));
  }
}

std::string Events::Ask(const WaitPlan& wait, const std::vector<std::string>& environment,
                        const std::function<bool()>& give_up) const {
  if (!wait.http.empty()) return AskHttp(wait.http, wait.status);
  const ShellEnd end =
      RunShell({.command = wait.run, .environment = &environment, .keep = 1, .give_up = give_up});
  return end.exit_code == 0 ? "" : fmt::format("exit code {}", end.exit_code);
}

void Events::AwaitTruth(const EventPlan& plan, EventRecord* record) {
  const WaitPlan& wait = *plan.wait_for;
  const std::vector<std::string> environment = EnvironmentOf(plan, plan_);
  const Ticks until = Clock::Now() + wait.limit;
  std::string last;
  for (Ticks next = Clock::Now();; next += wait.every) {
    last = Ask(wait, environment, [&] { return MustEnd() || Clock::Now() >= until; });
    if (last.empty()) return;
    if (over_ || Clock::Now() >= until) break;
    next = std::max(next, Clock::Now() - wait.every);
    Clock::SleepUntil(std::min(next + wait.every, until), &over_);
  }
  if (Clock::Now() < until) {
    record->end = EventEnd::kKilled;
    record->why =
        fmt::format("still waited when the run was over: {}", Redact(last, plan_.unstored));
    return;
  }
  Fail(record, fmt::format("waited for {} in vain: {}", FormatDuration(wait.limit),
                           Redact(last, plan_.unstored)));
}

// ---- what came of it ----

void Events::Note(EventRecord record) {
  const std::lock_guard lock(mutex_);
  (record.end == EventEnd::kSkipped ? skipped_ : records_).push_back(std::move(record));
}

std::vector<Events::Begun> Events::TakeBegun() {
  const std::lock_guard lock(mutex_);
  return std::exchange(begun_, {});
}

std::vector<EventRecord> Events::Finish() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    if (kill_at_ == kNever) kill_at_ = Clock::Now() + kGrace;
    changed_.notify_all();
  }
  for (std::jthread& thread : threads_) thread.join();
  threads_.clear();
  std::ranges::stable_sort(records_, std::less<>(), &EventRecord::at);
  std::vector<EventRecord> all = records_;
  all.insert(all.end(), skipped_.begin(), skipped_.end());
  return all;
}

}  // namespace mbench
