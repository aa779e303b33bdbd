// SPDX-License-Identifier: Apache-2.0
//
// MariaDB and MySQL, by the non-blocking calls of libmariadb.
//
// The verbs work on one table of the database, which is made when it is first needed. The table
// mbench_dataset says which tables are ours and what was loaded; a table that does not stand in it
// is never dropped or written to by a load.
//
//    mbench_dataset(records VARCHAR(64) PRIMARY KEY, mark TEXT)
#include <algorithm>
#include <array>
#include <mutex>
#include <span>
#include <utility>

#include "drivers/marked_store.h"
#include "drivers/mysql/mysql_observe.h"
#include "drivers/mysql/mysql_session.h"
#include "drivers/verifier.h"
#include "harness/base/text.h"
#include "harness/base/url.h"

namespace mbench {
namespace {

using mysql::Connection;

constexpr auto kSocketParameters = std::to_array<std::string_view>({"user", "database"});
constexpr Ticks kPatience = 10 * kSecond;
constexpr unsigned kNoSuchTable = 1146;

bool IsName(std::string_view name) {
  const auto is_part = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, is_part);
}

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const std::string& table = options.Text("table");
  if (!IsName(table)) {
    mistakes.push_back({"table", fmt::format("it is {}; expected letters, digits and _, at most 64",
                                             Quote(table))});
  }
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return {{"url", url.error().message}};
  const bool is_socket = url->scheme == "unix";
  const std::span<const std::string_view> known =
      std::span(kSocketParameters).first(is_socket ? kSocketParameters.size() : 0);
  if (const std::string parameter = WrongParameter(url->query, known); !parameter.empty())
    mistakes.push_back({"url", parameter});
  const std::string database = is_socket ? QueryValue(url->query, "database") : url->path;
  if (database.empty() || database == "/")
    mistakes.push_back({"url", "it names no database; expected mysql://user@host:port/database"});
  return mistakes;
}

SqlCheck ReadCheck(const StatementSpec& spec, Complaints* complaints) {
  return ReadSqlCheck({"mysql", mysql::kWords}, SqlDialect::kMysql, spec, complaints);
}

