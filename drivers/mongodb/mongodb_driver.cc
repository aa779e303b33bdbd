// SPDX-License-Identifier: Apache-2.0
//
// MongoDB by libmongoc: options, whose data they are, sessions.
//
//    usertable        {_id: key, field0: ..., field1: ...}     the records of the verbs
//    mbench_dataset   {_id: "usertable", mark: "..."}           says that they are ours, and which
#include <algorithm>
#include <array>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

#include "drivers/marked_store.h"
#include "drivers/mongodb/advice.h"
#include "drivers/mongodb/bulk_session.h"
#include "drivers/mongodb/change_stream.h"
#include "drivers/mongodb/check_run.h"
#include "drivers/mongodb/direct_session.h"
#include "drivers/mongodb/examine.h"
#include "drivers/mongodb/verify.h"
#include "drivers/observer.h"
#include "drivers/verifier.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

using mongodb::Admin;
using mongodb::BsonPtr;

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "uri",
     .type = OptionType::kUri,
     .fallback = "mongodb://127.0.0.1:27017",
     .help = "mongodb://user@host:port,host:port/?replicaSet=NAME or mongodb+srv://..., with all "
             "options of libmongoc: readPreference, w, readConcernLevel, retryWrites, tls, "
             "tlsCAFile, authMechanism, authSource, compressors ...",
     .choices = "mongodb|mongodb+srv"},
    {.name = "password",
     .type = OptionType::kText,
     .fallback = "",
     .help = "of the user of the uri",
     .secret = true},
    {.name = "database",
     .type = OptionType::kText,
     .fallback = "mbench",
     .help = "where the verbs keep their records, and where statements work"},
    {.name = "collection",
     .type = OptionType::kText,
     .fallback = "usertable",
     .help = "of the records of the verbs; made when it is not there"},
    {.name = "fields",
     .type = OptionType::kChoice,
     .fallback = "binary",
     .help = "type of their fields; binary takes any bytes",
     .choices = "binary|text"},
    {.name = "shard",
     .type = OptionType::kChoice,
     .fallback = "hashed",
     .help = "how that collection is sharded by _id when it is made on a sharded cluster",
     .choices = "hashed|ranged|none"},
    {.name = "client",
     .type = OptionType::kChoice,
     .fallback = "libmongoc",
     .help =
         "libmongoc: does all, a thread for each connection; direct: all connections in one epoll, "
         "for one server or mongos, without TLS, retries, transactions and bulks",
     .choices = "libmongoc|direct"},
    {.name = "max_time",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help =
         "whether the server is told the time-out of reads and commands (maxTimeMS), so that it "
         "gives up when we do"},
});

constexpr Ticks kStartTimeout = 20 * kSecond;
constexpr std::string_view kMarks = "mbench_dataset";

// Text as a JSON string.
std::string Json(std::string_view text) {
  return mongodb::Json(text).dump(-1, ' ', false, mongodb::Json::error_handler_t::replace);
}

// A text in the reply, also below: "cursor.firstBatch.0.mark".
std::string TextIn(const BsonPtr& reply, const char* path) {
  bson_iter_t iter, found;
  if (!bson_iter_init(&iter, reply.get())) return "";
  if (!bson_iter_find_descendant(&iter, path, &found) || !BSON_ITER_HOLDS_UTF8(&found)) return "";
  return bson_iter_utf8(&found, nullptr);
}

bool Has(const BsonPtr& reply, const char* path) {
  bson_iter_t iter, found;
  return bson_iter_init(&iter, reply.get()) && bson_iter_find_descendant(&iter, path, &found);
}

bool IsTrue(const BsonPtr& reply, const char* name) {
  bson_iter_t at;
  return bson_iter_init_find(&at, reply.get(), name) && bson_iter_as_bool(&at);
}

