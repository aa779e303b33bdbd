// SPDX-License-Identifier: Apache-2.0
#include "drivers/systems/systems_observer.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace mbench {
namespace {

// Who has not answered by then is late.
constexpr auto kPatience = std::chrono::milliseconds(900);

void AddRemarks(const std::string& name, const SystemRemarks& from, SystemRemarks* to) {
  const auto titled = [&](const std::string& text) { return name + ": " + text; };
  for (const auto& [fact, value] : from.facts) to->facts.emplace(titled(fact), value);
  for (const std::string& warning : from.warnings) to->warnings.push_back(titled(warning));
  for (const std::string& reason : from.invalid) to->invalid.push_back(titled(reason));
}

}  // namespace

// One system's thread.
class SystemsObserver::Asker {
 public:
  explicit Asker(SystemObserver* observer)
      : observer_(observer), thread_([this](const std::stop_token& stop) { Run(stop); }) {}

  // Unless it is still being asked.
  void Ask() {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
    changed_.notify_all();
  }

  // What it said; nothing when it has not by `due`.
  SystemFigures TakeBy(std::chrono::steady_clock::time_point due) {
    std::unique_lock lock(mutex_);
    // Not what an answer that came too late has left: that was of the second before.
    changed_.wait_until(lock, due, [this] { return !wanted_; });
    if (wanted_) return {};
    return std::exchange(said_, std::nullopt).value_or(SystemFigures());
  }

 private:
  void Run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return wanted_; })) {
      lock.unlock();
      SystemFigures figures = observer_->Observe();
      lock.lock();
      wanted_ = false;
      said_ = std::move(figures);
      changed_.notify_all();
    }
  }

  SystemObserver* const observer_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool wanted_ = false;
  std::optional<SystemFigures> said_;
  std::jthread thread_;  // the last member: ends before the others do
};

SystemsObserver::SystemsObserver(std::vector<NamedObserver> systems)
    : systems_(std::move(systems)), statements_(systems_.size()), askers_(systems_.size()) {}

SystemsObserver::~SystemsObserver() = default;

void SystemsObserver::SetStatements(std::vector<std::vector<std::size_t>> of_systems) {
  statements_ = std::move(of_systems);
}

SystemFigures SystemsObserver::Observe() {
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    if (systems_[i].observer == nullptr) continue;
    if (askers_[i] == nullptr) askers_[i] = std::make_unique<Asker>(systems_[i].observer);
    askers_[i]->Ask();
  }
  SystemFigures all;
  const auto due = std::chrono::steady_clock::now() + kPatience;
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    if (askers_[i] == nullptr) continue;
    for (const auto& [figure, value] : askers_[i]->TakeBy(due))
      all.emplace(systems_[i].name + "." + figure, value);
  }
  return all;
}

SystemRemarks SystemsObserver::Examine(const std::vector<std::vector<std::string>>& samples) {
  SystemRemarks all;
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    if (systems_[i].observer == nullptr) continue;
    std::vector<std::vector<std::string>> own;
    for (const std::size_t statement : statements_[i]) own.push_back(samples[statement]);
    AddRemarks(systems_[i].name, systems_[i].observer->Examine(own), &all);
  }
  return all;
}

// Nobody is being asked any more.
SystemRemarks SystemsObserver::ExamineAfter() {
  for (std::unique_ptr<Asker>& asker : askers_) asker.reset();
  SystemRemarks all;
  for (const NamedObserver& one : systems_)
    if (one.observer != nullptr) AddRemarks(one.name, one.observer->ExamineAfter(), &all);
  return all;
}

std::vector<Finding> SystemsObserver::Advise(std::uint64_t memory_bytes) {
  std::vector<Finding> all;
  for (const NamedObserver& one : systems_) {
    if (one.observer == nullptr) continue;
    for (Finding& finding : one.observer->Advise(memory_bytes)) {
      finding.name = one.name + ": " + finding.name;
      all.push_back(std::move(finding));
    }
  }
  return all;
}

}  // namespace mbench
