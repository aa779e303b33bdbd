// SPDX-License-Identifier: Apache-2.0
//
// The parts of a workload file, one function each, in the order of workloads/README.md. Each reads
// its node into its part of the plan and reports all that is wrong there.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "harness/config/map_reader.h"
#include "harness/config/workload_reader.h"
#include "harness/config/yaml_tree.h"

namespace mbench {

struct ReadState {
  const ReadContext& context;
  Mistakes* mistakes;
  RunPlan* plan;
};

void ReadDriver(const YamlNode& node, const ReadState& state);  // read_driver.cc
void ReadData(const YamlNode& node, const ReadState& state);    // read_data.cc
// Leaves rows without columns behind when something is wrong.
void ReadRows(const YamlNode& node, const ReadState& state);        // read_rows.cc
void ReadLoad(const YamlNode& node, const ReadState& state);        // read_load.cc
void ReadKeys(const YamlNode& node, const ReadState& state);        // read_keys.cc
void ReadMix(const YamlNode& node, const ReadState& state);         // read_mix.cc
void ReadScan(const YamlNode& node, const ReadState& state);        // read_mix.cc
void ReadFields(const YamlNode& node, const ReadState& state);      // read_mix.cc
void ReadGenerators(const YamlNode& node, const ReadState& state);  // read_generators.cc
void ReadStatements(const YamlNode& node, const ReadState& state);  // read_statements.cc; after
                                                                    // generators
// The statements of `data`, whose other keys ReadData reads. After generators.
void ReadDataStatements(const YamlNode& data, const YamlNode* generators,
                        const ReadState& state);                 // read_statements.cc
void ReadVerify(const YamlNode& node, const ReadState& state);   // read_statements.cc
void ReadSlo(const YamlNode& node, const ReadState& state);      // read_rest.cc; after mix
void ReadCompare(const YamlNode& node, const ReadState& state);  // read_compare.cc; after mix
void ReadEvents(const YamlNode& node, const ReadState& state);   // read_rest.cc; after load
void ReadRun(const YamlNode& node, const ReadState& state);      // read_rest.cc

// Texts with weights, or without.
void ReadPicks(const YamlNode& node, const ReadState& state,
               GeneratorPlan* generator);  // read_generators.cc
// How the numbers of a generator, or its dates, may be chosen.
inline constexpr std::initializer_list<KeyChoice> kNumberChoices = {
    KeyChoice::kUniform, KeyChoice::kSequential, KeyChoice::kZipfian};
// False when the map is none of a generator of people, amounts, dates, places and ids.
bool ReadRealistic(MapReader* map, const ReadState& state,
                   GeneratorPlan* generator);  // read_realistic.cc

// What the ops of the mix are called.
std::vector<std::string_view> OpNamesOf(const MixPlan& mix);  // read_rest.cc
// False when `node` is no list, which is reported.
bool IsList(const YamlNode& node, std::string_view what, std::string_view example,
            const ReadState& state);  // read_rest.cc

// One stage of the load. `map` may hold the keys of the load as a whole too, when there is but one.
class LevelReader;
void ReadStage(MapReader* map, const ReadState& state, LevelReader* levels, StagePlan* stage);

}  // namespace mbench
