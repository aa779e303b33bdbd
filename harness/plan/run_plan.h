// SPDX-License-Identifier: Apache-2.0
//
// One run as plain data: what a workload file, a YCSB property file or a test asks for.
//
// Everything here is resolved: units are parsed, ${VAR} replaced, defaults filled in (defaults.h).
// Nothing here is checked: harness/config builds it from files and reports what cannot be right, at
// its place. Times are Ticks (ns). Levels of the load are operations per second in the open model
// and clients in the closed one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/client_policy.h"
#include "drivers/statement.h"
#include "harness/base/names.h"
#include "harness/base/options.h"
#include "harness/plan/defaults.h"
#include "harness/plan/event_plan.h"
#include "harness/plan/fleet.h"
#include "harness/plan/metric_name.h"
#include "harness/plan/rows.h"
#include "harness/plan/slo.h"

namespace mbench {

// ---- driver -----------------------------------------------------------------------------------

struct DriverPlan {
  std::string use;
  std::string name = {};  // of the system, where a file has several; "": there is one
  OptionValues options;
  // The options that were given, as they may be shown: what came from the environment stays ${VAR}.
  std::map<std::string, std::string> shown;
};

// ---- data -------------------------------------------------------------------------------------

enum class KeyOrder { kHashed, kOrdered };
template <>
inline constexpr auto kNamesOf<KeyOrder> = Names("hashed", "ordered");

// Record number -> key text: prefix, then the number (kOrdered) or its FNV-1a hash as YCSB computes
// it (kHashed), in decimal, with zeros in front up to `digits`.
struct KeyFormat {
  std::string prefix = defaults::kKeyPrefix;
  KeyOrder order = KeyOrder::kHashed;
  std::uint32_t digits = 1;
};

enum class SizeChoice { kConstant, kUniform, kZipfian, kHistogram };
template <>
inline constexpr auto kNamesOf<SizeChoice> = Names("constant", "uniform", "zipfian", "histogram");

// The size of one field, in bytes.
struct FieldSize {
  SizeChoice choose = SizeChoice::kConstant;
  std::uint32_t min = 1;
  std::uint32_t max = defaults::kFieldBytes;                // the size, when constant
  std::vector<std::pair<std::uint32_t, double>> histogram;  // size -> weight (kHistogram)
};

struct ValuePlan {
  std::uint16_t fields = defaults::kFields;
  FieldSize size;
  double compressible = 0;  // part of each field that is one repeated byte, 0..1
};

// Whether the load phase runs: when the store does not hold these records yet, always, or never.
enum class LoadData { kAuto, kAlways, kSkip };
template <>
inline constexpr auto kNamesOf<LoadData> = Names("auto", "always", "never");

struct DataPlan {
  std::uint64_t records = defaults::kRecords;
  std::uint64_t first = 0;         // number of the first record (YCSB insertstart)
  std::uint64_t load_records = 0;  // how many the load phase writes; 0: all (YCSB insertcount)
  KeyFormat key;
  ValuePlan value;
  LoadData load = LoadData::kAuto;
  std::shared_ptr<const Rows> rows;  // record first + i is row i; null: there are none
  // Loads `batch` records at once instead of as many inserts, with values of their own for each.
  std::optional<StatementSpec> load_statement;
  std::vector<StatementSpec> before_load, after_load;  // done once each, in this order
  // Of what the load consists of but for the members above: equal texts, equal records.
  std::uint64_t fingerprint = 0;
};

// ---- load -------------------------------------------------------------------------------------

enum class LoadModel { kClosed, kOpen };
template <>
inline constexpr auto kNamesOf<LoadModel> = Names("closed", "open");

enum class Arrivals { kConstant, kPoisson };
template <>
inline constexpr auto kNamesOf<Arrivals> = Names("constant", "poisson");

enum class Profile { kSteady, kRamp, kSpike, kSoak, kStep, kSine, kReplay };
template <>
inline constexpr auto kNamesOf<Profile> = Names("steady", "ramp", "spike", "soak", "step", "sine",
                                                "replay");

struct ReplayPoint {
  Ticks at;      // from the start of the stage, ascending, the first one 0
  double level;  // holds until the next point
};

// One stage of the load. Which members count depends on the profile:
//   steady, soak  level = from
//   ramp          from -> to, straight
//   spike         from, and `to` during [spike_at, spike_at + spike_for)
//   step          `steps` equal steps of one level each, the first at `from`, the last at `to`
//   sine          starts at the middle of from..to, rising; one wave per `period`
//   replay        `points`
struct StagePlan {
  Profile profile = Profile::kSteady;
  Ticks over = 0;  // length
  double from = 0;
  double to = 0;
  Ticks spike_at = 0;
  Ticks spike_for = 0;
  std::uint32_t steps = 1;
  Ticks period = 0;
  std::vector<ReplayPoint> points;
};

struct LoadPlan {
  LoadModel model = LoadModel::kClosed;
  Arrivals arrivals = Arrivals::kConstant;
  std::vector<StagePlan> stages;  // at least one
  Ticks warmup = 0;               // at the level the first stage starts with; not measured
  // How long ops that are due may still finish after the last stage.
  Ticks drain = defaults::kDrain;
  Ticks think = 0;  // closed: pause of a client between a reply and its next op
  // Lines to the system. Closed: clients share them and wait for a free one (0: one per client).
  // Open: bounds what is in flight (0: defaults::kOpenConnections).
  std::uint32_t connections = 0;
  std::uint64_t ops = 0;  // end after so many operations (0: when the stages end)
};

// ---- keys and mix -----------------------------------------------------------------------------

enum class KeyChoice {
  kUniform,
  kSequential,
  kZipfian,
  kScrambled,
  kLatest,
  kHotspot,
  kExponential
};
template <>
inline constexpr auto kNamesOf<KeyChoice> = Names("uniform", "sequential", "zipfian", "scrambled",
                                                  "latest", "hotspot", "exponential");

struct KeyPlan {
  KeyChoice choose = KeyChoice::kUniform;
  double theta = defaults::kTheta;             // zipfian, scrambled, latest: above 0
  double hot_records = defaults::kHotRecords;  // hotspot: this part of the records ...
  double hot_ops = defaults::kHotOps;          // ... gets this part of the operations
  // exponential: this percentage of ops goes to this part of the records.
  double exponential_percent = defaults::kExponentialPercent;
  double exponential_records = defaults::kExponentialRecords;
  // Records that inserts are expected to add during the run, so that scrambled keys can reach them.
  std::uint64_t expected_inserts = 0;
};

enum class Verb : std::uint8_t { kRead, kUpdate, kInsert, kScan, kDelete, kRmw };
template <>
inline constexpr auto kNamesOf<Verb> = Names("read", "update", "insert", "scan", "delete", "rmw");
inline constexpr std::size_t kVerbs = kCountOf<Verb>;

enum class LengthChoice { kUniform, kZipfian };
template <>
inline constexpr auto kNamesOf<LengthChoice> = Names("uniform", "zipfian");

struct ScanPlan {
  std::uint32_t min = defaults::kScanMin;
  std::uint32_t max = defaults::kScanMax;
  LengthChoice choose = LengthChoice::kUniform;
};

// Where the values of {placeholders} come from. kBuiltInGenerators are always there, called by
// their names; the others are declared in the workload file.
enum class GeneratorKind : std::uint8_t {
  kKey,       // key text of the chosen record
  kRecord,    // its number
  kValue,     // what an update would write into one field
  kSequence,  // 1, 2, ...: no two ops of a run have the same
  kVersion,   // greater with every op of the run, whichever worker it is of
  kUuid,      // version 4
  kInteger,   // from..to, in decimal
  kPick,      // one of several texts
  kText,      // words of from..to bytes in all
  kName,      // of a person, first and last
  kEmail,     // at one of several domains
  kAmount,    // a number with decimals
  kDate,      // a day of from..to, or a time within it
  kPoint,     // a place on earth: [longitude, latitude]
  kObjectId,  // 24 hex digits
  kRow,       // a column of a row of a file
  kFleet,     // a column of a point of the fleet
};
template <>
inline constexpr auto kNamesOf<GeneratorKind> = Names("key", "record", "value", "sequence",
                                                      "version", "uuid", "integer", "pick", "text",
                                                      "name", "email", "amount", "date", "point",
                                                      "object_id", "row", "fleet");
inline constexpr std::array kBuiltInGenerators = {GeneratorKind::kKey,     GeneratorKind::kRecord,
                                                  GeneratorKind::kValue,   GeneratorKind::kSequence,
                                                  GeneratorKind::kVersion, GeneratorKind::kUuid};

// Lists that mbench has, with how frequent their words are.
enum class WordList { kNone, kFirstNames, kLastNames, kEurope, kWorld };
template <>
inline constexpr auto kNamesOf<WordList> = Names("none", "first names", "last names",
                                                 "cities of europe", "cities of the world");

enum class Shape { kUniform, kNormal, kLognormal, kExponential };
template <>
inline constexpr auto kNamesOf<Shape> = Names("uniform", "normal", "lognormal", "exponential");

// Days of kDate are counted from this one on, so that they are positive: 0001-01-01, which is so
// many days before 1970.
inline constexpr std::int64_t kDaysBefore1970 = 719'162;

struct GeneratorPlan {
  std::string name;
  GeneratorKind kind = GeneratorKind::kInteger;
  double missing = 0;  // so many of its values are none: NULL
  // kInteger (the bits of std::int64_t), kText; both inclusive.
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  // kInteger, kRow: uniform, sequential or zipfian (low ones)
  KeyChoice choose = KeyChoice::kUniform;
  double theta = defaults::kTheta;
  std::string prefix = {};   // kInteger: stands before the number
  std::uint32_t digits = 1;  // kInteger: zeros are put in front up to so many
  // kPick: text -> weight; kEmail: domains.
  std::vector<std::pair<std::string, double>> picks = {};
  WordList words = WordList::kNone;  // kPick: in the place of picks
  bool weighted = true;  // words, kName, kEmail: usual ones are more frequent than others
  // kAmount: median (kLognormal) or mean, deviation (of the logarithm in kLognormal), limits.
  // kPoint: kilometres around `place` are `spread`: the deviation (kNormal) or the radius.
  Shape shape = Shape::kUniform;
  double center = 0, spread = 0, min = 0, max = 0;
  std::uint32_t decimals = 2;         // kAmount
  bool with_time = false;             // kDate
  bool is_box = true;                 // kPoint: anywhere in it, else around `place`
  std::array<double, 4> place = {};   // west, south, east, north; or longitude, latitude
  ValueType type = ValueType::kText;  // kFleet: of its column
  // kRow: row from..to of these. In one op those of the same `draw` have the same one.
  std::shared_ptr<const Rows> rows = {};
  std::size_t column = 0;  // kRow, kFleet
  std::string rows_file = {}, draw = {};
};

struct MixPlan {
  std::array<double, kVerbs> weights{};  // any scale; 0: not in the mix
  std::vector<StatementSpec> statements;
  std::vector<GeneratorPlan> generators = {};   // those that were declared
  std::shared_ptr<const FleetPlan> fleet = {};  // null: there is none
  ScanPlan scan;
  bool read_all_fields = true;
  bool write_all_fields = true;
};

// What is looked at besides outcomes.
struct VerifyPlan {
  bool reads = false;                 // every value that is read
  bool writes = false;                // every write that was acknowledged, when the run is over
  std::vector<StatementSpec> checks;  // of the driver, once each, then
  // Reads {key} back then, for each key that statements have written (`writes`); its word `reads`
  // says where the version stands.
  std::optional<StatementSpec> look = {};
  // How long a system that was stopped in the run may be on its way back: it is asked for so long
  // after its last answer.
  Ticks look_limit = kMinute;
  bool AfterRun() const { return writes || look || !checks.empty(); }
};

// Bytes of a field that carries the version of its write (workloads/values).
inline constexpr std::uint32_t kLeastVersioned = 16;

// Whether a verb has weight. A mix of nothing but statements speaks of data that are not ours.
bool HasVerbs(const MixPlan& mix);
// A column of the fleet, a built-in or a declared generator; one without a name when there is none.
// Names of the fleet go before those that are built in.
GeneratorPlan FindGenerator(const MixPlan& mix, std::string_view name);
// What its values are. Numbers with a prefix or with zeros in front are texts.
ValueType TypeOf(const GeneratorPlan& generator);

// ---- engine and the rest ----------------------------------------------------------------------

struct EnginePlan {
  std::uint32_t workers = 0;  // threads; 0: one per client for blocking drivers, else by cores
  bool pin = false;           // each worker to a core of its own
  Ticks timeout = defaults::kTimeout;  // per op
  std::uint64_t seed = defaults::kSeed;
};

// How this workload is compared with another run of it.
struct ComparePlan {
  // These decide; empty: rate, p50 and p99 of all ops together.
  std::vector<MetricName> primary;
  // Changes that matter, by name ("p99(read)") or family ("p99"); 0.05 is 5 %. Of errors a
  // difference.
  std::map<std::string, double> margin;
};

struct RunPlan {
  std::string name;
  std::string about;
  DriverPlan driver;                      // of the one system, or of the first
  std::vector<DriverPlan> other_systems;  // each with a name, as `driver` then is
  DataPlan data;
  LoadPlan load;
  KeyPlan keys;
  MixPlan mix;
  VerifyPlan verify;
  std::vector<SloPlan> slo;
  std::string service_level;  // that was asked for, its objectives are in `slo`; "": none
  std::vector<EventPlan> events;
  RecoveredPlan recovered;
  ClientPolicy client;
  EnginePlan engine;
  ComparePlan compare;
  bool measure = true;                // false: only the load phase (mbench ycsb load)
  std::vector<std::string> left_out;  // properties that speak of systems other than the driven one

  std::string file;         // the path it was read from, for messages and provenance
  std::string source_text;  // the file as written, ${VAR} unresolved: safe to keep
  // Values that must never be shown or stored: pass what may carry one through Redact
  // (base/secrets.h).
  std::vector<std::string> secrets;
  // These, and whatever else came from the environment and is more than a number: may be shown, and
  // is never stored.
  std::vector<std::string> unstored;
};

// Whether a statement with weight says which version of which key it writes, or reads.
bool AnyWrites(const MixPlan& mix);
bool AnyReads(const MixPlan& mix);
// Why nobody can tell afterwards which write of a verb left what is there; "": it can be told.
std::string WhyNotFollowed(const RunPlan& plan);
// All of them in their order: StatementSpec::system counts in it.
std::vector<const DriverPlan*> SystemsOf(const RunPlan& plan);
// What ops are sent to each of them: verbs, or a statement of any phase. The others are observed.
std::vector<bool> DrivenSystems(const RunPlan& plan);

// Whether an event says that ops may fail behind it.
bool DeclaresOutages(const RunPlan& plan);

// The mark that tells a later run what the store holds: equal marks, equal records.
std::string DatasetMark(const DataPlan& data, std::uint64_t seed);

}  // namespace mbench
