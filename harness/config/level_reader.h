// SPDX-License-Identifier: Apache-2.0
//
// Levels of the load: 64 (clients, closed model) or 5k/s (a rate, open model).
//
// The model may be stated, or follows from the first level that tells. All levels must agree.
#pragma once

#include <optional>
#include <string_view>

#include "harness/config/map_reader.h"
#include "harness/plan/run_plan.h"

namespace mbench {

class LevelReader {
 public:
  void State(LoadModel model) {
    model_ = model;
    stated_ = true;
  }

  // Reads one level; it must be there.
  void Read(MapReader* map, std::string_view key, double* level);

  // The model that the file states, or that the units of its levels tell; nullopt: neither.
  std::optional<LoadModel> Model() const { return model_; }

 private:
  bool Agrees(LoadModel model, const ValueNode& node, Mistakes* mistakes);

  std::optional<LoadModel> model_;
  bool stated_ = false;
  Place seen_;
};

}  // namespace mbench
