// SPDX-License-Identifier: Apache-2.0
//
// The facet of a driver whose system says something of itself.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/finding.h"

namespace mbench {

// What a system says of itself just now, by name with unit: "cache_used_bytes", "reads_per_s". What
// it counts is told per second, since the last look.
using SystemFigures = std::map<std::string, double>;

// What a look at the system has found, for who reads the result.
struct SystemRemarks {
  std::map<std::string, std::string> facts = {};  // "storage engine" -> "wiredTiger"
  std::vector<std::string> warnings = {};         // whole sentences, without values of single ops
  std::vector<std::string> invalid = {};          // the same: why nobody may judge by this run
};

// A warning about a line with TLS whose other end could be anybody.
inline constexpr std::string_view kUnverifiedServer =
    "the certificate of the server was not checked, so that another one may have answered";

class SystemObserver {
 public:
  virtual ~SystemObserver() = default;

  // Called about once a second while sessions work, off the way of their ops. May block for a
  // second; what cannot be learnt is left out. Thread: one, which may be another than that of other
  // calls.
  virtual SystemFigures Observe() = 0;

  // A look at how the system is set up, and at how it would do the statements of the run. Called
  // once, when the data are there and nothing is measured yet. `samples`: arguments of each
  // statement.
  virtual SystemRemarks Examine(const std::vector<std::vector<std::string>>& samples) = 0;

  // The same look when all sessions and watchers of the run are gone: facts that may have changed,
  // under the same names, and what the run came to in the eyes of the driver.
  virtual SystemRemarks ExamineAfter() = 0;

  // How it is set up, held against what guides to production ask for (`mbench doctor URL`). There
  // may be no run; nothing is changed. `memory_bytes`: of the host it is on; 0: that is another one
  // than ours. Empty: it has nothing to say.
  virtual std::vector<Finding> Advise(std::uint64_t memory_bytes) {
    (void)memory_bytes;
    return {};
  }
};

}  // namespace mbench
