// SPDX-License-Identifier: Apache-2.0
//
// RocksDB in our own process: the default store.
//
// Records are kept as they travel (drivers/record.h), in the default column family. The mark of the
// data set is a file beside those of RocksDB, which leaves names alone that it does not know: so no
// scan meets it, and it can be read without opening the database.
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/table.h>
#include <rocksdb/version.h>

#include <array>
#include <fstream>
#include <iterator>

#include "drivers/common/blocking_session.h"
#include "drivers/common/error_table.h"
#include "drivers/common/store_path.h"
#include "drivers/marked_store.h"
#include "drivers/record.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

namespace fs = std::filesystem;

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "path",
     .type = OptionType::kPath,
     .fallback = "data/rocksdb",
     .help = "directory of the database; created with its parents when it is not there"},
    {.name = "cache",
     .type = OptionType::kBytes,
     .fallback = "64MiB",
     .help = "size of the block cache; 0 turns it off"},
    {.name = "compression",
     .type = OptionType::kChoice,
     .fallback = "none",
     .help = "of blocks on disk; none, because values of mbench are random unless asked otherwise",
     .choices = "none|snappy|lz4|zstd"},
    {.name = "bloom_bits",
     .type = OptionType::kCount,
     .fallback = "10",
     .help = "bits per key of the Bloom filters; 0 turns them off"},
    {.name = "write_buffer",
     .type = OptionType::kBytes,
     .fallback = "64MiB",
     .help = "size of a memtable"},
    {.name = "sync",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "every write waits until the log is on disk"},
    {.name = "disable_wal",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "writes go to the memtable only"},
    {.name = "delay",
     .type = OptionType::kDuration,
     .fallback = "0s",
     .help = "every op spins so long before its call: a regression to be found, to try out a gate"},
});

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
std::uint32_t Size(const rocksdb::Slice& slice) { return static_cast<std::uint32_t>(slice.size()); }

// ---- session ----

class RocksdbSession : public BlockingSession {
 public:
  RocksdbSession(const SessionPlan& plan, rocksdb::DB* db, const rocksdb::WriteOptions& write,
                 Ticks delay)
      : BlockingSession(plan),
        db_(db),
        family_(db->DefaultColumnFamily()),
        write_(write),
        delay_(delay) {
    // Counters of single calls, kept per thread, which nobody here would read.
    rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  }

  std::string DescribeError(std::uint16_t error) const override { return errors_.Name(error); }

 private:
  Completion Execute(const Op& op) override {
    if (delay_ > 0) [[unlikely]]
      Spin();
    Completion completion = Do(op);
    completion.bytes_sent = static_cast<std::uint32_t>(op.key.size() + op.value.size());
    return completion;
  }

  Completion Do(const Op& op) {
    switch (op.kind) {
      case OpKind::kRead:
        return Read(op);
      case OpKind::kUpdate:
        return op.field == kAllFields ? Put(op.key, op.value) : UpdateField(op);
      case OpKind::kInsert:
        return Put(op.key, op.value);
      case OpKind::kScan:
        return Scan(op);
      case OpKind::kDelete:
        return Answer(db_->Delete(write_, family_, ToSlice(op.key)));
      case OpKind::kStatement:
        break;
    }
    return {.error = errors_.Code("no statements"), .outcome = Outcome::kFailed};
  }

  void Spin() const {
    const Ticks until = Clock::Now() + delay_;
    while (Clock::Now() < until) {
    }
  }

  Completion Read(const Op& op) {
    const rocksdb::Status status = Get(op.key);
    if (!status.ok()) return Answer(status);
    std::string_view value{pinned_.data(), pinned_.size()};
    if (op.field != kAllFields) {
      const RecordView record(value, Plan().fields);
      if (!record.Valid()) return NotARecord();
      value = record.Field(op.field);
    }
    return {.bytes_received = Size(ToSlice(value)), .value = value};
  }

