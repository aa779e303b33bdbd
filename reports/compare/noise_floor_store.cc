// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/noise_floor_store.h"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <utility>

#include "harness/base/text.h"
#include "harness/result/json_text.h"
#include "harness/result/replacement.h"

namespace mbench {
namespace {

constexpr int kNoiseFloorSchema = 1;

std::string PathOf(const std::string& root, const RunIdentity& identity) {
  return fmt::format("{}/noise-{}.json", root, IdentityKey(identity));
}

OrderedJson PlanOf(const RunIdentity& identity) {
  OrderedJson plan = OrderedJson::parse(identity.plan_json, nullptr, false);
  return plan.is_discarded() ? OrderedJson(identity.plan_json) : plan;
}

OrderedJson FloorJson(const NoiseFloor& floor) {
  OrderedJson json;
  json["name"] = Name(floor.metric);
  json["value"] = floor.value;
  json["spread"] = floor.spread;
  if (std::isfinite(floor.detectable)) json["detectable"] = floor.detectable;
  json["thin"] = floor.thin;
  json["sessions"] = floor.sessions;
  return json;
}

// Calibrations of versions that knew no sessions are of one, whose mean is in `value`.
Status ReadSessions(JsonFields* item, NoiseFloor* floor) {
  if (!item->Has("sessions")) return {};
  for (const Json& mean : item->List("sessions")) {
    if (!mean.is_number()) return Invalid("metrics[].sessions holds something that is no number");
    floor->sessions.push_back(mean.get<double>());
  }
  return {};
}

Status ReadFloors(JsonFields* fields, Calibration* calibration) {
  const std::size_t count = fields->List("metrics").size();
  for (std::size_t i = 0; i < count; ++i) {
    JsonFields item = fields->Item("metrics", i);
    const Result<MetricName> metric = ParseMetricName(item.Text("name"));
    if (!metric) return Invalid("metrics[{}].name: {}", i, metric.error().message);
    NoiseFloor floor{*metric};
    floor.value = item.Number("value");
    floor.spread = item.NumberIn("spread", 0, 1e6);
    floor.detectable = item.Has("detectable") ? item.Number("detectable") : INFINITY;
    floor.thin = item.Flag("thin");
    if (const Status read = ReadSessions(&item, &floor); !read) return read;
    calibration->floors.push_back(std::move(floor));
  }
  return {};
}

Result<StoredNoiseFloor> ReadNoiseFloor(const std::string& path) {
  std::ifstream text(path, std::ios::binary);
  if (!text) return Invalid("{}: cannot be read", path);
  const Result<Json> document = ParseJson(text, path);
  if (!document) return Failed(document);
  if (!document->is_object()) return Invalid("{}: no noise floor: not a JSON object", path);
  std::string error;
  JsonFields fields(*document, path, &error);
  const std::uint64_t schema = fields.Count("schema");
  if (fields.Ok() && schema != kNoiseFloorSchema)
    return Invalid("{}: a noise floor of schema {}; this program knows {}", path, schema,
                   kNoiseFloorSchema);
  StoredNoiseFloor stored;
  stored.path = path;
  stored.workload = fields.Text("workload");
  stored.saved_at = fields.Text("saved_at");
  stored.identity.schema = static_cast<int>(fields.NumberIn("run_schema", 0, 1e6));
  stored.identity.driver = fields.Text("driver");
  stored.identity.system = fields.Text("system");
  JsonFields host = fields.Object("host");
  stored.identity.cpu = host.Text("cpu");
  stored.identity.cores = static_cast<std::uint32_t>(host.NumberIn("cores", 0, 1e6));
  stored.identity.memory_bytes = host.Count("memory_bytes");
  stored.calibration.runs = fields.Count("runs");
  stored.calibration.runs_a_side = fields.Count("runs_a_side");
  stored.calibration.splits = fields.Count("splits");
  stored.calibration.false_alarms = fields.Count("false_alarms");
  if (const Status floors = ReadFloors(&fields, &stored.calibration); !floors)
    return Invalid("{}: {}", path, floors.error().message);
  const Json& plan = fields.Any("plan");
  stored.identity.plan_json = DumpJson(OrderedJson(plan));
  if (!error.empty()) return Invalid("{}", error);
  return stored;
}

}  // namespace

std::string IdentityKey(const RunIdentity& identity) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash *= 0x100000001b3;  // a 0 between two texts
  };
  for (const PlanDifference& difference : FindDifferences(identity, RunIdentity())) {
    add(difference.key);
    add(difference.a);
  }
  return fmt::format("{:016x}", hash);
}

std::string NoiseFloorJson(const StoredNoiseFloor& stored) {
  OrderedJson json;
  json["schema"] = kNoiseFloorSchema;
  json["workload"] = stored.workload;
  json["saved_at"] = stored.saved_at;
  json["runs"] = stored.calibration.runs;
  json["runs_a_side"] = stored.calibration.runs_a_side;
  json["splits"] = stored.calibration.splits;
  json["false_alarms"] = stored.calibration.false_alarms;
  json["metrics"] = OrderedJson::array();
  for (const NoiseFloor& floor : stored.calibration.floors)
    json["metrics"].push_back(FloorJson(floor));
  json["driver"] = stored.identity.driver;
  json["system"] = stored.identity.system;
  json["host"]["cpu"] = stored.identity.cpu;
  json["host"]["cores"] = stored.identity.cores;
  json["host"]["memory_bytes"] = stored.identity.memory_bytes;
  json["run_schema"] = stored.identity.schema;
  json["plan"] = PlanOf(stored.identity);
  return DumpJson(json, 2) + "\n";
}

Status MakeNoiseFloorFolder(const std::string& root) {
  std::error_code error;
  std::filesystem::create_directories(root, error);
  if (error) return BadConfig("cannot make the folder '{}': {}", root, error.message());
  if (access(root.c_str(), W_OK | X_OK) != 0)
    return FileError(ErrorKind::kUsage, root, "write into it");
  return {};
}

Result<std::string> SaveNoiseFloor(const std::string& root, const StoredNoiseFloor& stored) {
  if (const Status made = MakeNoiseFloorFolder(root); !made) return Failed(made);
  const std::string path = PathOf(root, stored.identity);
  if (const Status written = ReplaceFile(path, NoiseFloorJson(stored)); !written)
    return Failed(written);
  return path;
}

Result<std::optional<StoredNoiseFloor>> FindNoiseFloor(const std::string& root,
                                                       const RunIdentity& identity) {
  const std::string path = PathOf(root, identity);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::optional<StoredNoiseFloor>();
  Result<StoredNoiseFloor> stored = ReadNoiseFloor(path);
  if (!stored) return Failed(stored);
  const std::vector<PlanDifference> differences = FindDifferences(stored->identity, identity);
  if (!differences.empty())
    return Invalid("{}: the noise floor of something else: {}", path,
                   Describe(differences.front()));
  return std::optional<StoredNoiseFloor>(*std::move(stored));
}

}  // namespace mbench
