// SPDX-License-Identifier: Apache-2.0
//
// SQLite in our own process, in a file.
//
//    records(key TEXT PRIMARY KEY, field0 BLOB, field1 BLOB, ...)   one column per field
//    mbench_dataset(mark TEXT)                                      one row: the file is ours
//
// The table is an ordinary one, with rowids. WITHOUT ROWID would save one of the two searches, but
// rows of 1 KB, the default, then spill to overflow pages (SQLite advises it for rows under 1/20 of
// a page). Each session has a connection of its own, and each op is a transaction of its own.
#include <array>
#include <fstream>
#include <mutex>
#include <vector>

#include "drivers/common/blocking_session.h"
#include "drivers/common/error_table.h"
#include "drivers/common/store_path.h"
#include "drivers/marked_store.h"
#include "drivers/record.h"
#include "drivers/sqlite/sqlite_handle.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

namespace fs = std::filesystem;
using sqlite::Connection;
using sqlite::Statement;

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "path",
     .type = OptionType::kPath,
     .fallback = "data/sqlite.db",
     .help = "file of the database; created with its directories when it is not there"},
    {.name = "journal",
     .type = OptionType::kChoice,
     .fallback = "wal",
     .help = "how transactions are kept apart: wal lets readers go on while one writes",
     .choices = "wal|delete|memory"},
    {.name = "sync",
     .type = OptionType::kChoice,
     .fallback = "normal",
     .help = "how often SQLite waits for the disk; normal with wal: at checkpoints",
     .choices = "off|normal|full"},
    {.name = "cache",
     .type = OptionType::kBytes,
     .fallback = "16MiB",
     .help = "page cache of each connection"},
});

// ---- session
// ---------------------------------------------------------------------------------------

class SqliteSession : public BlockingSession {
 public:
  SqliteSession(const SessionPlan& plan, std::unique_ptr<Connection> connection)
      : BlockingSession(plan),
        connection_(std::move(connection)),
        read_field_(plan.fields),
        update_field_(plan.fields) {}

  // False, and the connection has the reason, when the table is not as it should be.
  bool Prepare() {
    read_ = connection_->Prepare("SELECT " + Columns("") + " FROM records WHERE key = ?1");
    scan_ = connection_->Prepare("SELECT * FROM records WHERE key >= ?1 ORDER BY key LIMIT ?2");
    insert_ =
        connection_->Prepare("INSERT OR REPLACE INTO records VALUES (?1" + Parameters() + ")");
    update_ = connection_->Prepare("UPDATE records SET " + Columns(" = ?") + " WHERE key = ?1");
    delete_ = connection_->Prepare("DELETE FROM records WHERE key = ?1");
    return read_ && scan_ && insert_ && update_ && delete_;
  }

  std::string DescribeError(std::uint16_t error) const override { return errors_.Name(error); }

 private:
  // "field0 = ?2, field1 = ?3", or without what is assigned when `assign` is empty.
  std::string Columns(std::string_view assign) const {
    std::string text;
    for (int i = 0; i < Plan().fields; ++i) {
      text += fmt::format("{}field{}", i == 0 ? "" : ", ", i);
      if (!assign.empty()) text += fmt::format("{}{}", assign, i + 2);
    }
    return text;
  }

  std::string Parameters() const {
    std::string text;
    for (int i = 0; i < Plan().fields; ++i) text += fmt::format(", ?{}", i + 2);
    return text;
  }

  Completion Execute(const Op& op) override {
    Completion completion = Do(op);
    completion.bytes_sent = static_cast<std::uint32_t>(op.key.size() + op.value.size());
    return completion;
  }

  Completion Do(const Op& op) {
    switch (op.kind) {
      case OpKind::kRead:
        return Read(op, op.field == kAllFields ? read_ : ReadField(op.field));
      case OpKind::kUpdate:
        return op.field == kAllFields ? Write(op, update_) : UpdateField(op);
      case OpKind::kInsert:
        return Write(op, insert_);
      case OpKind::kScan:
        return Scan(op);
      case OpKind::kDelete:
        delete_.BindText(1, op.key);
        return Change(delete_);
      case OpKind::kStatement:
        break;
    }
    return {.error = errors_.Code("no statements"), .outcome = Outcome::kFailed};
  }

