// SPDX-License-Identifier: Apache-2.0
//
// The parts that the ops of a run turn out to have (stats/interval.h), numbered over all workers.
//
// Labels have codes of their own in every session; the same name is the same part. The first
// kMostParts of an op keep their names, all later ones share one more part.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "harness/stats/interval.h"

namespace mbench {

// Thread: any. Locks; to be asked once for every label a session comes up with.
class PartNames {
 public:
  explicit PartNames(std::vector<std::string> op_names)
      : op_names_(std::move(op_names)), labels_(op_names_.size()) {}

  // The number of a part within its op, from 0 on; kMostParts: one of the others.
  std::size_t Number(std::uint16_t op_index, std::string label);
  // "<op>:<label>". REQUIRES: `part` is kMostParts or was returned by Number.
  std::string Name(std::size_t op_index, std::size_t part) const;

 private:
  const std::vector<std::string> op_names_;
  mutable std::mutex mutex_;
  std::vector<std::vector<std::string>> labels_;  // by op
};

}  // namespace mbench
