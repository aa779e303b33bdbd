// SPDX-License-Identifier: Apache-2.0
//
// PostgreSQL over its protocol: options, the table of the verbs, sessions.
//
//    mbench(key, field0, field1, ...)     its comment, "mbench: ...", says that it is ours, and
//                                         holds the mark of the data set
#include <array>
#include <mutex>
#include <utility>

#include "drivers/marked_store.h"
#include "drivers/postgres/postgres_session.h"
#include "harness/base/secrets.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

using postgres::Admin;
using postgres::Request;
using postgres::Server;

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kText,
     .fallback = "",
     .help =
         "postgres://user@host:5432/database, with any parameter of libpq behind a ?; a socket: "
         "postgres://user@/database?host=/run/postgresql"},
    {.name = "hosts.primary",
     .type = OptionType::kText,
     .fallback = "",
     .help = "the url again, where there are replicas"},
    {.name = "hosts.replica",
     .type = OptionType::kText,
     .fallback = "",
     .help = "url of a server that only reads; several with commas between them, used in turn"},
    {.name = "password",
     .type = OptionType::kText,
     .fallback = "",
     .help = "of the user, on all hosts; empty: that of the url, of PGPASSWORD or of ~/.pgpass",
     .secret = true},
    {.name = "table",
     .type = OptionType::kText,
     .fallback = "mbench",
     .help = "table of the verbs, with its schema or without; made when it is not there"},
    {.name = "columns",
     .type = OptionType::kChoice,
     .fallback = "text",
     .help = "type of the key and the fields of that table; bytea takes any bytes",
     .choices = "text|bytea"},
    {.name = "reads",
     .type = OptionType::kChoice,
     .fallback = "primary",
     .help = "where the verbs read and scan go",
     .choices = "primary|replica"},
    PipelineOption("ops in flight on one connection at most"),
    {.name = "sync",
     .type = OptionType::kChoice,
     .fallback = "op",
     .help =
         "op: each op is a transaction; batch: all that leave together on a connection are one, "
         "which costs the server less, and an error of one of them fails the others",
     .choices = "op|batch"},
    {.name = "copy",
     .type = OptionType::kFlag,
     .fallback = "true",
     .help = "whether the load phase writes by COPY; false: by inserts, many in a batch"},
    {.name = "binary",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "whether statements ask for results in binary format"},
    {.name = "sslmode",
     .type = OptionType::kChoice,
     .fallback = "",
     .help =
         "as libpq has it; empty: that of the url, or prefer. Only verify-full checks everything",
     .choices = "disable|allow|prefer|require|verify-ca|verify-full"},
    {.name = "sslrootcert",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with the certificates to trust (PEM)"},
    {.name = "sslcert",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with our own certificate (PEM), where the server asks for one"},
    {.name = "sslkey",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with the key of sslcert (PEM)"},
});

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

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const std::string& url = options.Text("url");
  const std::string& primary = options.Text("hosts.primary");
  if (url.empty() == primary.empty()) {
    mistakes.push_back({"url",
                        "it or hosts.primary is needed, and not both; write url: "
                        "postgres://user@host:5432/database"});
  }
  for (const std::string_view name : {"url", "hosts.primary"}) {
    if (options.Text(name).empty()) continue;
    if (const Status right = postgres::CheckUrl(options.Text(name)); !right)
      mistakes.push_back({name, right.error().message});
  }
  return mistakes;
}

class PostgresDriver : public Driver, public StatementPreparer, public MarkedStore {
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
    return facts;
  }

  StatementPreparer* Preparer() override { return this; }
  MarkedStore* Store() override { return this; }

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
    const Result<Table> table = LookAt(&*primary, table_);
    if (!table) return Failed(table);
    std::size_t number = 0;
    auto requests = MakeEach<Request>(
        statements, [&](const StatementSpec& spec, SessionPhase phase) -> Result<Request> {
          Result<Request> request =
              ReadOne(spec, [&](const StatementSpec& one, Complaints* complaints) {
                return postgres::ReadRequest(one, number++, options_.Flag("binary") ? 1 : 0,
                                             complaints);
              });
          if (!request) return request;
          // What set-up statements make may be missing until then.
          const bool complete = phase == SessionPhase::kRun && !MakesTables(statements);
          Admin& admin = request->host == postgres::Host::kReplica ? *replica : *primary;
          if (const Status checked = Check(*request, *table, complete, &admin); !checked)
            return Failed(checked);
          return request;
        });
    if (!requests) return Failed(requests);
    setup_.requests = *std::move(requests);
    return {};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    const postgres::Verbs verbs(table_, options_.Text("columns"), plan.fields);
    // Statements alone speak of tables of the user, and need none of ours.
    if (plan.records) {
      if (const Status made = MakeTable(verbs); !made) return Failed(made);
    }
    auto session = std::make_unique<postgres::PostgresSession>(
        plan, std::make_shared<const postgres::Setup>(setup_), verbs);
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
    if (Status right = ToStatus(CheckOptions(options_)); !right) return right;
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
    return {};
  }

  Status AddServer(const std::string& url) {
    Result<Server> server = postgres::ReadServer(url, options_);
    if (!server) return Failed(server);
    setup_.servers.push_back(*std::move(server));
    return {};
  }

  static bool MakesTables(const StatementSet& statements) {
    return !statements[SessionPhase::kBeforeLoad].empty() ||
           !statements[SessionPhase::kAfterLoad].empty();
  }

  // Asks the server, which says what is wrong with a text better than we could. `complete`: every
  // table is there that will be.
  Status Check(const Request& request, const Table& table, bool complete, Admin* admin) const {
    if (request.is_transaction && setup_.pipeline > 1) {
      return BadConfig(
          "statement {}: a transaction needs its connection for itself; set pipeline to 1",
          Quote(request.name));
    }
    for (const Request::Step& step : request.steps) {
      // It may speak of our table, which the load has yet to make.
      if (!table.exists && step.statement.Sql().find(table_) != std::string::npos) continue;
      const std::string where =
          request.is_transaction
              ? fmt::format("statement {}, step {}", Quote(request.name), Quote(step.name))
              : fmt::format("statement {}", Quote(request.name));
      bool lacks_table = false;
      const Result<int> parameters = admin->CountParameters(step.statement.Sql(), &lacks_table);
      if (!complete && lacks_table) continue;
      if (!parameters) return BadConfig("{}: {}", where, parameters.error().message);
      if (*parameters != static_cast<int>(step.statement.Arguments().size())) {
        return BadConfig(
            "{}: PostgreSQL sees {} parameters, and the text has {} placeholders; one "
            "within quotes is only text, so leave the quotes out",
            where, *parameters, step.statement.Arguments().size());
      }
    }
    return {};
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
      const Result<int> fits = admin->CountParameters(verb.Sql());
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
  std::mutex mutex_;  // of those who make the table
};

}  // namespace

extern const DriverInfo kPostgresDriver;
constinit const DriverInfo kPostgresDriver = {
    .name = "postgres",
    .about = "PostgreSQL: verbs on a table of its own, SQL statements and transactions",
    .options = kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<PostgresDriver>(options);
    },
    .language = {.words = postgres::kWords,
                 .check =
                     [](const StatementSpec& spec, Complaints* complaints) {
                       postgres::ReadRequest(spec, 0, 0, complaints);
                     }},
    .check_options = CheckOptions,
};

}  // namespace mbench
