// SPDX-License-Identifier: Apache-2.0
//
// Calibrations on disk, beside the baselines: <root>/noise-<identity>.json, one for each thing that
// was calibrated (plan, driver, system, class of host; comparable.h). A calibration of something
// else is never found.
#pragma once

#include <optional>
#include <string>

#include "harness/base/result.h"
#include "reports/compare/calibration.h"

namespace mbench {

struct StoredNoiseFloor {
  std::string workload;
  std::string saved_at;  // UTC
  RunIdentity identity;
  Calibration calibration;  // without the runs that were left out
  std::string path;
};

// The same for two runs exactly when FindDifferences finds none: 16 hexadecimal digits, the same on
// every host and in every version (64-bit FNV-1a of the keys and values).
std::string IdentityKey(const RunIdentity& identity);

// The file as it is stored; also what `mbench calibrate --json` prints.
std::string NoiseFloorJson(const StoredNoiseFloor& stored);

// Before anything is run: whether a noise floor could be kept there. Fails with kUsage.
Status MakeNoiseFloorFolder(const std::string& root);

// Takes the place of an earlier one. Returns its path.
Result<std::string> SaveNoiseFloor(const std::string& root, const StoredNoiseFloor& stored);

// Nothing: there is none. Fails with kInvalid on damage, naming file and place.
Result<std::optional<StoredNoiseFloor>> FindNoiseFloor(const std::string& root,
                                                       const RunIdentity& identity);

}  // namespace mbench