  Completion Read(const Op& op, Statement& statement) {
    statement.BindText(1, op.key);
    const int code = statement.Step();
    Completion completion = Answer(code);
    if (code == SQLITE_ROW) {
      completion.bytes_received = statement.RowBytes();
      if (Plan().want_values) completion.value = Value(statement, op.field);
    }
    statement.Reset();
    return completion;
  }

  // A copy, for the columns are gone after Reset.
  std::string_view Value(const Statement& statement, std::uint16_t field) {
    value_.clear();
    if (field != kAllFields || Plan().fields == 1) return value_ = statement.Column(0);
    std::uint32_t end = 0;
    for (int i = 0; i < Plan().fields; ++i) {
      end += static_cast<std::uint32_t>(statement.Column(i).size());
      value_.append(reinterpret_cast<const char*>(&end), sizeof end);
    }
    for (int i = 0; i < Plan().fields; ++i) value_ += statement.Column(i);
    return value_;
  }

  // insert_ and update_: the key is parameter 1, the fields follow.
  Completion Write(const Op& op, Statement& statement) {
    const RecordView record(op.value, Plan().fields);
    if (!record.Valid())
      return {.error = errors_.Code("not a record"), .outcome = Outcome::kFailed};
    statement.BindText(1, op.key);
    for (std::uint16_t i = 0; i < Plan().fields; ++i) statement.BindBlob(i + 2, record.Field(i));
    return Change(statement);
  }

  Completion UpdateField(const Op& op) {
    Statement& statement = update_field_[op.field];
    if (!statement) {
      statement = connection_->Prepare(
          fmt::format("UPDATE records SET field{} = ?2 WHERE key = ?1", op.field));
    }
    statement.BindText(1, op.key);
    statement.BindBlob(2, op.value);
    return Change(statement);
  }

  Completion Change(Statement& statement) {
    Completion completion = Answer(statement.Step());
    // The last step is where a statement that writes without a result ends.
    if (completion.outcome == Outcome::kNotFound && connection_->Changes() > 0) completion = {};
    statement.Reset();
    return completion;
  }

  Completion Scan(const Op& op) {
    scan_.BindText(1, op.key);
    scan_.BindInteger(2, op.scan_limit);
    Completion completion{.items = 0};
    int code = scan_.Step();
    for (; code == SQLITE_ROW; code = scan_.Step()) {
      completion.bytes_received += scan_.RowBytes();
      ++completion.items;
    }
    scan_.Reset();
    return code == SQLITE_DONE ? completion : Answer(code);
  }

  Statement& ReadField(std::uint16_t field) {
    Statement& statement = read_field_[field];
    if (!statement) {
      statement =
          connection_->Prepare(fmt::format("SELECT field{} FROM records WHERE key = ?1", field));
    }
    return statement;
  }

  // SQLITE_DONE without a row: there was none.
  Completion Answer(int code) {
    if (code == SQLITE_ROW) [[likely]]
      return {};
    if (code == SQLITE_DONE) return {.outcome = Outcome::kNotFound};
    const bool busy = (code & 0xff) == SQLITE_BUSY;
    return {.error = errors_.Code(ClassOf(code)),
            .outcome = busy ? Outcome::kRejected : Outcome::kFailed};
  }

  // The first byte is the primary code, the rest is detail.
  static std::string_view ClassOf(int code) {
    switch (code & 0xff) {
      case SQLITE_BUSY:
        return "busy";
      case SQLITE_FULL:
        return "no space";
      case SQLITE_IOERR:
        return "io error";
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        return "corruption";
      default:
        return sqlite3_errstr(code & 0xff);
    }
  }

  const std::unique_ptr<Connection> connection_;  // outlives its statements
  Statement read_;
  Statement scan_;
  Statement insert_;
  Statement update_;
  Statement delete_;
  std::vector<Statement> read_field_;  // prepared when they are first needed
  std::vector<Statement> update_field_;
  std::string value_;
  ErrorTable errors_;
};

// ---- driver
// ----------------------------------------------------------------------------------------

