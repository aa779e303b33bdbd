// SPDX-License-Identifier: Apache-2.0
#include "harness/config/workload_reader.h"

#include <algorithm>

#include "harness/base/environment.h"
#include "harness/base/text.h"
#include "harness/config/driver_options.h"
#include "harness/config/foreign_files.h"
#include "harness/config/overrides.h"
#include "harness/config/sections.h"
#include "harness/config/text_file.h"
#include "harness/config/variables.h"

namespace mbench {
namespace {

constexpr std::string_view kFileExample = "{driver: ..., load: ..., mix: ...}";

// A run's name becomes the name of a folder.
void ReadName(MapReader* map, RunPlan* plan) {
  if (!map->Text("name", &plan->name)) return;
  const bool fits = !plan->name.empty() && plan->name.size() <= 100 && plan->name.front() != '.' &&
                    plan->name.find_first_not_of(kNameLetters) == std::string::npos;
  if (!fits) {
    map->Complain(
        "name",
        fmt::format("{} is no name of a run; expected at most 100 letters, digits, - _ and ., the "
                    "first of them no dot",
                    Quote(plan->name)));
  }
}

void ReadSection(MapReader* map, std::string_view key, const ReadState& state,
                 void (*read)(const ValueNode&, const ReadState&)) {
  if (const ValueNode* const node = map->Find(key)) read(*node, state);
}

void RequireSections(MapReader* map) {
  if (!map->Has("systems")) map->Need("driver", "driver: {use: rocksdb, path: data/store}");
  map->Need("load", "load: {profile: steady, at: 16, over: 60s}");
  if (!map->Has("statements")) map->Need("mix", "mix: {read: 95, update: 5}");
}

// Records that a run of a known number of ops is expected to insert: twice its share, as YCSB
// reckons, so that scrambled keys stay where they are when there are more.
void GuessInserts(const MapReader& map, RunPlan* plan) {
  if (plan->keys.choose != KeyChoice::kScrambled || plan->load.ops == 0) return;
  const ValueNode* const keys = map.Node().Child("keys");
  if (keys != nullptr && keys->Child("expected_inserts") != nullptr) return;
  double sum = 0;
  for (const double weight : plan->mix.weights) sum += weight;
  for (const StatementSpec& statement : plan->mix.statements) sum += statement.weight;
  const double share = plan->mix.weights[static_cast<std::size_t>(Verb::kInsert)] / sum;
  plan->keys.expected_inserts =
      static_cast<std::uint64_t>(static_cast<double>(plan->load.ops) * share * 2);
}

// A longer time-out needs a longer drain, or ops would be cut off before it.
void FitDrain(const MapReader& map, RunPlan* plan) {
  const ValueNode* const load = map.Node().Child("load");
  if (load != nullptr && load->Child("drain") != nullptr) return;
  plan->load.drain = std::max(plan->load.drain, plan->engine.timeout + kSecond);
}

void ReadWhatIsDriven(MapReader* map, ReadState* state) {
  const ValueNode* const systems = map->Find("systems");
  if (systems != nullptr && map->Has("driver")) {
    map->Refuse("driver",
                "driver is for a file with one system, and this one has systems; write it as one "
                "of them");
  }
  if (systems != nullptr)
    ReadSystems(*systems, state);
  else if (const ValueNode* const driver = map->Find("driver"))
    ReadDriver(*driver, state);
}

void ReadSections(const ValueNode& root, ReadState state) {
  MapReader map(root, "the file", kFileExample, state.mistakes);
  ReadName(&map, state.plan);
  map.Text("about", &state.plan->about);
  RequireSections(&map);
  ReadWhatIsDriven(&map, &state);
  ReadSection(&map, "data", state, ReadData);
  ReadSection(&map, "load", state, ReadLoad);
  ReadSection(&map, "keys", state, ReadKeys);
  ReadSection(&map, "mix", state, ReadMix);
  ReadSection(&map, "scan", state, ReadScan);
  ReadSection(&map, "fields", state, ReadFields);
  if (const ValueNode* const verify = root.Child("verify");
      verify != nullptr && verify->kind != ValueNode::Kind::kScalar) {
    ReadSection(&map, "verify", state, ReadVerify);
  } else {
    map.Flag("verify", &state.plan->verify.reads);
  }
  ReadSection(&map, "generators", state, ReadGenerators);
  ReadSection(&map, "fleet", state, ReadFleet);
  const ValueNode* const data = root.Child("data");
  if (data != nullptr) ReadDataStatements(*data, root.Child("generators"), state);
  const bool loads = data != nullptr && data->Child("load_statement") != nullptr;
  if (map.Has("generators") && !map.Has("statements") && !loads) {
    state.mistakes->Add(root.Child("generators")->key_place,
                        "generators make values for statements, and there are none");
  }
  ReadSection(&map, "statements", state, ReadStatements);
  if (const ValueNode* const fleet = root.Child("fleet"); fleet && state.mistakes->Empty())
    CheckFleetIsUsed(*fleet, state);
  ReadSection(&map, "events", state, ReadEvents);
  ReadSection(&map, "recovered", state, ReadRecovered);
  ReadSection(&map, "slo", state, ReadSlo);
  ReadSection(&map, "retry", state, ReadRetry);
  ReadSection(&map, "breaker", state, ReadBreaker);
  ReadSection(&map, "run", state, ReadRun);
  ReadSection(&map, "compare", state, ReadCompare);
  CheckAbilities(root, state);
  map.Finish();
  if (!state.mistakes->Empty()) return;
  GuessInserts(map, state.plan);
  FitDrain(map, state.plan);
}

bool IsYamlMap(const std::string& text) {
  Mistakes found;
  return ParseYaml(text, found.AddFile("", text), &found).IsMap() && found.Empty();
}

std::optional<RunPlan> ReadPlan(const std::string& text, const std::string& name,
                                const ReadContext& context, Mistakes* mistakes) {
  const std::uint32_t source = context.origins.empty()
                                   ? mistakes->AddFile(name, text)
                                   : mistakes->AddMadeText(text, context.origins);
  if (Trim(text).empty()) {
    mistakes->Add({source},
                  fmt::format("the file is empty; expected a map such as {}", kFileExample));
    return std::nullopt;
  }
  const std::string foreign = DescribeForeignFile(text);
  if (!foreign.empty() && !IsYamlMap(text)) {
    mistakes->Add({source}, foreign);
    return std::nullopt;
  }
  ValueNode root = ParseYaml(text, source, mistakes);
  if (!mistakes->Empty()) return std::nullopt;
  ApplyOverrides(context.overrides, &root, mistakes);
  RunPlan plan;
  plan.file = name;
  plan.name = NameFromFile(name);
  plan.source_text = text;
  ExpandTree(context.environment ? context.environment : ProcessEnvironment, &root, &plan,
             mistakes);
  ReadSections(root, {context, mistakes, &plan});
  SortSecrets(&plan);
  return plan;
}

}  // namespace

Result<RunPlan> ReadWorkloadText(std::string_view text, const std::string& name,
                                 const ReadContext& context) {
  Mistakes mistakes;
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string wrong = DescribeBinary(text);
  if (text.size() > kLargestTextFile)
    wrong = "it is larger than 1MiB; a workload needs some dozens of lines";
  if (!wrong.empty()) {
    mistakes.Add({mistakes.AddFile(name, "")}, wrong);
    return tl::unexpected<Error>(mistakes.ToError());
  }
  std::optional<RunPlan> plan = ReadPlan(std::string(text), name, context, &mistakes);
  if (!mistakes.Empty()) return tl::unexpected<Error>(mistakes.ToError());
  return *std::move(plan);
}

Result<RunPlan> ReadWorkloadFile(const std::string& path, const ReadContext& context) {
  const Result<std::string> text = ReadTextFile(path);
  if (text) return ReadWorkloadText(*text, path, context);
  Mistakes mistakes;
  mistakes.Add({mistakes.AddFile(path, "")}, text.error().message);
  return tl::unexpected<Error>(mistakes.ToError());
}

}  // namespace mbench
