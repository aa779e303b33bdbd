// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/examine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "harness/base/text.h"

namespace mbench::mongodb {
namespace {

// More documents looked at than this, and so many times as many as were returned, is worth a word.
constexpr std::int64_t kManyDocuments = 100;
constexpr std::int64_t kManyTimes = 10;
constexpr std::int32_t kLongestExplainMs = 10'000;

// The texts called `stage` below, those further in first. Plans are nested by `inputStage`.
void CollectStages(const bson_iter_t& parent, std::vector<std::string>* stages) {
  bson_iter_t at;
  if (!bson_iter_recurse(&parent, &at)) return;
  std::string own;
  while (bson_iter_next(&at)) {
    if (BSON_ITER_HOLDS_DOCUMENT(&at) || BSON_ITER_HOLDS_ARRAY(&at)) CollectStages(at, stages);
    const bool named = std::string_view(bson_iter_key(&at)) == "stage" && BSON_ITER_HOLDS_UTF8(&at);
    if (named) own = bson_iter_utf8(&at, nullptr);
  }
  if (!own.empty()) stages->push_back(own);
}

void ReadExecution(const bson_iter_t& stats, Plan* plan) {
  bson_iter_t at;
  if (!bson_iter_recurse(&stats, &at)) return;
  while (bson_iter_next(&at)) {
    const std::string_view key = bson_iter_key(&at);
    if (key == "totalKeysExamined") plan->keys_examined += bson_iter_as_int64(&at);
    if (key == "totalDocsExamined") plan->documents_examined += bson_iter_as_int64(&at);
    if (key == "nReturned") plan->returned += bson_iter_as_int64(&at);
  }
}

// `winningPlan` and `executionStats` stand at the top, in the first stage of an aggregation, or
// once for each shard. Those of a shard are summed by the server too, so what is further out
// counts.
void ReadPlanBelow(const bson_iter_t& parent, Plan* plan) {
  bson_iter_t at;
  bool counted = false;
  if (!bson_iter_recurse(&parent, &at)) return;
  while (bson_iter_next(&at)) {
    const std::string_view key = bson_iter_key(&at);
    if (key == "winningPlan") {
      if (plan->stages.empty()) CollectStages(at, &plan->stages);
    } else if (key == "executionStats") {
      ReadExecution(at, plan);
      counted = true;
    } else if (key != "rejectedPlans" && key != "command" && !counted &&
               (BSON_ITER_HOLDS_DOCUMENT(&at) || BSON_ITER_HOLDS_ARRAY(&at))) {
      ReadPlanBelow(at, plan);
    }
  }
}

// ---- what to explain ----

void PutNested(BsonType type, std::string_view name, std::string_view document, std::string* out) {
  PutName(type, name, out);
  out->append(document);
}

// "": there is nothing to explain.
std::string ExplainedCommand(const Action& action, std::span<const std::string_view> values) {
  const bool writes =
      action.kind == Action::Kind::kWrite && action.writes[0].kind != Write::Kind::kInsert;
  const bool asks =
      action.kind == Action::Kind::kRead || action.kind == Action::Kind::kFindAndModify;
  std::string command;
  std::string_view wrong;
  if (!writes && !asks) return "";
  return action.command.AppendTo(values, &command, &wrong) ? command : "";
}

void Explain(Admin* admin, const Action& action, const std::string& name,
             std::span<const std::string_view> values, SystemRemarks* remarks) {
  const std::string command = ExplainedCommand(action, values);
  if (command.empty()) return;
  std::string explain;
  const std::size_t begin = BeginDocument(&explain);
  PutNested(BsonType::kDocument, "explain", command, &explain);
  PutText("verbosity", "executionStats", &explain);
  PutInt32("maxTimeMS", kLongestExplainMs, &explain);
  EndDocument(begin, &explain);
  const auto reply = admin->Ask(action.database, BsonView(explain).get());
  if (!reply) return;
  const Plan plan = ReadPlan(**reply);
  if (plan.stages.empty()) return;
  remarks->facts[fmt::format("plan of {}", name)] = plan.Text();
  const bool many =
      plan.documents_examined >= kManyDocuments &&
      plan.documents_examined >= kManyTimes * std::max<std::int64_t>(1, plan.returned);
  if (plan.Has("COLLSCAN") && plan.documents_examined > 1) {
    remarks->warnings.push_back(fmt::format(
        "{} scans the whole collection {} (COLLSCAN): {} documents examined, {} returned; an index "
        "on what it asks for would help",
        name, action.collection, plan.documents_examined, plan.returned));
  } else if (many) {
    remarks->warnings.push_back(fmt::format(
        "{} examines {} documents of {} for {} that it returns; its index does not fit its filter",
        name, plan.documents_examined, action.collection, plan.returned));
  }
}

// ---- how the server is set up ----

std::string TextOf(const bson_t& reply, const char* path) {
  bson_iter_t iter, found;
  if (!bson_iter_init(&iter, &reply) || !bson_iter_find_descendant(&iter, path, &found)) return "";
  if (BSON_ITER_HOLDS_UTF8(&found)) return bson_iter_utf8(&found, nullptr);
  if (BSON_ITER_HOLDS_NUMBER(&found)) return fmt::format("{:.0f}", bson_iter_as_double(&found));
  return "";
}

void AddFact(const bson_t& reply, const char* path, const char* name, SystemRemarks* remarks) {
  std::string text = TextOf(reply, path);
  if (!text.empty()) remarks->facts.emplace(name, std::move(text));
}

void AddFacts(Admin* admin, SystemRemarks* remarks) {
  if (const auto status = admin->Ask("admin", R"({"serverStatus": 1})")) {
    AddFact(**status, "storageEngine.name", "storage engine", remarks);
    AddFact(**status, "wiredTiger.cache.maximum bytes configured", "cache_limit_bytes", remarks);
    AddFact(**status, "repl.setName", "replica set", remarks);
    AddFact(**status, "process", "process", remarks);
  }
}

// What dbStats and collStats call it, and what it is called here.
struct SizeFact {
  const char* path;
  const char* name;
};
constexpr auto kDatabaseSizes = std::to_array<SizeFact>({{"objects", "documents"},
                                                         {"dataSize", "data_bytes"},
                                                         {"storageSize", "storage_bytes"},
                                                         {"indexes", "indexes"},
                                                         {"indexSize", "index_bytes"}});
constexpr auto kCollectionSizes = std::to_array<SizeFact>({{"count", "documents"},
                                                           {"size", "data_bytes"},
                                                           {"storageSize", "storage_bytes"},
                                                           {"nindexes", "indexes"},
                                                           {"totalIndexSize", "index_bytes"}});

std::string AskOf(const char* command, const std::string& of) {
  Json json;
  json[command] = of;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The collections that statements speak of, those of other databases too.
std::set<std::pair<std::string, std::string>> CollectionsOf(const Setup& setup) {
  std::set<std::pair<std::string, std::string>> collections;
  for (const Request& request : setup.requests[SessionPhase::kRun])
    for (const Action& step : request.steps)
      if (!step.collection.empty() && !step.collection.starts_with('$') &&
          step.kind != Action::Kind::kCommand)
        collections.emplace(step.database, step.collection);
  return collections;
}

}  // namespace

void AddSizes(Admin* admin, const Setup& setup, SystemRemarks* remarks) {
  if (const auto stats = admin->Ask(setup.database, R"({"dbStats": 1})")) {
    for (const auto& [path, name] : kDatabaseSizes)
      AddFact(**stats, path, fmt::format("database {}", name).c_str(), remarks);
  }
  auto collections = CollectionsOf(setup);
  const bool no_verbs = !collections.empty();
  const auto [records, is_new] = collections.emplace(setup.database, setup.collection);
  for (const auto& [database, collection] : collections) {
    const auto stats = admin->Ask(database, AskOf("collStats", collection));
    if (!stats) continue;
    // One that is not there may come to be, but not that of verbs which nobody uses.
    const bool used = !(is_new && no_verbs && collection == records->second);
    if (!used && TextOf(**stats, "nindexes") == "0") continue;
    for (const auto& [path, name] : kCollectionSizes)
      AddFact(**stats, path, fmt::format("{} {}", collection, name).c_str(), remarks);
  }
}

bool Plan::Has(std::string_view stage) const {
  return std::ranges::find(stages, stage) != stages.end();
}

std::string Plan::Text() const {
  return fmt::format("{}; {} keys and {} documents examined, {} returned", fmt::join(stages, " > "),
                     keys_examined, documents_examined, returned);
}

Plan ReadPlan(const bson_t& explained) {
  Plan plan;
  // As a member of a document, so that one function reads all levels.
  bson_t whole = BSON_INITIALIZER;
  bson_append_document(&whole, "", 0, &explained);
  bson_iter_t at;
  if (bson_iter_init(&at, &whole) && bson_iter_next(&at)) ReadPlanBelow(at, &plan);
  bson_destroy(&whole);
  return plan;
}

SystemRemarks ExamineSystem(Admin* admin, const Setup& setup,
                            const std::vector<std::vector<std::string>>& samples) {
  const std::vector<Request>& requests = setup.requests[SessionPhase::kRun];
  SystemRemarks remarks;
  AddFacts(admin, &remarks);
  AddSizes(admin, setup, &remarks);
  for (std::size_t i = 0; i < requests.size() && i < samples.size(); ++i) {
    std::vector<std::string_view> values(samples[i].begin(), samples[i].end());
    if (values.size() < requests[i].arguments) continue;  // it was not drawn
    values.emplace_back("0");                             // the number of a watched write
    for (const Action& step : requests[i].steps) {
      const std::string name = requests[i].is_transaction
                                   ? fmt::format("{}:{}", requests[i].name, step.name)
                                   : requests[i].name;
      Explain(admin, step, name, values, &remarks);
    }
  }
  return remarks;
}

}  // namespace mbench::mongodb
