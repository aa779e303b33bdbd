// SPDX-License-Identifier: Apache-2.0
//
// What the process answers to the shell. Part of the interface: scripts and CI depend on it.
#pragma once

#include "harness/base/result.h"

namespace mbench {

enum class ExitCode : int {
  kPass = 0,
  kBroken = 1,  // an SLO does not hold, or a regression
  kUsage = 2,   // command line, configuration, a path
  kInconclusive = 3,
  kInvalid = 4,      // a run or a result that no verdict may be drawn from
  kUnreachable = 5,  // the system under test
  kFault = 70,       // a bug of ours, as sysexits.h numbers it
  kInterrupted = 130,
};

inline ExitCode ExitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return ExitCode::kUsage;
    case ErrorKind::kUnreachable:
      return ExitCode::kUnreachable;
    case ErrorKind::kInvalid:
      return ExitCode::kInvalid;
  }
  return ExitCode::kUsage;
}

}  // namespace mbench
