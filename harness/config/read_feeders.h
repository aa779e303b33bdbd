// SPDX-License-Identifier: Apache-2.0
//
// Generators that take a column of a file: read one by one, then file by file.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/config/sections.h"

namespace mbench {

// What one of them says of its file.
struct Feeder {
  std::size_t generator = 0;  // its number in MixPlan::generators
  std::string path, column, draw = {};
  std::optional<char> separator = {};
  std::optional<ValueType> type = {};
  std::optional<std::pair<KeyChoice, double>> choose = {};  // and theta
  Place place = {}, rows_place = {}, column_place = {};
};

// {rows: users.csv, column: name}: adds what has to be read when all generators are known.
void ReadFeeder(MapReader* map, GeneratorPlan* generator, std::vector<Feeder>* feeders);
// Reads the files, and gives the generators of the plan their rows.
void ReadFeederFiles(const std::vector<Feeder>& feeders, const ReadState& state);

}  // namespace mbench