  Completion Put(std::string_view key, std::string_view value) {
    return Answer(db_->Put(write_, family_, ToSlice(key), ToSlice(value)));
  }

  // Two steps, not one: of two sessions that write to different fields of one record at the same
  // moment, the later one wins.
  Completion UpdateField(const Op& op) {
    const rocksdb::Status status = Get(op.key);
    if (!status.ok()) return Answer(status);
    const RecordView record({pinned_.data(), pinned_.size()}, Plan().fields);
    if (!record.Valid()) return NotARecord();
    ReplaceField(record, op.field, op.value, &scratch_);
    return Put(op.key, scratch_);
  }

  Completion Scan(const Op& op) {
    Completion completion{.items = 0};
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(read_, family_));
    at->Seek(ToSlice(op.key));
    for (; completion.items < op.scan_limit && at->Valid(); ++completion.items) {
      completion.bytes_received += Size(at->key()) + Size(at->value());
      at->Next();
    }
    return at->status().ok() ? completion : Answer(at->status());
  }

  // Into pinned_, which keeps hold of the block of the value until the next call: nothing is
  // copied.
  rocksdb::Status Get(std::string_view key) {
    pinned_.Reset();
    return db_->Get(read_, family_, ToSlice(key), &pinned_);
  }

  Completion NotARecord() {
    return {.error = errors_.Code("not a record"), .outcome = Outcome::kFailed};
  }

  Completion Answer(const rocksdb::Status& status) {
    if (status.ok()) [[likely]]
      return {};
    if (status.IsNotFound()) return {.outcome = Outcome::kNotFound};
    if (status.IsTimedOut()) return {.outcome = Outcome::kTimedOut};
    return {.error = errors_.Code(ClassOf(status)), .outcome = Outcome::kFailed};
  }

  static std::string_view ClassOf(const rocksdb::Status& status) {
    if (status.IsNoSpace()) return "no space";
    if (status.IsIOError()) return "io error";
    if (status.IsCorruption()) return "corruption";
    if (status.IsBusy()) return "busy";
    if (status.IsAborted()) return "aborted";
    if (status.IsTryAgain()) return "try again";
    if (status.IsMemoryLimit()) return "memory limit";
    if (status.IsShutdownInProgress()) return "shutdown in progress";
    return "other error";
  }

  rocksdb::DB* const db_;
  rocksdb::ColumnFamilyHandle* const family_;
  const rocksdb::ReadOptions read_;
  const rocksdb::WriteOptions write_;
  const Ticks delay_;
  rocksdb::PinnableSlice pinned_;
  std::string scratch_;
  ErrorTable errors_;
};

// ---- what is at the path ----

constexpr std::string_view kMarkFile = "MBENCH_DATASET";

