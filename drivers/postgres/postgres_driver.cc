// SPDX-License-Identifier: Apache-2.0
//
// PostgreSQL over its protocol: the table of the verbs, sessions.
//
//    mbench(key, field0, field1, ...)     its comment, "mbench: ...", says that it is ours, and
//                                         holds the mark of the data set
#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "drivers/marked_store.h"
#include "drivers/postgres/observe.h"
#include "drivers/postgres/options.h"
#include "drivers/postgres/postgres_session.h"
#include "drivers/postgres/types.h"
#include "drivers/verifier.h"
#include "harness/base/secrets.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

using postgres::Admin;
using postgres::Request;
using postgres::Server;

// SQLSTATEs of a text that speaks of what is not there: a table, a column, a function, a type, a
// schema.
constexpr std::string_view kUndefinedTable = "42P01";
constexpr auto kMissing =
    std::to_array<std::string_view>({kUndefinedTable, "42703", "42883", "42704", "3F000"});

constexpr std::string_view kMarkPrefix = "mbench: ";
constexpr Ticks kStartTimeout = 20 * kSecond;

// What is known of the table of the verbs.
struct Table {
  bool exists = false;
  bool ours = false;
  std::string mark;
};

Result<Table> LookAt(Admin* admin, const std::string& name) {
  const std::string quoted = postgres::QuoteIdentifiers(name);
  const Result<std::string> there = admin->Ask("SELECT to_regclass($1) IS NOT NULL", {quoted});
  if (!there) return Failed(there);
  if (*there != "t") return Table{};
  const Result<std::string> comment =
      admin->Ask("SELECT obj_description(to_regclass($1)::oid, 'pg_class')", {quoted});
  if (!comment) return Failed(comment);
  Table table{.exists = true, .ours = comment->starts_with(kMarkPrefix)};
  if (table.ours) table.mark = comment->substr(kMarkPrefix.size());
  return table;
}

std::string CommentSql(const Admin& admin, const std::string& name, std::string_view mark) {
  return fmt::format("COMMENT ON TABLE {} IS {}", postgres::QuoteIdentifiers(name),
                     admin.QuoteText(fmt::format("{}{}", kMarkPrefix, mark)));
}

// "": it can be done with so many ops on a connection.
std::string_view WhyNot(bool is_transaction, std::int64_t pipeline) {
  return is_transaction && pipeline > 1
             ? "a transaction needs its connection for itself; set pipeline to 1"
             : "";
}

void CheckRun(const OptionValues& options, const RunWants& wants, Complaints* complaints) {
  for (const StatementSpec* statement : wants.statements) {
    const std::string_view why = WhyNot(!statement->steps.empty(), options.Count("pipeline"));
    if (!why.empty())
      complaints->Add(statement->place,
                      fmt::format("statement {}: {}", Quote(statement->name), why));
  }
}

SqlCheck ReadCheck(const StatementSpec& spec, Complaints* complaints) {
  return ReadSqlCheck({"postgres", postgres::kWords}, SqlDialect::kPostgres, spec, complaints);
}

