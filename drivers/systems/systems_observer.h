// SPDX-License-Identifier: Apache-2.0
//
// What several systems say of themselves, as one.
//
// Each is asked in a thread of its own, so that one that does not answer takes nothing from the
// others: what it says late belongs to the next look.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/observer.h"

namespace mbench {

struct NamedObserver {
  std::string name;
  SystemObserver* observer;  // nullptr: it says nothing
};

class SystemsObserver final : public SystemObserver {
 public:
  // In the order of the run's systems. Outlived by the observers.
  explicit SystemsObserver(std::vector<NamedObserver> systems);
  ~SystemsObserver() override;

  // Of each system's statements, by their place among those of the run. To be called before
  // Examine.
  void SetStatements(std::vector<std::vector<std::size_t>> of_systems);

  SystemFigures Observe() override;  // "cache.hits_per_s"
  SystemRemarks Examine(const std::vector<std::vector<std::string>>& samples) override;
  SystemRemarks ExamineAfter() override;
  std::vector<Finding> Advise(std::uint64_t memory_bytes) override;  // "cache: maxmemory"

 private:
  class Asker;

  const std::vector<NamedObserver> systems_;
  std::vector<std::vector<std::size_t>> statements_;  // by system
  std::vector<std::unique_ptr<Asker>> askers_;        // by system, from the first Observe on
};

}  // namespace mbench