std::string ReadMark(const fs::path& directory) {
  std::ifstream file(directory / kMarkFile, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// All of it or, when that fails, the earlier one.
Status WriteMark(const fs::path& directory, std::string_view mark) {
  const fs::path file = directory / kMarkFile;
  const fs::path fresh = directory / (std::string(kMarkFile) + ".new");
  std::ofstream out(fresh, std::ios::binary);
  out << mark;
  out.close();
  std::error_code error;
  if (out) fs::rename(fresh, file, error);
  if (!out || error)
    return BadConfig("cannot write to the directory {}", Quote(directory.native()));
  return {};
}

enum class Found { kNothing, kDatabase, kRemains };

// kRemains: a database of ours that was being removed when mbench was killed.
Result<Found> LookAt(const fs::path& directory) {
  const Result<fs::file_type> type = TypeOf(directory);
  if (!type) return Failed(type);
  if (*type == fs::file_type::not_found) return Found::kNothing;
  const std::string quoted = Quote(directory.native());
  if (*type != fs::file_type::directory) {
    return BadConfig("path {} is a file; expected a directory, or a path where one can be made",
                     quoted);
  }
  std::error_code error;
  if (fs::exists(directory / "CURRENT", error)) return Found::kDatabase;
  bool empty = true;
  bool database = false;
  for (auto entry = fs::directory_iterator(directory, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename();
    empty = empty && (name == "LOCK" || name.starts_with("LOG"));
    database = database || name.ends_with(".sst") || name.starts_with("MANIFEST-");
  }
  if (error) return BadConfig("cannot look at path {}: {}", quoted, error.message());
  if (empty) return Found::kNothing;
  if (ReadMark(directory) == kUnfinishedDataset) return Found::kRemains;
  if (!database)
    return BadConfig(
        "path {} holds other files and no RocksDB database; expected a directory "
        "that is empty or new",
        quoted);
  return Unreachable(
      "the RocksDB database {} is damaged: it has no file CURRENT; restore it or remove it",
      quoted);
}

// ---- driver ----

// RocksDB's own log file would be on the disk of the database. It moves an older one away before it
// knows whether it may open the database at all, and when that disk is full, writing to the log
// ends the process in builds with assertions, such as Debian's. So there is none.
class NoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list args) override {
    (void)format;
    (void)args;
  }
};

// After an error of the disk RocksDB would go on by itself as soon as it thinks that it can, and
// now and then write to a log that is broken, which ends the process in builds with assertions.
// Without, writes fail until the database is opened again: what a run meets is one state, not two.
class NoRecovery : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error,
                            bool* auto_recovery) override {
    (void)reason;
    (void)error;
    *auto_recovery = false;
  }
};

class RocksdbDriver : public Driver, public MarkedStore {
 public:
  explicit RocksdbDriver(const OptionValues& options)
      : options_(options), path_(options.Text("path")) {}

  Result<DriverFacts> Open() override {
    if (options_.Flag("sync") && options_.Flag("disable_wal")) {
      return BadConfig(
          "sync and disable_wal exclude each other: without a log there is nothing to sync");
    }
    const Result<Found> found = LookAt(path_);
    if (!found) return Failed(found);
    const Status opened = *found == Found::kDatabase ? OpenExisting() : Create();
    if (!opened) return Failed(opened);
    return DriverFacts{
        .system = fmt::format("RocksDB {}", rocksdb::GetRocksVersionAsString()),
        .blocking = true,
    };
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    rocksdb::WriteOptions write;
    write.sync = options_.Flag("sync");
    write.disableWAL = options_.Flag("disable_wal");
    return std::make_unique<RocksdbSession>(plan, db_.get(), write, options_.Duration("delay"));
  }

  MarkedStore* Store() override { return this; }

  Result<StoredData> Look() override {
    return StoredData{.dataset = ReadMark(path_), .empty = IsEmpty()};
  }

  Status Clear() override {
    if (ReadMark(path_).empty()) {
      return BadConfig(
          "the RocksDB database {} was not made by mbench, so it is not cleared; give another path",
          Quote(path_));
    }
    db_.reset();
    return Create();
  }

  Status SetDataset(std::string_view mark) override {
    if (ReadMark(path_).empty()) {
      return BadConfig("the RocksDB database {} was not made by mbench", Quote(path_));
    }
    if (mark.empty() || mark == kUnfinishedDataset) return WriteMark(path_, kUnfinishedDataset);
    if (Status settled = Settle(); !settled) return settled;
    return WriteMark(path_, mark);
  }