class MysqlDriver final : public Driver,
                          public StatementPreparer,
                          public MarkedStore,
                          public DataVerifier {
 public:
  explicit MysqlDriver(const OptionValues& options)
      : options_(options), table_(options.Text("table")) {}

  Result<DriverFacts> Open() override {
    if (Status right = ToStatus(CheckOptions(options_)); !right) return Failed(right);
    if (mysql_library_init(0, nullptr, nullptr) != 0)
      return Unreachable("libmariadb has no memory");
    auto target = mysql::Target::Read(options_);
    if (!target) return Failed(target);
    target_ = std::move(*target);
    target_.patience_s = std::max(target_.patience_s, static_cast<unsigned>(timeout() / kSecond));
    auto connection = Connection::Open(target_);
    if (!connection) return Failed(connection);
    observer_.SetTarget(target_);
    return FactsOf(connection->Version());
  }

  StatementPreparer* Preparer() override { return this; }
  MarkedStore* Store() override { return this; }
  SystemObserver* Observer() override { return &observer_; }
  DataVerifier* Verifier() override { return this; }

  Result<std::vector<CheckResult>> Verify() override {
    std::vector<CheckResult> results;
    if (checks_.empty()) return results;
    auto connection = Connection::Open(target_);
    if (!connection) return Failed(connection);
    for (const SqlCheck& check : checks_) {
      const auto rows = connection->Ask(check.sql);
      if (!rows) return BadConfig("check {}: {}", Quote(check.value.name), rows.error().message);
      const bool some = !rows->empty() && !rows->front().empty();
      results.push_back(JudgeSqlCheck(check, some ? rows->front().front() : ""));
    }
    return results;
  }

  Status Prepare(StatementSet statements) override {
    auto connection = Connection::Open(target_);
    if (!connection) return Failed(connection);
    auto made = MakeEach<mysql::Statement>(
        statements, [&](const StatementSpec& spec, SessionPhase) -> Result<mysql::Statement> {
          Result<mysql::Statement> statement = ReadOne(spec, mysql::ReadStatement);
          if (!statement) return statement;
          for (const mysql::SqlText& step : statement->steps)
            if (Status tried = Try(*connection, step, spec.name); !tried) return Failed(tried);
          return statement;
        });
    if (!made) return Failed(made);
    statements_ = *std::move(made);
    for (const StatementSpec& spec : statements.checks) {
      Result<SqlCheck> check = ReadOne(spec, ReadCheck);
      if (!check) return Failed(check);
      checks_.push_back(*std::move(check));
    }
    return {};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    if (Status table = PrepareTable(plan); !table) return Failed(table);
    auto session =
        std::make_unique<mysql::SqlSession>(plan, &target_, table_, &statements_[plan.phase]);
    if (const Status started = session->Start(kPatience); !started) {
      return Unreachable("MySQL at {}: {}", target_.address, started.error().message);
    }
    return std::unique_ptr<Session>(std::move(session));
  }

  Result<StoredData> Look() override {
    auto connection = Connection::Open(target_);
    if (!connection) return Failed(connection);
    const auto mark = ReadMark(*connection);
    if (!mark) return Failed(mark);
    const auto exists = Exists(*connection, table_);
    if (!exists) return Failed(exists);
    if (!*exists) return StoredData{.dataset = *mark};
    const auto rows = connection->Ask(fmt::format("SELECT 1 FROM `{}` LIMIT 1", table_));
    if (!rows) return Failed(rows);
    return StoredData{.dataset = *mark, .empty = rows->empty() && !mark->empty()};
  }

  Status Clear() override {
    auto connection = Connection::Open(target_);
    if (!connection) return Failed(connection);
    if (Status ours = CheckOurs(*connection); !ours) return ours;
    const auto dropped = connection->Ask(fmt::format("DROP TABLE IF EXISTS `{}`", table_));
    if (!dropped) return Failed(dropped);
    return WriteMark(*connection, kUnfinishedDataset);
  }

  Status SetDataset(std::string_view mark) override {
    auto connection = Connection::Open(target_);
    if (!connection) return Failed(connection);
    if (Status ours = CheckOurs(*connection); !ours) return ours;
    return WriteMark(*connection, mark.empty() ? kUnfinishedDataset : mark);
  }

 private:
  // ---- whose data ----

  Result<bool> Exists(Connection& connection, std::string_view table) {
    const auto rows = connection.Ask(
        fmt::format("SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                    "table_name = {}",
                    connection.Quoted(table)));
    if (!rows) return Failed(rows);
    return !rows->empty();
  }

  // "": the table of records is not ours.
  Result<std::string> ReadMark(Connection& connection) {
    const auto exists = Exists(connection, table_);
    if (!exists) return Failed(exists);
    const auto marks = Exists(connection, "mbench_dataset");
    if (!marks) return Failed(marks);
    if (*marks) {
      const auto rows = connection.Ask("SELECT mark FROM mbench_dataset WHERE records = " +
                                       connection.Quoted(table_));
      if (!rows) return Failed(rows);
      if (!rows->empty()) return rows->front().front();
    }
    // What is not there yet will be ours.
    return *exists ? std::string() : std::string(kUnfinishedDataset);
  }

  Status CheckOurs(Connection& connection) {
    const auto mark = ReadMark(connection);
    if (!mark) return Failed(mark);
    if (!mark->empty()) return {};
    return BadConfig(
        "the table {} at {} was not made by mbench, so it is left alone; give another one (option "
        "table)",
        Quote(table_), target_.address);
  }

  Status WriteMark(Connection& connection, std::string_view mark) {
    auto done = connection.Ask(
        "CREATE TABLE IF NOT EXISTS mbench_dataset (records VARCHAR(64) PRIMARY KEY, mark TEXT)");
    if (!done) return Failed(done);
    done = connection.Ask(fmt::format("REPLACE INTO mbench_dataset VALUES ({}, {})",
                                      connection.Quoted(table_), connection.Quoted(mark)));
    if (!done) return Failed(done);
    return {};
  }

  static DriverFacts FactsOf(const std::string& text) {
    const bool maria = text.find("MariaDB") != std::string::npos;
    return DriverFacts{.system = fmt::format("{} {}", maria ? "MariaDB" : "MySQL",
                                             text.substr(0, text.find('-')))};
  }

  // Made by the first session that may need it: a run of statements alone has no use for it.
  Status PrepareTable(const SessionPlan& plan) {
    if (!plan.records) return {};
    const std::lock_guard lock(mutex_);
    auto connection = Connection::Open(target_);
    if (!connection) return Failed(connection);
    const auto exists = Exists(*connection, table_);
    if (!exists) return Failed(exists);
    if (!*exists) {
      // The mark first, so that a table of ours never lacks it.
      if (Status marked = WriteMark(*connection, kUnfinishedDataset); !marked) return marked;
      const auto made = connection->Ask(mysql::CreateTable(table_, plan.fields));
      if (!made) return Failed(made);
      return {};
    }
    return CheckColumns(*connection, plan.fields);
  }

  Status CheckColumns(Connection& connection, std::uint16_t fields) {
    const auto rows = connection.Ask(fmt::format("SHOW COLUMNS FROM `{}`", table_));
    if (!rows) return Failed(rows);
    if (rows->size() == fields + std::size_t{1}) return {};
    return BadConfig(
        "the table {} at {} has {} fields, this run wants {}; load it again or give another one "
        "(option table)",
        Quote(table_), target_.address, rows->size() - 1, fields);
  }

  // A table may be made later; everything else that the server objects to is a mistake.
  Status Try(Connection& connection, const mysql::SqlText& step, const std::string& name) {
    std::string said;
    std::size_t parameters = 0;
    const unsigned number = connection.Prepare(step.sql, &said, &parameters);
    if (number == kNoSuchTable) return {};
    if (number != 0) return BadConfig("statement {}: {} ({})", Quote(name), said, number);
    if (parameters == step.arguments.size()) return {};
    return BadConfig("statement {} has a ? of its own; write a placeholder such as {{key}} for it",
                     Quote(name));
  }

  const OptionValues options_;
  const std::string table_;
  mysql::Target target_;
  ByPhase<std::vector<mysql::Statement>> statements_;
  std::vector<SqlCheck> checks_;
  mysql::MysqlObserver observer_;
  std::mutex mutex_;
};

}  // namespace

extern const DriverInfo kMysqlDriver;
constinit const DriverInfo kMysqlDriver = {
    .name = "mysql",
    .about = "MariaDB and MySQL, by the non-blocking calls of libmariadb",
    .options = mysql::kTargetOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<MysqlDriver>(options);
    },
    .language = {.words = mysql::kWords,
                 .observes = true,
                 .check =
                     [](const StatementSpec& spec, Complaints* complaints) {
                       if (spec.use == StatementUse::kCheck)
                         ReadCheck(spec, complaints);
                       else
                         mysql::ReadStatement(spec, complaints);
                     }},
    .check_options = CheckOptions,
};

}  // namespace mbench