class SqliteDriver : public Driver, public MarkedStore {
 public:
  explicit SqliteDriver(const OptionValues& options)
      : options_(options), path_(options.Text("path")) {}

  Result<DriverFacts> Open() override {
    const Result<bool> is_new = LookAt();
    if (!is_new) return Failed(is_new);
    if (const int code = connection_.Open(path_, *is_new); code != SQLITE_OK) return Explain(code);
    if (const int code = Claim(); code != SQLITE_OK) return Explain(code);
    if (const Result<StoredData> readable = Look(); !readable) return Failed(readable);
    return DriverFacts{.system = fmt::format("SQLite {}", sqlite3_libversion()), .blocking = true};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    if (const Status table = PrepareTable(plan.fields); !table) return Failed(table);
    auto connection = std::make_unique<Connection>(plan.timeout);
    Connection& line = *connection;
    int code = line.Open(path_, false);
    if (code == SQLITE_OK) code = line.Run(Pragmas());
    if (code != SQLITE_OK) return Explain(code, line);
    auto session = std::make_unique<SqliteSession>(plan, std::move(connection));
    if (!session->Prepare()) return Explain(SQLITE_ERROR, line);
    return session;
  }

  MarkedStore* Store() override { return this; }

  Result<StoredData> Look() override {
    if (!ours_) return StoredData{.empty = false};
    StoredData data;
    int code = connection_.Query("SELECT mark FROM mbench_dataset", &data.dataset);
    if (code == SQLITE_OK) code = ReadEmpty(&data);
    if (code != SQLITE_OK) return Explain(code);
    return data;
  }

  Status Clear() override {
    if (!ours_) {
      return BadConfig(
          "the SQLite database {} was not made by mbench, so it is not cleared; give another path",
          Quote(path_));
    }
    int code = connection_.Run("DROP TABLE IF EXISTS records");
    if (code == SQLITE_OK) code = WriteMark(kUnfinishedDataset);
    if (code == SQLITE_OK) code = connection_.Run("VACUUM");
    return Check(code);
  }

  Status SetDataset(std::string_view mark) override {
    if (!ours_) return BadConfig("the SQLite database {} was not made by mbench", Quote(path_));
    if (mark.empty() || mark == kUnfinishedDataset) return Check(WriteMark(kUnfinishedDataset));
    // The load is moved from the log to the database, or the first writers of the run would have to
    // do it.
    const int code = connection_.Run("PRAGMA wal_checkpoint(TRUNCATE)");
    return Check(code == SQLITE_OK ? WriteMark(mark) : code);
  }

 private:
  // Whether a new file has to be made.
  Result<bool> LookAt() const {
    const Result<fs::file_type> type = TypeOf(path_);
    if (!type) return Failed(type);
    if (*type == fs::file_type::directory) {
      return BadConfig("path {} is a directory; expected the name of a file", Quote(path_));
    }
    if (*type != fs::file_type::not_found) return CheckHead();
    const fs::path parent = fs::path(path_).parent_path();
    if (const Status made = parent.empty() ? Status{} : CreateDirectory(parent); !made)
      return Failed(made);
    return true;
  }

  // SQLite takes a file of a few bytes for an empty database and would write over it.
  Result<bool> CheckHead() const {
    constexpr std::string_view kHead = "SQLite format 3";
    std::array<char, kHead.size()> head{};
    std::ifstream file(path_, std::ios::binary);
    if (!file) return BadConfig("cannot read the file {}", Quote(path_));
    const auto size = file.read(head.data(), head.size()).gcount();
    if (size > 0 && std::string_view(head.data(), head.size()) != kHead)
      return Explain(SQLITE_NOTADB);
    return false;
  }

  // Looks first and writes only to what is empty or ours.
  int Claim() {
    std::string tables, marked;
    int code = connection_.Query("SELECT count(*) FROM sqlite_master", &tables);
    if (code != SQLITE_OK) return code;
    code = connection_.Query("SELECT 1 FROM sqlite_master WHERE name = 'mbench_dataset'", &marked);
    if (code != SQLITE_OK) return code;
    ours_ = tables == "0" || !marked.empty();
    if (!ours_) return SQLITE_OK;
    code = connection_.Run(Pragmas());
    return code == SQLITE_OK && tables == "0" ? CreateMark() : code;
  }