class MongodbDriver final : public Driver,
                            public StatementPreparer,
                            public MarkedStore,
                            public SystemObserver,
                            public DataVerifier,
                            public WatcherSource {
 public:
  explicit MongodbDriver(const OptionValues& options)
      : options_(options), is_direct_(options.Text("client") == "direct") {
    setup_.database = options.Text("database");
    setup_.collection = options.Text("collection");
    setup_.binary = options.Text("fields") == "binary";
    setup_.max_time = options.Flag("max_time");
    setup_.reads = {.database = setup_.database, .collection = setup_.collection};
  }

  Result<DriverFacts> Open() override {
    auto uri = mongodb::ParseUri(options_.Text("uri"), options_.Text("password"));
    if (!uri) return Failed(uri);
    uri_ = *std::move(uri);
    load_uri_ = mongodb::Acknowledged(uri_.get());
    concerns_ = mongodb::UriConcerns::Of(uri_.get());
    if (is_direct_) {
      auto target = mongodb::DirectTarget::Read(uri_.get());
      if (!target) return Failed(target);
      target_ = *std::move(target);
    }
    Admin admin(uri_.get());
    const auto hello = admin.Ask("admin", R"({"isMaster": 1})");
    if (!hello) return Failed(hello);
    is_sharded_ = TextIn(*hello, "msg") == "isdbgrid";
    has_events_ = is_sharded_ || Has(*hello, "setName");
    is_primary_ = Has(*hello, "setName") && IsTrue(*hello, "ismaster");
    // Nobody needs its version: a user may be one who cannot ask.
    const auto build = admin.Ask("admin", R"({"buildInfo": 1})");
    if (!build && build.error().kind == ErrorKind::kUnreachable) return Failed(build);
    const std::string version = build ? " " + TextIn(*build, "version") : "";
    return DriverFacts{
        .system = fmt::format("MongoDB{}{}", version, is_sharded_ ? ", sharded" : ""),
        .blocking = !is_direct_,
        .load_batch = mongodb::kLoadBatch,
    };
  }

  StatementPreparer* Preparer() override { return this; }
  MarkedStore* Store() override { return this; }
  SystemObserver* Observer() override { return this; }
  DataVerifier* Verifier() override { return this; }
  WatcherSource* Watchers() override { return this; }

  Status Prepare(StatementSet statements) override {
    auto requests = MakeEach<mongodb::Request>(
        statements,
        [this](const StatementSpec& spec, SessionPhase phase) { return MakeRequest(spec, phase); });
    if (!requests) return Failed(requests);
    setup_.requests = *std::move(requests);
    if (const Status able = verification_.CheckRequests(setup_); !able) return able;
    return verification_.SetChecks(statements.checks);
  }

  bool FollowsWrites() const override { return true; }
  Status LogWrites() override {
    const std::string why = mongodb::WhyNotVerified(concerns_, is_direct_);
    if (!why.empty()) return BadConfig("{}", why);
    verification_.LogWrites(&setup_);
    return {};
  }

  Result<std::vector<CheckResult>> Verify() override {
    return verification_.Run(uri_.get(), setup_, feeds_);
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    const auto pool = PoolFor(plan);
    if (!pool) return Failed(pool);
    if (is_direct_ && plan.phase != SessionPhase::kLoad) return NewDirectSession(plan);
    auto session = mongodb::MongodbSession::Start(plan, *pool, &setup_);
    if (!session) return Failed(session);
    if (plan.phase != SessionPhase::kLoad) return std::unique_ptr<Session>(*std::move(session));
    return std::make_unique<mongodb::BulkSession>(plan, *pool, &setup_, *std::move(session));
  }

  Result<std::vector<std::unique_ptr<Watcher>>> NewWatchers(const SessionPlan&) override {
    std::vector<std::unique_ptr<Watcher>> watchers;
    for (mongodb::Feed& feed : feeds_) {
      auto watcher = mongodb::ChangeWatcher::Start(uri_.get(), &feed);
      if (!watcher) return Failed(watcher);
      watchers.push_back(*std::move(watcher));
    }
    return watchers;
  }

  SystemFigures Observe() override {
    if (!observer_) observer_.emplace(uri_.get(), &feeds_);
    return observer_->Look();
  }

  SystemRemarks Examine(const std::vector<std::vector<std::string>>& samples) override {
    Admin admin(uri_.get());
    SystemRemarks remarks = mongodb::ExamineSystem(&admin, setup_, samples);
    AddUnacknowledged(&remarks);
    if (!mongodb::IsVerified(uri_.get())) remarks.warnings.emplace_back(kUnverifiedServer);
    verification_.LeaveOut(&admin, &setup_);
    return remarks;
  }

  SystemRemarks ExamineAfter() override {
    SystemRemarks remarks;
    Admin admin(uri_.get());
    mongodb::AddSizes(&admin, setup_, &remarks);
    for (const mongodb::Feed& feed : feeds_) mongodb::AddFindings(feed, &remarks);
    for (const mongodb::Request& request : setup_.requests[SessionPhase::kRun]) {
      for (const mongodb::Action& step : request.steps) {
        if (!step.untraced) continue;
        remarks.warnings.push_back(fmt::format("writes of {} were not looked for afterwards: {}",
                                               request.name, step.untraced->why));
      }
    }
    return remarks;
  }

  std::vector<Finding> Advise(std::uint64_t memory_bytes) override {
    Admin admin(uri_.get());
    return mongodb::AdviseOn(&admin, memory_bytes);
  }

  Result<StoredData> Look() override {
    Admin admin(uri_.get());
    const auto mark = ReadMark(&admin);
    if (!mark) return Failed(mark);
    const auto empty = IsEmpty(&admin);
    if (!empty) return Failed(empty);
    return StoredData{.dataset = *mark, .empty = *empty};
  }

  Status Clear() override {
    Admin admin(uri_.get());
    if (Status ours = CheckOurs(&admin); !ours) return ours;
    const auto dropped =
        admin.Ask(setup_.database, fmt::format(R"({{"drop": {}}})", Json(setup_.collection)));
    // 4.0 calls it an error to drop what is not there.
    if (!dropped && dropped.error().message.find("ns not found") == std::string::npos)
      return Failed(dropped);
    const std::lock_guard lock(mutex_);
    made_ = false;
    return WriteMark(&admin, kUnfinishedDataset);
  }

  Status SetDataset(std::string_view mark) override {
    Admin admin(uri_.get());
    if (Status ours = CheckOurs(&admin); !ours) return ours;
    // A checkpoint, which a mongos knows nothing of and not every user may ask for.
    if (!mark.starts_with(kUnfinishedDataset)) (void)admin.Ask("admin", R"({"fsync": 1})");
    return WriteMark(&admin, mark.empty() ? kUnfinishedDataset : mark);
  }

 private:
  Result<mongodb::Request> MakeRequest(const StatementSpec& spec, SessionPhase phase) {
    auto request = mongodb::MakeRequest(spec, setup_.database, phase, verification_.Writes());
    if (!request) return request;
    const bool loads = phase == SessionPhase::kLoad;
    const bool measured = phase == SessionPhase::kRun;
    const std::string why =
        mongodb::Settle(measured ? concerns_ : mongodb::UriConcerns::Of(load_uri_.get()),
                        is_direct_ && !loads, &*request);
    if (!why.empty()) return BadConfig("statement {}: {}", Quote(request->name), why);
    if (const Status able = loads ? CheckLoad(*request) : CheckServer(*request); !able)
      return Failed(able);
    if (const Status watched = FindFeeds(&*request); !watched) return Failed(watched);
    return request;
  }

  // A direct client reads the one server that it has.
  Status CheckServer(const mongodb::Request& request) const {
    const auto& prefs = request.steps[0].reads_from;
    const bool secondary =
        prefs && mongoc_read_prefs_get_mode(prefs.get()) == MONGOC_READ_SECONDARY;
    if (!is_direct_ || !secondary || !is_primary_) return {};
    return BadConfig(
        "statement {}: readPreference: secondary, and the server of client: direct is the primary; "
        "use client: libmongoc",
        Quote(request.name));
  }

  // What is loaded has a mark, and that belongs to the collection of the records.
  Status CheckLoad(const mongodb::Request& request) const {
    for (const mongodb::Action& step : request.steps) {
      if (step.as_written)
        return BadConfig("{} is a command, which leaves out no duplicates; write it as an insert",
                         request.name);
      if (step.collection == setup_.collection) continue;
      return BadConfig(
          "{} writes to {}, and the records are those of {}; say collection: {} in "
          "driver",
          request.name, Quote(step.collection), Quote(setup_.collection), step.collection);
    }
    return {};
  }

  // What a run cannot know of writes to which nobody answers.
  void AddUnacknowledged(SystemRemarks* remarks) const {
    std::vector<std::string> whose;
    if (!concerns_.acknowledged) whose.emplace_back("w=0 in the uri");
    for (const mongodb::Request& request : setup_.requests[SessionPhase::kRun])
      for (const mongodb::Action& step : request.steps)
        if (step.own_acknowledged == false) whose.push_back("w: 0 in " + request.name);
    if (whose.empty()) return;
    remarks->warnings.push_back(fmt::format(
        "nobody acknowledges writes ({}): ok says that they were sent, their times end there, and "
        "duplicates and other errors are not known",
        fmt::join(whose, ", ")));
  }

  // The change streams that a request asks for; those that say the same are one.
  Status FindFeeds(mongodb::Request* request) {
    for (mongodb::Action& action : request->steps) {
      if (action.watch.empty()) continue;
      if (const Status able = CheckWatch(*request); !able) return able;
      const auto same = [&action](const mongodb::Feed& feed) {
        return feed.database == action.database && feed.collection == action.collection &&
               feed.watch == action.watch;
      };
      auto feed = std::ranges::find_if(feeds_, same);
      if (feed == feeds_.end()) {
        feeds_.push_back({.database = action.database,
                          .collection = action.collection,
                          .watch = action.watch,
                          .ledger = std::make_unique<EventLedger>(NewRun())});
        feed = std::prev(feeds_.end());
      }
      action.tracing.ledger = feed->ledger.get();
    }
    return {};
  }

  Status CheckWatch(const mongodb::Request& request) const {
    if (has_events_) return {};
    return BadConfig(
        "statement {}: watch needs a replica set, and the mongod at {} is none; start it with "
        "--replSet NAME and give it replSetInitiate once (one node is enough)",
        Quote(request.name), mongodb::HostsOf(uri_.get()));
  }

  Result<std::unique_ptr<Session>> NewDirectSession(const SessionPlan& plan) {
    auto session = std::make_unique<mongodb::DirectSession>(plan, &target_, &setup_);
    if (const Status started = session->Start(kStartTimeout); !started) {
      return Unreachable("MongoDB at {}: {}", target_.endpoint->text(), started.error().message);
    }
    return session;
  }

  // ---- whose data ----

  Result<bool> IsEmpty(Admin* admin) {
    const auto found = admin->Ask(
        setup_.database, fmt::format(R"({{"find": {}, "limit": 1, "projection": {{"_id": 1}}}})",
                                     Json(setup_.collection)));
    if (!found) return Failed(found);
    return !Has(*found, "cursor.firstBatch.0");
  }

  // "": the records are not ours. An empty collection will be, whoever has made it.
  Result<std::string> ReadMark(Admin* admin) {
    const auto found = admin->Ask(
        setup_.database, fmt::format(R"({{"find": {}, "filter": {{"_id": {}}}, "limit": 1}})",
                                     Json(kMarks), Json(setup_.collection)));
    if (!found) return Failed(found);
    const std::string mark = TextIn(*found, "cursor.firstBatch.0.mark");
    if (!mark.empty()) return mark;
    const Result<bool> empty = IsEmpty(admin);
    if (!empty) return Failed(empty);
    return *empty ? std::string(kUnfinishedDataset) : "";
  }

  Status CheckOurs(Admin* admin) {
    const auto mark = ReadMark(admin);
    if (!mark) return Failed(mark);
    if (!mark->empty()) return {};
    return BadConfig(
        "the collection {} at {} was not made by mbench, so it is left alone; give another one "
        "(option collection)",
        Quote(setup_.collection), mongodb::HostsOf(uri_.get()));
  }

  Status WriteMark(Admin* admin, std::string_view mark) {
    const auto done = admin->Ask(
        setup_.database,
        fmt::format(
            R"({{"update": {}, "updates": [{{"q": {{"_id": {}}}, "u": {{"$set": {{"mark": {}}}}}, "upsert": true}}]}})",
            Json(kMarks), Json(setup_.collection), Json(mark)));
    if (!done) return Failed(done);
    return {};
  }

  // The mark first, so that records of ours never lack it. Statements alone need none of this.
  Status MakeRecords(Admin* admin) {
    const auto empty = IsEmpty(admin);
    if (!empty) return Failed(empty);
    if (!*empty) return {};
    if (Status marked = WriteMark(admin, kUnfinishedDataset); !marked) return marked;
    const std::string& shard = options_.Text("shard");
    if (!is_sharded_ || shard == "none") return {};
    const auto sharded =
        admin->Ask("admin", fmt::format(R"({{"shardCollection": {}, "key": {{"_id": {}}}}})",
                                        Json(setup_.database + "." + setup_.collection),
                                        shard == "hashed" ? R"("hashed")" : "1"));
    // Someone may have sharded it in another way.
    const bool fine =
        sharded || sharded.error().message.find("already sharded") != std::string::npos;
    return fine ? Status{} : Status(Failed(sharded));
  }

  // ---- clients ----

  // One for each time-out, and one for what is loaded; sessions keep the one they have.
  Result<std::shared_ptr<mongodb::Pool>> PoolFor(const SessionPlan& plan) {
    const std::lock_guard lock(mutex_);
    if (!made_ && plan.records) {
      Admin admin(uri_.get());
      if (Status made = MakeRecords(&admin); !made) return Failed(made);
      made_ = true;
    }
    const bool asks_more = plan.phase != SessionPhase::kRun && !concerns_.acknowledged;
    if (pool_ == nullptr || pool_timeout_ != plan.timeout || pool_asks_more_ != asks_more) {
      auto pool = mongodb::Pool::Make(asks_more ? load_uri_.get() : uri_.get(), plan.timeout);
      if (!pool) return Failed(pool);
      pool_ = *std::move(pool);
      pool_timeout_ = plan.timeout;
      pool_asks_more_ = asks_more;
    }
    return pool_;
  }

  const OptionValues options_;
  mongodb::UriPtr uri_, load_uri_;
  mongodb::Setup setup_;
  const bool is_direct_;
  mongodb::DirectTarget target_;  // of direct sessions
  bool is_sharded_ = false;
  bool has_events_ = false;  // change streams
  bool is_primary_ = false;
  mongodb::UriConcerns concerns_;
  std::list<mongodb::Feed> feeds_;
  mongodb::Verification verification_;
  std::optional<mongodb::Observer> observer_;
  std::mutex mutex_;  // guards what is below
  bool made_ = false;
  std::shared_ptr<mongodb::Pool> pool_;
  Ticks pool_timeout_ = 0;
  bool pool_asks_more_ = false;  // for answers that the URI does not ask for
};

}  // namespace

extern const DriverInfo kMongodbDriver;
constinit const DriverInfo kMongodbDriver = {
    .name = "mongodb",
    .about = "MongoDB by libmongoc: verbs, statements in its own language, transactions",
    .options = kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<MongodbDriver>(options);
    },
    .language = {.words = mongodb::kWords,
                 .verifies_writes = true,
                 .observes = true,
                 .check = mongodb::CheckStatement,
                 .check_run = mongodb::CheckRun},
    .check_options = mongodb::CheckOptions,
};

}  // namespace mbench
