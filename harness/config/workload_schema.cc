// SPDX-License-Identifier: Apache-2.0
#include "harness/config/workload_schema.h"

#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"

namespace mbench {
namespace {

using Json = nlohmann::ordered_json;

// Names of definitions of the schema; scalars first.
struct KeySpec {
  std::string_view in;  // the map it is a key of
  std::string_view name;
  std::string_view type;  // a definition, "a|b" for one of several, "list of a", "map of a"
  std::string_view help;
  std::string_view choices = {};
};

constexpr std::string_view kChoose =
    "uniform|sequential|zipfian|scrambled|latest|hotspot|exponential";
constexpr std::string_view kProfiles = "steady|soak|ramp|spike|step|sine|replay";

constexpr auto kKeys = std::to_array<KeySpec>({
    {"file", "name", "text", "part of the result folder's name"},
    {"file", "about", "text", "one sentence, shown with the result"},
    {"file", "driver", "driver", "what to drive"},
    {"file", "systems", "map of any", "several systems; the first one has the records"},
    {"file", "data", "data", "the records"},
    {"file", "load", "load|list of stage", "how hard and how long"},
    {"file", "keys", "keys", "which records are asked for"},
    {"file", "mix", "mix", "weights of the verbs"},
    {"file", "scan", "scan", "lengths of scans"},
    {"file", "fields", "fields", "what reads and writes touch"},
    {"file", "verify", "flag|verify", "what is looked at to know whether the data are right"},
    {"file", "generators", "map of generator", "values for the placeholders of statements"},
    {"file", "fleet", "fleet", "machines that send points of their sensors"},
    {"file", "statements", "map of statement", "requests in the driver's own language"},
    {"file", "recovered", "recovered", "what counts as recovered after an event"},
    {"file", "slo", "list of objective", "objectives, such as p99(read) < 10ms"},
    {"file", "events", "list of event", "things that happen during the run"},
    {"file", "retry", "retry", "ops that failed are tried again"},
    {"file", "breaker", "breaker", "after many failures a system is left alone for a while"},
    {"file", "run", "run", "seed, threads, time-out"},
    {"file", "compare", "compare", "how it is compared with other runs"},

    {"data", "records", "count", "how many there are (100k)"},
    {"data", "first", "count", "number of the first record (0)"},
    {"data", "load_records", "count", "how many the load phase writes (all)"},
    {"data", "load", "text", "when they are written (auto)", "auto|always|never"},
    {"data", "key", "data_key", "how keys are written"},
    {"data", "value", "data_value", "what a record holds"},
    {"data", "load_statement", "any", "what the load phase sends in the place of inserts"},
    {"data", "rows", "rows", "a file whose rows it loads"},
    {"data", "before_load", "list of any", "statements that are done once, before the load"},
    {"data", "after_load", "list of any", "statements that are done once, after the load"},
    {"data_key", "prefix", "text", "text before the number (user)"},
    {"data_key", "order", "text", "whether records that follow each other are neighbours (hashed)",
     "hashed|ordered"},
    {"data_key", "digits", "count", "zeros are put in front up to so many digits (1)"},
    {"data_value", "fields", "count", "fields of a record (10)"},
    {"data_value", "size", "size|sizes", "of a field (100B)"},
    {"data_value", "compressible", "fraction", "part of each field that is one repeated byte (0)"},
    {"sizes", "choose", "text", "how sizes are drawn", "constant|uniform|zipfian"},
    {"sizes", "min", "size", "the smallest"},
    {"sizes", "max", "size", "the largest"},
    {"sizes", "histogram", "text", "a file with lines of a size and a weight"},
    {"rows", "csv", "text", "a CSV file in UTF-8, its first line the names of the columns"},
    {"rows", "jsonl", "text", "a file with a JSON object in each line"},
    {"rows", "separator", "text", "the character between fields of CSV"},
    {"rows", "columns", "map of text", "types of columns"},

    {"load", "model", "text", "clients that wait, or arrivals at a rate; from the levels",
     "closed|open"},
    {"load", "warmup", "duration", "before the first stage, not measured (0s)"},
    {"load", "drain", "duration", "how long ops may still finish (11s)"},
    {"load", "arrivals", "text", "open: how they are spread (constant)", "constant|poisson"},
    {"load", "think", "duration", "closed: pause between a reply and the next op (0s)"},
    {"load", "connections", "count", "lines to the system"},
    {"load", "ops", "count", "ends the run after so many"},
    {"load", "stages", "list of stage", "one after another"},
    {"stage", "profile", "text", "the shape of the load over time", kProfiles},
    {"stage", "at", "level|duration", "steady, soak: the level; spike: when"},
    {"stage", "over", "duration", "length of the stage"},
    {"stage", "from", "level", "ramp, step: the first level"},
    {"stage", "to", "level", "ramp, step: the last level"},
    {"stage", "steps", "count", "step: how many"},
    {"stage", "base", "level", "spike: the level around it"},
    {"stage", "peak", "level", "spike: the level in it"},
    {"stage", "for", "duration", "spike: its length"},
    {"stage", "low", "level", "sine: the lowest"},
    {"stage", "high", "level", "sine: the highest"},
    {"stage", "period", "duration", "sine: length of one"},
    {"stage", "file", "text", "replay: lines of a second and a level"},

    {"keys", "choose", "text", "how they are drawn (uniform)", kChoose},
    {"keys", "theta", "number", "zipfian, scrambled, latest: skew (0.99)"},
    {"keys", "hot_records", "fraction", "hotspot: this part of the records ..."},
    {"keys", "hot_ops", "fraction", "... gets this part of the ops"},
    {"keys", "percent", "number", "exponential: this percentage of ops ..."},
    {"keys", "records_part", "fraction", "... goes to this part of the records"},
    {"keys", "expected_inserts", "count", "scrambled: records that the run may add"},

    {"mix", "read", "number", "weight of reads"},
    {"mix", "update", "number", "weight of updates"},
    {"mix", "insert", "number", "weight of inserts"},
    {"mix", "scan", "number", "weight of scans"},
    {"mix", "delete", "number", "weight of deletes"},
    {"mix", "rmw", "number", "weight of reads that are written back"},
    {"scan", "min", "count", "records of a scan at least (1)"},
    {"scan", "max", "count", "at most (1000)"},
    {"scan", "lengths", "text", "how they are drawn (uniform)", "uniform|zipfian"},
    {"fields", "read", "text", "fields that a read asks for (all)", "all|one"},
    {"fields", "write", "text", "fields that an update writes (all)", "all|one"},

    {"verify", "reads", "flag", "check every value that is read"},
    {"verify", "writes", "flag|statement",
     "look for every acknowledged write when the run is over; of statements: how a key is read"},
    {"verify", "checks", "list of any", "statements that are asked once when the run is over"},

    {"fleet", "tags", "map of any", "how many values each has, or which"},
    {"fleet", "fields", "map of any", "how the values of each go over time"},
    {"fleet", "every", "duration", "time between two points of a series"},
    {"fleet", "start", "text", "when the first points were due: now, or a date (now)"},
    {"fleet", "jitter", "duration", "times of points are up to so much later (0s)"},
    {"fleet", "late", "fleet_late", "points that are sent long after they were due"},
    {"fleet", "missing", "fraction", "part of the points that is never sent (0)"},
    {"fleet", "duplicate", "fraction", "part of the points that is sent twice (0)"},
    {"fleet", "churn", "fleet_churn", "a tag whose values are replaced by new ones"},
    {"fleet_late", "part", "fraction", "of the points"},
    {"fleet_late", "by", "duration", "how much later"},
    {"fleet_churn", "tag", "text", "which tag"},
    {"fleet_churn", "every", "duration", "after which time each value is replaced"},

    {"statement", "weight", "number", "on the scale of the mix"},
    {"statement", "on", "text", "the system it goes to"},
    {"statement", "label", "text", "where the reply says what it is; splits the result"},
    {"statement", "transaction", "list of any", "steps that commit or roll back together"},
    {"statement", "batch", "count", "values are drawn so often for each op (1)"},

    {"level", "level", "text", "three objectives at once", "beginner|intermediate|advanced|expert"},
    {"event", "at", "duration", "time from the start of the measured phase"},
    {"event", "after", "any", "another event: this one begins at its end, or so long behind it"},
    {"event", "after_begin", "any", "the same, from its begin on"},
    {"event", "name", "text", "shown on the time axis"},
    {"event", "run", "text", "command for /bin/sh"},
    {"event", "limit", "duration", "it is killed after so long"},
    {"event", "wait_for", "any", "asked, when it has ended, until it is true"},
    {"event", "must", "text", "if it does not succeed, the run is invalid"},
    {"event", "repeat", "any", "how often, and how far apart"},
    {"event", "outage", "any", "ops that may fail for a while because of this"},
    {"event", "env", "list of text", "variables that the commands get though they look secret"},
    {"recovered", "errors", "text", "so many of the ops end in errors (< 0.1%)"},
    {"recovered", "p99", "text", "of the response: a multiple of that before the event, or a time"},
    {"recovered", "for", "duration", "for so long (3s)"},
    {"retry", "on", "list of text", "failed, timed_out, rejected (all of them)"},
    {"retry", "times", "count", "at most, for one op (3)"},
    {"retry", "backoff", "duration", "before the first retry, doubled for each further one (10ms)"},
    {"retry", "most", "duration", "the longest backoff (1s)"},
    {"retry", "jitter", "fraction", "at most so much of it is left out, at random (50%)"},
    {"breaker", "open_after", "count", "failures in a row (5)"},
    {"breaker", "for", "duration", "so long nothing gets through (5s)"},
    {"breaker", "half_open", "count", "ops that try, and all have to end well (1)"},
    {"run", "seed", "count", "runs with the same seed ask for the same things (42)"},
    {"run", "workers", "count", "threads"},
    {"run", "pin", "flag", "each thread to a core of its own (false)"},
    {"run", "timeout", "duration", "per op (10s)"},
    {"compare", "primary", "list of text", "the metrics that decide (rate, p50, p99)"},
    {"compare", "margin", "map of any", "changes that matter, by metric"},
});

// Scalars as they are written; any of them may come from the environment.
struct ScalarSpec {
  std::string_view name, pattern;                         // of text
  bool number = false, integer = false, boolean = false;  // that YAML knows by itself
};
constexpr std::string_view kFromEnvironment = R"(|^.*\$\{.*$)";
constexpr auto kScalars = std::to_array<ScalarSpec>({
    {"text", "", true, true, true},
    {"count", R"(^[0-9.]+([eE][-+]?[0-9]+)? ?[kKMGT]?$)", false, true},
    {"size", R"(^[0-9.]+ ?([kKMGT]?i?B)?$)", false, true},
    {"duration", R"(^0$|^([0-9.]+ ?(ns|us|ms|s|m|h|d) ?)+$)"},  // and the number 0
    {"number", R"(^[0-9.]+([eE][-+]?[0-9]+)?%?$)", true},
    {"fraction", R"(^[0-9.]+([eE][-+]?[0-9]+)?%?$)", true},
    {"level_text", R"(^[0-9.]+ ?[kKMGT]?(/s)?$)", false, true},
    {"flag", R"(^(true|false)$)", false, false, true},
});

Json ScalarSchema(const ScalarSpec& scalar) {
  Json text = {{"type", "string"}};
  if (!scalar.pattern.empty())
    text["pattern"] = fmt::format("{}{}", scalar.pattern, kFromEnvironment);
  Json any = Json::array({text});
  if (scalar.number) any.push_back({{"type", "number"}});
  if (scalar.integer && !scalar.number) any.push_back({{"type", "integer"}});
  if (scalar.boolean) any.push_back({{"type", "boolean"}});
  if (scalar.name == "duration") any.push_back({{"const", 0}});
  return any.size() == 1 ? text : Json{{"anyOf", any}};
}

Json Reference(std::string_view type) {
  if (type == "any") return Json::object();
  return {{"$ref", fmt::format("#/$defs/{}", type == "level" ? "level_text" : type)}};
}

// "load|list of stage"
Json TypeSchema(std::string_view type) {
  const std::vector<std::string_view> types = Split(type, '|');
  if (types.size() > 1) {
    Json any = Json::array();
    for (const std::string_view each : types) any.push_back(TypeSchema(each));
    return {{"anyOf", any}};
  }
  constexpr std::string_view kList = "list of ", kMap = "map of ";
  if (type.starts_with(kList))
    return {{"type", "array"}, {"items", TypeSchema(type.substr(kList.size()))}};
  if (type.starts_with(kMap))
    return {{"type", "object"}, {"additionalProperties", TypeSchema(type.substr(kMap.size()))}};
  return Reference(type);
}

// One of these, or what the environment says.
Json ChoiceSchema(std::string_view choices) {
  Json names = Json::array();
  for (const std::string_view choice : Split(choices, '|')) names.push_back(choice);
  return {
      {"anyOf", Json::array({{{"enum", names}}, {{"type", "string"}, {"pattern", R"(\$\{)"}}})}};
}

Json Described(Json schema, std::string_view help) {
  schema["description"] = help;
  return schema;
}

Json MapSchema(std::string_view name) {
  Json properties = Json::object();
  for (const KeySpec& key : kKeys) {
    if (key.in != name) continue;
    properties[std::string(key.name)] =
        Described(key.choices.empty() ? TypeSchema(key.type) : ChoiceSchema(key.choices), key.help);
  }
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
}

// ---- drivers ----

std::string_view DefinitionOf(OptionType type) {
  switch (type) {
    case OptionType::kCount:
      return "count";
    case OptionType::kBytes:
      return "size";
    case OptionType::kDuration:
      return "duration";
    case OptionType::kFraction:
      return "fraction";
    case OptionType::kFlag:
      return "flag";
    default:
      return "text";
  }
}

Json OptionSchema(const OptionSpec& option) {
  Json schema = option.type == OptionType::kChoice ? ChoiceSchema(option.choices)
                                                   : Reference(DefinitionOf(option.type));
  if (!option.fallback.empty()) schema["default"] = option.fallback;
  return Described(std::move(schema), option.help);
}

// {hosts: {replica: ...}} for the option hosts.replica.
Json OptionsSchema(const DriverOptions& driver) {
  Json properties = {{"use", {{"const", driver.name}}}};
  Json open = Json::object();  // also written flat: rdkafka.debug
  for (const OptionSpec& option : driver.options) {
    const std::size_t dot = option.name.find('.');
    if (dot == std::string_view::npos) {
      properties[std::string(option.name)] = OptionSchema(option);
      continue;
    }
    Json& group = properties[std::string(option.name.substr(0, dot))];
    group["type"] = "object";
    if (option.IsOpen()) {
      group["description"] = option.help;
      open[fmt::format("^{}\\.", option.name.substr(0, dot))] = Json::object();
      continue;
    }
    group["additionalProperties"] = false;
    group["properties"][std::string(option.name.substr(dot + 1))] = OptionSchema(option);
  }
  Json schema = {{"properties", properties}, {"additionalProperties", false}};
  if (!open.empty()) schema["patternProperties"] = open;
  return schema;
}

Json WordSchema(const WordSpec& word) {
  Json schema = Json::object();  // values may be drawn: what fits is for the driver to say
  if (word.type == WordType::kMap) schema["type"] = "object";
  if (word.type == WordType::kList) schema["type"] = "array";
  if (word.generated) schema = Json::object();
  if (!word.example.empty()) schema["examples"] = Json::array({word.example});
  return Described(std::move(schema), word.help);
}

Json StatementSchema(const DriverOptions& driver) {
  Json schema = MapSchema("statement");
  for (const WordSpec& word : driver.language->words)
    if ((word.where & (kInStatement | kInTransaction)) != 0)
      schema["properties"][std::string(word.name)] = WordSchema(word);
  return schema;
}

// What a file with this driver looks like beyond what all files do.
Json DriverRule(const DriverOptions& driver) {
  const Json uses = {{"const", driver.name}};
  const Json as_map = {{"type", "object"}, {"properties", {{"use", uses}}}, {"required", {"use"}}};
  Json rule = {{"if",
                {{"properties", {{"driver", {{"anyOf", Json::array({uses, as_map})}}}}},
                 {"required", {"driver"}}}}};
  Json& then = rule["then"]["properties"];
  then["driver"] = {{"anyOf", Json::array({{{"type", "string"}}, OptionsSchema(driver)})}};
  if (driver.language != nullptr && !driver.language->words.empty())
    then["statements"] = {{"additionalProperties", StatementSchema(driver)}};
  return rule;
}

Json Definitions() {
  Json defs = Json::object();
  for (const ScalarSpec& scalar : kScalars) defs[std::string(scalar.name)] = ScalarSchema(scalar);
  for (const char* map :
       {"data",  "data_key",  "data_value", "sizes",   "rows",  "stage",      "keys",
        "mix",   "scan",      "fields",     "verify",  "fleet", "fleet_late", "fleet_churn",
        "event", "recovered", "retry",      "breaker", "run",   "compare"})
    defs[map] = MapSchema(map);
  // A load of one stage has the keys of both.
  Json load = MapSchema("load");
  load["properties"].update(MapSchema("stage")["properties"]);
  defs["load"] = load;
  defs["driver"] = {
      {"anyOf", Json::array({{{"type", "string"}}, {{"type", "object"}, {"required", {"use"}}}})}};
  defs["statement"] = {{"type", "object"}};  // its words are those of the driver
  defs["generator"] = {{"type", "object"}};
  defs["objective"] = {{"anyOf", Json::array({{{"type", "string"}}, MapSchema("level")})}};
  return defs;
}

}  // namespace

std::string WorkloadSchema(std::span<const DriverOptions> drivers) {
  Json schema = {
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "A workload file of mbench"},
      {"description",
       "Made by `mbench schema` from the tables of keys, options and words; all keys are "
       "explained in workloads/README.md."}};
  schema.update(MapSchema("file"));
  schema["required"] = {"load"};  // and a driver, or systems
  schema["allOf"] = Json::array();
  for (const DriverOptions& driver : drivers) schema["allOf"].push_back(DriverRule(driver));
  schema["$defs"] = Definitions();
  return schema.dump(1) + "\n";
}

}  // namespace mbench
