// SPDX-License-Identifier: Apache-2.0
//
// The control group of this process, in either version of cgroups(7).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/doctor/root_folder.h"

namespace mbench {

// Of it and of those around it, which limit it too; the innermost first.
class Cgroup {
 public:
  explicit Cgroup(const RootFolder& root);

  // Whether anything is known of it.
  bool Known() const { return !v2_.empty() || !cpu_.empty() || !memory_.empty(); }

  // Cores that it may use at most on average; nullopt: as many as there are.
  std::optional<double> CpuLimit() const;
  // How often it was held back since it was made, and for how long.
  struct Throttled {
    double times = 0, seconds = 0;
  };
  std::optional<Throttled> CpuThrottled() const;
  // nullopt: as much as there is.
  std::optional<double> MemoryLimit() const;

 private:
  const RootFolder& root_;
  std::vector<std::string> v2_, cpu_, memory_;  // folders
};

}  // namespace mbench