 private:
  rocksdb::Options RocksdbOptions() const {
    rocksdb::BlockBasedTableOptions table;
    if (const auto cache = static_cast<std::size_t>(options_.Count("cache")); cache > 0) {
      table.block_cache = rocksdb::NewLRUCache(cache);
    } else {
      table.no_block_cache = true;
    }
    if (const std::int64_t bits = options_.Count("bloom_bits"); bits > 0) {
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(static_cast<double>(bits)));
    }
    rocksdb::Options options;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    options.write_buffer_size = static_cast<std::size_t>(options_.Count("write_buffer"));
    options.compression = Compression();
    options.info_log = std::make_shared<NoLog>();
    options.listeners.push_back(std::make_shared<NoRecovery>());
    options.max_bgerror_resume_count = 0;  // the same for errors that may pass
    return options;
  }

  rocksdb::CompressionType Compression() const {
    const std::string& name = options_.Text("compression");
    if (name == "snappy") return rocksdb::kSnappyCompression;
    if (name == "lz4") return rocksdb::kLZ4Compression;
    if (name == "zstd") return rocksdb::kZSTD;
    return rocksdb::kNoCompression;
  }

  Status Create() {
    if (Status created = CreateDirectory(path_); !created) return created;
    if (Status marked = WriteMark(path_, kUnfinishedDataset); !marked) return marked;
    rocksdb::DestroyDB(path_, {});
    rocksdb::Options options = RocksdbOptions();
    options.create_if_missing = true;
    const rocksdb::Status status = OpenWith(options);
    if (status.ok()) return {};
    return BadConfig("cannot create a RocksDB database in {}: {}", Quote(path_), status.ToString());
  }

  Status OpenExisting() {
    const rocksdb::Status status = OpenWith(RocksdbOptions());
    const std::string quoted = Quote(path_);
    const std::string text = status.ToString();
    if (status.ok()) return {};
    if (text.find("lock file") != std::string::npos ||
        text.find("lock hold by") != std::string::npos) {
      return Unreachable(
          "the RocksDB database {} is locked: it is open in another process; end that one or "
          "give another path",
          quoted);
    }
    if (status.IsNoSpace()) {
      return Unreachable("cannot open the RocksDB database {}: {}; make room on the disk", quoted,
                         text);
    }
    if (status.IsInvalidArgument()) {
      return BadConfig("the RocksDB database {} was made with other settings: {}", quoted, text);
    }
    return Unreachable("the RocksDB database {} is damaged: {}; restore it or remove it", quoted,
                       text);
  }

  rocksdb::Status OpenWith(const rocksdb::Options& options) {
    rocksdb::DB* db = nullptr;
    rocksdb::Status status = rocksdb::DB::Open(options, path_, &db);
    db_.reset(db);
    return status;
  }

  bool IsEmpty() const {
    const std::unique_ptr<rocksdb::Iterator> first(db_->NewIterator({}));
    first->SeekToFirst();
    return !first->Valid();
  }

  // What was loaded a moment ago would otherwise be in the memtable, and compactions of it would
  // run into the measurement: another system than the one that opens the same data tomorrow.
  Status Settle() {
    const rocksdb::Status flushed = db_->Flush({});
    if (!flushed.ok()) {
      return Unreachable("the RocksDB database {} cannot store what was loaded: {}", Quote(path_),
                         flushed.ToString());
    }
    const Ticks end = Clock::Now() + kMinute;
    while (IsCompacting() && Clock::Now() < end)
      Clock::SleepUntil(Clock::Now() + 10 * kMillisecond);
    return {};
  }

  bool IsCompacting() const {
    std::uint64_t pending = 0;
    std::uint64_t running = 0;
    db_->GetIntProperty(rocksdb::DB::Properties::kCompactionPending, &pending);
    db_->GetIntProperty(rocksdb::DB::Properties::kNumRunningCompactions, &running);
    return pending + running > 0;
  }

  const OptionValues options_;
  const std::string path_;
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace

extern const DriverInfo kRocksdbDriver;
constinit const DriverInfo kRocksdbDriver = {
    .name = "rocksdb",
    .about = "RocksDB in the process of mbench; the default store",
    .options = kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<RocksdbDriver>(options);
    },
};

}  // namespace mbench

#if defined(__SANITIZE_THREAD__)
// The library was not built for the thread sanitizer, which cannot see its locks and so takes its
// threads for racing ones.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:librocksdb.so\nrace:librocksdb.so\n";
}
#endif