class PostgresDriver : public Driver,
                       public StatementPreparer,
                       public MarkedStore,
                       public DataVerifier {
 public:
  explicit PostgresDriver(const OptionValues& options)
      : options_(options), table_(options.Text("table")) {}

  Result<DriverFacts> Open() override {
    setup_ = {};
    if (const Status read = ReadOptions(); !read) return Failed(read);
    DriverFacts facts;
    for (const Server& server : setup_.servers) {
      Result<Admin> admin = Admin::Connect(server);
      if (!admin) return Failed(admin);
      if (&server == &setup_.servers[0]) facts.system = admin->Version();
    }
    observer_.SetServer(setup_.servers[0]);
    return facts;
  }

  StatementPreparer* Preparer() override { return this; }
  MarkedStore* Store() override { return this; }
  SystemObserver* Observer() override { return &observer_; }
  DataVerifier* Verifier() override { return this; }

  // Over the server that statements go to.
  Result<std::vector<CheckResult>> Verify() override {
    std::vector<CheckResult> results;
    if (checks_.empty()) return results;
    Result<Admin> admin = Admin::Connect(setup_.servers[0]);
    if (!admin) return Failed(admin);
    for (const SqlCheck& check : checks_) {
      const Result<std::string> answer = admin->Ask(check.sql);
      if (!answer)
        return BadConfig("check {}: {}", Quote(check.value.name), answer.error().message);
      results.push_back(JudgeSqlCheck(check, *answer));
    }
    return results;
  }

  Status Prepare(StatementSet statements) override {
    if (!statements[SessionPhase::kLoad].empty()) {
      return BadConfig(
          "postgres loads its own table only, by COPY; take load_statement out of data, and make "
          "other tables in before_load");
    }
    Result<Admin> primary = Admin::Connect(setup_.servers[0]);
    if (!primary) return Failed(primary);
    Result<Admin> replica = Admin::Connect(setup_.servers.back());
    if (!replica) return Failed(replica);
    const postgres::RequestFormat format{
        .results = options_.Flag("binary") ? postgres::kBinaryFormat : postgres::kTextFormat,
        .mode = setup_.prepare};
    auto requests = MakeEach<Request>(
        statements, [&](const StatementSpec& spec, SessionPhase phase) -> Result<Request> {
          Result<Request> request =
              ReadOne(spec, [&](const StatementSpec& one, Complaints* complaints) {
                return postgres::ReadRequest(one, format, complaints);
              });
          if (!request) return request;
          // What the load and the statements around it make may be missing until then.
          const bool may_lack = phase != SessionPhase::kRun || MakesTables(statements);
          Admin& admin = request->host == postgres::Host::kReplica ? *replica : *primary;
          if (const Status checked = Check(may_lack, &*request, &admin); !checked)
            return Failed(checked);
          return request;
        });
    if (!requests) return Failed(requests);
    setup_.requests = *std::move(requests);
    for (const StatementSpec& spec : statements.checks) {
      Result<SqlCheck> check = ReadOne(spec, ReadCheck);
      if (!check) return Failed(check);
      checks_.push_back(*std::move(check));
    }
    return {};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    const postgres::Verbs verbs(table_, options_.Text("columns"), plan.fields, setup_.prepare);
    // Statements alone speak of tables of the user, and need none of ours.
    if (plan.records) {
      if (const Status made = MakeTable(verbs); !made) return Failed(made);
    }
    const Result<std::shared_ptr<const postgres::Setup>> setup = SettledSetup(plan.phase);
    if (!setup) return Failed(setup);
    auto session = std::make_unique<postgres::PostgresSession>(plan, *setup, verbs);
    if (const Status started = session->Start(kStartTimeout); !started) {
      std::string hosts;
      for (const Server& server : setup_.servers)
        hosts += (hosts.empty() ? "" : ", ") + server.text;
      return Unreachable("PostgreSQL at {}: {}", hosts, started.error().message);
    }
    return session;
  }

  Result<StoredData> Look() override {
    Result<Admin> admin = Admin::Connect(setup_.servers[0]);
    if (!admin) return Failed(admin);
    const Result<Table> table = LookAt(&*admin, table_);
    if (!table) return Failed(table);
    if (!table->exists) return StoredData{.dataset = std::string(kUnfinishedDataset)};
    const Result<std::string> empty = admin->Ask(
        fmt::format("SELECT NOT EXISTS (SELECT 1 FROM {})", postgres::QuoteIdentifiers(table_)));
    if (!empty) return Failed(empty);
    return StoredData{.dataset = table->mark, .empty = *empty == "t"};
  }

  Status Clear() override {
    Result<Admin> admin = Admin::Connect(setup_.servers[0]);
    if (!admin) return Failed(admin);
    const Result<Table> table = LookAt(&*admin, table_);
    if (!table) return Failed(table);
    if (!table->exists) return {};
    if (!table->ours) {
      return BadConfig(
          "the table {} was not made by mbench, so it is not cleared; give another table",
          Quote(table_));
    }
    return admin->Run("DROP TABLE " + postgres::QuoteIdentifiers(table_));
  }

  Status SetDataset(std::string_view mark) override {
    Result<Admin> admin = Admin::Connect(setup_.servers[0]);
    if (!admin) return Failed(admin);
    const Result<Table> table = LookAt(&*admin, table_);
    if (!table) return Failed(table);
    if (!table->ours) return BadConfig("the table {} was not made by mbench", Quote(table_));
    if (mark.empty()) mark = kUnfinishedDataset;
    if (table->mark == kUnfinishedDataset && mark != kUnfinishedDataset) Settle(&*admin);
    return admin->Run(CommentSql(*admin, table_, mark));
  }

 private:
  Status ReadOptions() {
    if (Status right = ToStatus(postgres::CheckOptions(options_)); !right) return right;
    const std::string& url = options_.Text("url");
    const std::string& primary = options_.Text("hosts.primary");
    if (const Status added = AddServer(url.empty() ? primary : url); !added) return added;
    const std::string& replicas = options_.Text("hosts.replica");
    for (const std::string_view replica : Split(replicas, ',')) {
      if (Trim(replica).empty()) continue;
      // Only the first password in an option is known to be kept out of results.
      if (replicas.find(',') != std::string::npos && !PasswordInUri(Trim(replica)).empty()) {
        return BadConfig("the password of several replicas comes by the option password");
      }
      if (const Status added = AddServer(std::string(Trim(replica))); !added) return added;
    }
    setup_.pipeline = static_cast<std::uint32_t>(options_.Count("pipeline"));
    setup_.sync_each_op = options_.Text("sync") == "op";
    setup_.reads_from_replica = options_.Text("reads") == "replica";
    setup_.copy = options_.Flag("copy");
    const std::string& prepare = options_.Text("prepare");
    setup_.prepare = prepare == "simple"    ? postgres::PrepareMode::kSimple
                     : prepare == "unnamed" ? postgres::PrepareMode::kUnnamed
                                            : postgres::PrepareMode::kNamed;
    return {};
  }

  Status AddServer(const std::string& url) {
    Result<Server> server = postgres::ReadServer(url, options_);
    if (!server) return Failed(server);
    server->patience = std::max(server->patience, timeout());
    setup_.servers.push_back(*std::move(server));
    return {};
  }

  static bool MakesTables(const StatementSet& statements) {
    return !statements[SessionPhase::kBeforeLoad].empty() ||
           !statements[SessionPhase::kAfterLoad].empty();
  }

  // Asks the server, which says what is wrong with a text better than we could, and what types its
  // parameters have. `may_lack`: what it speaks of may be made later.
  Status Check(bool may_lack, Request* request, Admin* admin) const {
    const std::string_view why = WhyNot(request->is_transaction, setup_.pipeline);
    if (!why.empty()) return BadConfig("statement {}: {}", Quote(request->name), why);
    for (Request::Step& step : request->steps) {
      if (step.settled) continue;
      std::string state;
      Status settled = postgres::SettleTypes(admin, request->types, &step.statement, &state);
      if (settled && !step.rows.Empty()) {
        postgres::Prepared probe(step.rows.ProbeSql(), {}, {}, postgres::PrepareMode::kNamed);
        settled = postgres::SettleTypes(admin, {}, &probe, &state);
      }
      step.settled = settled.has_value();
      // It may speak of our table, which the load has yet to make.
      const bool ours =
          state == kUndefinedTable && step.statement.Sql().find(table_) != std::string::npos;
      const bool may_come = may_lack && std::ranges::find(kMissing, state) != kMissing.end();
      if (settled || ours || may_come) continue;
      const std::string where =
          request->is_transaction
              ? fmt::format("statement {}, step {}", Quote(request->name), Quote(step.name))
              : fmt::format("statement {}", Quote(request->name));
      return BadConfig("{}: {}", where, settled.error().message);
    }
    return {};
  }

  // What a session of that phase needs. When the run begins all tables are there that will be, and
  // what could not be checked before is.
  Result<std::shared_ptr<const postgres::Setup>> SettledSetup(SessionPhase phase) {
    const std::lock_guard lock(mutex_);
    for (Request& request : setup_.requests[SessionPhase::kRun]) {
      const bool settled =
          std::ranges::all_of(request.steps, [](const auto& step) { return step.settled; });
      if (phase != SessionPhase::kRun || settled) continue;
      const bool replica = request.host == postgres::Host::kReplica;
      Result<Admin> admin =
          Admin::Connect(replica ? setup_.servers.back() : setup_.servers.front());
      if (!admin) return Failed(admin);
      if (const Status checked = Check(false, &request, &*admin); !checked) return Failed(checked);
    }
    return std::make_shared<const postgres::Setup>(setup_);
  }

  // Made with its mark in one transaction, so that a table of ours never lacks it.
  Status MakeTable(const postgres::Verbs& verbs) {
    const std::lock_guard lock(mutex_);
    Result<Admin> admin = Admin::Connect(setup_.servers[0]);
    if (!admin) return Failed(admin);
    const Result<Table> table = LookAt(&*admin, table_);
    if (!table) return Failed(table);
    if (!table->exists) {
      const Status made =
          admin->Run(verbs.CreateTable() + "; " + CommentSql(*admin, table_, kUnfinishedDataset));
      if (!made)
        return BadConfig("cannot make the table {}: {}", Quote(table_), made.error().message);
    }
    for (const postgres::Prepared& verb : verbs.All()) {
      const auto fits = admin->ParameterTypes(verb.Sql());
      if (fits) continue;
      return BadConfig(
          "the table {} does not fit these records: {}; give another table, or set "
          "data.load to always to make it anew",
          Quote(table_), fits.error().message);
    }
    return {};
  }

  // What the load left to do would be done in the middle of the run. A user who may not do these
  // things has to live with that.
  void Settle(Admin* admin) const {
    (void)admin->Run("SET statement_timeout = '50s'");
    (void)admin->Run("VACUUM (ANALYZE) " + postgres::QuoteIdentifiers(table_));
    (void)admin->Run("CHECKPOINT");
  }

  const OptionValues options_;
  const std::string table_;
  postgres::Setup setup_;
  std::vector<SqlCheck> checks_;
  postgres::PostgresObserver observer_;
  std::mutex mutex_;  // of those who make the table
};

}  // namespace

extern const DriverInfo kPostgresDriver;
constinit const DriverInfo kPostgresDriver = {
    .name = "postgres",
    .about = "PostgreSQL: verbs on a table of its own, SQL statements and transactions",
    .options = postgres::kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<PostgresDriver>(options);
    },
    .language = {.words = postgres::kWords,
                 .observes = true,
                 .check =
                     [](const StatementSpec& spec, Complaints* complaints) {
                       if (spec.use == StatementUse::kCheck)
                         ReadCheck(spec, complaints);
                       else
                         postgres::ReadRequest(spec, {}, complaints);
                     },
                 .check_run = CheckRun},
    .check_options = postgres::CheckOptions,
    .urls = postgres::kUrls,
};

}  // namespace mbench