  int ReadEmpty(StoredData* data) {
    std::string found;
    int code = connection_.Query("SELECT 1 FROM sqlite_master WHERE name = 'records'", &found);
    if (code != SQLITE_OK || found.empty()) return code;
    found.clear();
    code = connection_.Query("SELECT 1 FROM records LIMIT 1", &found);
    data->empty = found.empty();
    return code;
  }

  // In one step, so that a file of ours never lacks the mark.
  int CreateMark() {
    return connection_.Run(
        fmt::format("BEGIN; CREATE TABLE mbench_dataset(mark TEXT); "
                    "INSERT INTO mbench_dataset VALUES ('{}'); COMMIT",
                    kUnfinishedDataset));
  }

  int WriteMark(std::string_view mark) {
    Statement update = connection_.Prepare("UPDATE mbench_dataset SET mark = ?1");
    if (!update) return SQLITE_ERROR;
    update.BindText(1, mark);
    const int code = update.Step();
    return code == SQLITE_DONE ? SQLITE_OK : code;
  }

  std::string Pragmas() const {
    return fmt::format(
        "PRAGMA {}synchronous={}; PRAGMA cache_size=-{}",
        ours_ ? fmt::format("journal_mode={}; PRAGMA ", options_.Text("journal")) : "",
        options_.Text("sync"), options_.Count("cache") / 1024);
  }

  Status PrepareTable(std::uint16_t fields) {
    const std::lock_guard lock(mutex_);
    std::string columns;
    for (int i = 0; i < fields; ++i) columns += fmt::format(", field{} BLOB", i);
    if (ours_) {
      const int code = connection_.Run("CREATE TABLE IF NOT EXISTS records(key TEXT PRIMARY KEY" +
                                       columns + ")");
      if (code != SQLITE_OK) return Explain(code);
    }
    std::string found;
    const int code =
        connection_.Query("SELECT count(*) - 1 FROM pragma_table_info('records')", &found);
    if (code != SQLITE_OK) return Explain(code);
    if (found == std::to_string(fields)) return {};
    return BadConfig(
        "the table records of {} has {} fields, this run wants {}; load it again or give another "
        "path",
        Quote(path_), found == "-1" ? "no" : found, fields);
  }

  Status Check(int code) const {
    if (code != SQLITE_OK) return Explain(code);
    return {};
  }

  tl::unexpected<Error> Explain(int code) const { return Explain(code, connection_); }

  tl::unexpected<Error> Explain(int code, const Connection& connection) const {
    const std::string quoted = Quote(path_);
    switch (code & 0xff) {
      case SQLITE_BUSY:
        return Unreachable(
            "the SQLite database {} is locked by another process; end that one or give another "
            "path",
            quoted);
      case SQLITE_NOTADB:
        return Unreachable(
            "the file {} is not a SQLite database, or a damaged one; give another path or remove "
            "it",
            quoted);
      case SQLITE_CORRUPT:
        return Unreachable("the SQLite database {} is damaged ({}); restore it or remove it",
                           quoted, connection.Message());
      case SQLITE_CANTOPEN:
      case SQLITE_READONLY:
      case SQLITE_PERM:
      case SQLITE_ERROR:
        return BadConfig("cannot use the SQLite database {}: {}", quoted, connection.Message());
      default:
        return Unreachable("the SQLite database {} does not work: {}", quoted,
                           connection.Message());
    }
  }

  // A lock that lasts longer than this is not one of a transaction that is about to end.
  static constexpr Ticks kPatience = 5 * kSecond;

  const OptionValues options_;
  const std::string path_;
  Connection connection_{kPatience};
  bool ours_ = false;
  std::mutex mutex_;  // guards connection_ in NewSession
};

}  // namespace

extern const DriverInfo kSqliteDriver;
constinit const DriverInfo kSqliteDriver = {
    .name = "sqlite",
    .about = "SQLite in the process of mbench, in a file",
    .options = kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<SqliteDriver>(options);
    },
};

}  // namespace mbench
