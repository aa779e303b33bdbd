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

// What else is known of a system of the plan.
struct ReadSystem {
  // nullptr: nothing is known of its driver, or it is not there.
  const DriverLanguage* language = nullptr;
  Place place = {};  // of its name, or of the driver
};

struct ReadState {
  const ReadContext& context;
  Mistakes* mistakes;
  RunPlan* plan;
  std::vector<ReadSystem> systems = {};  // as SystemsOf(*plan); empty: there is none

  // Of the one that verbs go to.
  const DriverLanguage* FirstLanguage() const {
    return systems.empty() ? nullptr : systems.front().language;
  }
};

void ReadDriver(const ValueNode& node, ReadState* state);      // read_driver.cc
void ReadSystems(const ValueNode& node, ReadState* state);     // read_driver.cc
void ReadData(const ValueNode& node, const ReadState& state);  // read_data.cc
// Leaves rows without columns behind when something is wrong.
void ReadRows(const ValueNode& node, const ReadState& state);        // read_rows.cc
void ReadLoad(const ValueNode& node, const ReadState& state);        // read_load.cc
void ReadKeys(const ValueNode& node, const ReadState& state);        // read_keys.cc
void ReadMix(const ValueNode& node, const ReadState& state);         // read_mix.cc
void ReadScan(const ValueNode& node, const ReadState& state);        // read_mix.cc
void ReadFields(const ValueNode& node, const ReadState& state);      // read_mix.cc
void ReadGenerators(const ValueNode& node, const ReadState& state);  // read_generators.cc
void ReadFleet(const ValueNode& node, const ReadState& state);       // read_fleet.cc; after
                                                                     // generators
void ReadStatements(const ValueNode& node, const ReadState& state);  // read_statements.cc; after
                                                                     // generators
// The statements of `data`, whose other keys ReadData reads. After generators.
void ReadDataStatements(const ValueNode& data, const ValueNode* generators,
                        const ReadState& state);                  // read_statements.cc
void ReadVerify(const ValueNode& node, const ReadState& state);   // read_statements.cc
void ReadSlo(const ValueNode& node, const ReadState& state);      // read_rest.cc; after events
void ReadCompare(const ValueNode& node, const ReadState& state);  // read_compare.cc; after mix
void ReadEvents(const ValueNode& node, const ReadState& state);   // read_events.cc; after mix, load
void ReadRecovered(const ValueNode& node, const ReadState& state);  // read_events.cc; after events
void ReadRetry(const ValueNode& node, const ReadState& state);      // read_policy.cc
void ReadBreaker(const ValueNode& node, const ReadState& state);    // read_policy.cc
void ReadRun(const ValueNode& node, const ReadState& state);        // read_rest.cc

// Texts with weights, or without.
void ReadPicks(const ValueNode& node, const ReadState& state,
               GeneratorPlan* generator);  // read_generators.cc
// The skew of a generator that has chosen how it draws.
void ReadTheta(MapReader* map, GeneratorPlan* generator);  // read_generators.cc
// One character between the fields of a CSV file.
void ReadSeparator(MapReader* map, char* separator);  // read_rows.cc
// What a column may be: it has no points.
inline constexpr std::initializer_list<ValueType> kColumnTypes = {
    ValueType::kText,    ValueType::kInteger, ValueType::kDouble,
    ValueType::kDecimal, ValueType::kFlag,    ValueType::kDate};
// How the numbers of a generator, or its dates, may be chosen.
inline constexpr std::initializer_list<KeyChoice> kNumberChoices = {
    KeyChoice::kUniform, KeyChoice::kSequential, KeyChoice::kZipfian};
// False when the map is none of a generator of people, amounts, dates, places and ids.
bool ReadRealistic(MapReader* map, const ReadState& state,
                   GeneratorPlan* generator);  // read_realistic.cc

// A statement of the run that writes points and says no columns gets those of the fleet, in a map
// for each word that the driver knows.
void AddFleetColumns(const ReadState& state, StatementSpec* statement);  // read_fleet.cc
void CheckFleetIsUsed(const ValueNode& fleet, const ReadState& state);   // read_fleet.cc

// What the driver can be known not to do. After all other sections.
void CheckAbilities(const ValueNode& root, const ReadState& state);  // check_abilities.cc

// Whether a system can look for the writes that it was sent.
bool AnyVerifiesWrites(const ReadState& state);
void CheckLedger(const ValueNode& root, const ReadState& state);  // check_ledger.cc
// "": there can be an op, a step or a label that is called so ("pay", "pay:debit"); else why not.
std::string WhyNeverCounted(std::string_view name, const MixPlan& mix);  // check_abilities.cc

// Of all stages, no longer than any load; 0: until so many ops are done.
Ticks LoadLength(const LoadPlan& load);  // read_load.cc

// "": the event declares an outage; else why rto(event) says nothing.
std::string WhyNoRto(std::string_view event, const RunPlan& plan);  // read_events.cc

// What the ops of the mix are called.
std::vector<std::string_view> OpNamesOf(const MixPlan& mix);  // read_rest.cc
// False when `node` is no list, which is reported.
bool IsList(const ValueNode& node, std::string_view what, std::string_view example,
            const ReadState& state);  // read_rest.cc

// One stage of the load. `map` may hold the keys of the load as a whole too, when there is but one.
class LevelReader;
void ReadStage(MapReader* map, const ReadState& state, LevelReader* levels, StagePlan* stage);

}  // namespace mbench
