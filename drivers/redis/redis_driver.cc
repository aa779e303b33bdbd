// SPDX-License-Identifier: Apache-2.0
//
// Redis, and what speaks its protocol: one server or a cluster.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_set>
#include <utility>

#include "drivers/marked_store.h"
#include "drivers/redis/redis_advice.h"
#include "drivers/redis/redis_checks.h"
#include "drivers/redis/redis_figures.h"
#include "drivers/redis/redis_session.h"
#include "drivers/verifier.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr auto kOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "redis://127.0.0.1:6379",
     .help = "redis://host:port/database, rediss:// for TLS, or unix:/path/of/socket?db=0",
     .choices = "redis|rediss|unix"},
    {.name = "user",
     .fallback = "",
     .help = "user name; empty: that of the URL, or the default one"},
    {.name = "password", .fallback = "", .help = "password, as ${VAR}", .secret = true},
    PipelineOption(
        "ops in flight on one connection; the run's connections are so many ops in flight, "
        "and make as many sockets as those need"),
    {.name = "protocol",
     .type = OptionType::kChoice,
     .fallback = "resp2",
     .help = "version of the protocol",
     .choices = "resp2|resp3"},
    {.name = "index",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "keep the keys in a sorted set, so that scans work; an insert is two commands then"},
    {.name = "prefix",
     .fallback = "mbench:",
     .help = "what keys of records begin with; a new load removes all keys that begin so"},
    {.name = "cluster",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "the URL leads to a node of a Redis Cluster"},
    {.name = "probe",
     .type = OptionType::kChoice,
     .fallback = "info",
     .help = "what is asked for the server's version before the run: INFO, or nothing",
     .choices = "info|none"},
}));

constexpr auto kUrlParameters = std::to_array<std::string_view>({"db"});
constexpr std::string_view kNoKeys = "no key arguments";  // what COMMAND GETKEYS says then
// Removing the records of an earlier run may take longer than any op.
constexpr Ticks kClearPatience = 10 * kMinute;
constexpr Ticks kObservePatience = 1 * kSecond;

std::string Command(const std::vector<std::string_view>& words) {
  std::string wire;
  AppendRespCount(words.size(), &wire);
  for (const std::string_view word : words) AppendRespWord(word, &wire);
  return wire;
}

// As a pattern of SCAN that matches the text itself.
std::string EscapeGlob(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("*?[]\\^").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// "": the one that a connection begins with.
std::string DatabaseText(const Url& url) {
  const bool in_path = url.scheme != "unix" && url.path.size() > 1;
  return in_path ? url.path.substr(1) : QueryValue(url.query, "db");
}

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const auto wrong = [&mistakes](std::string_view option, std::string message) {
    mistakes.push_back({option, std::move(message)});
  };
  if (options.Text("prefix").empty())
    wrong("prefix", "it is empty; it tells our keys from those of others");
  if (options.Flag("cluster") && options.Flag("index"))
    wrong("index", "a cluster has no index: its keys are on many nodes; take index out");
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return mistakes;
  const std::string parameter = WrongParameter(url->query, kUrlParameters);
  if (!parameter.empty()) wrong("url", parameter);
  const std::string database = DatabaseText(*url);
  if (url->scheme != "unix" && url->path.size() > 1 && !QueryValue(url->query, "db").empty())
    wrong("url", "it names the database twice, in its path and as db");
  if (database.find_first_not_of("0123456789") != std::string::npos || database.size() > 6) {
    wrong("url",
          fmt::format("{} is no database of redis; expected a number such as 0", Quote(database)));
  } else if (options.Flag("cluster") && database.find_first_not_of('0') != std::string::npos) {
    wrong("url", "a Redis Cluster has only the database 0");
  }
  return mistakes;
}

void CheckRun(const OptionValues& options, const RunWants& wants, Complaints* complaints) {
  if (wants.scan == nullptr || options.Flag("index")) return;
  complaints->Add(wants.scan->place,
                  options.Flag("cluster")
                      ? "a cluster has no index, so driver redis cannot scan it"
                      : "scans need index: true in driver, which keeps the keys in a sorted set");
}

class RedisDriver final : public Driver,
                          public StatementPreparer,
                          public MarkedStore,
                          public SystemObserver,
                          public DataVerifier {
 public:
  explicit RedisDriver(OptionValues options) : options_(std::move(options)) {}

  Result<DriverFacts> Open() override {
    if (Status read = ReadOptions(); !read) return Failed(read);
    Result<std::unique_ptr<RedisSession>> session = NewProbe(endpoint_);
    if (!session) return Failed(session);
    const Result<std::string> version = AskVersion(session->get());
    if (!version) return Failed(version);
    DriverFacts facts;
    facts.scans = settings_.index;
    facts.system = version->empty() ? "Redis" : "Redis " + *version;
    if (options_.Flag("cluster")) {
      if (Status found = FindNodes(session->get()); !found) return Failed(found);
      facts.system += fmt::format(", cluster of {}", slots_->Nodes().size());
    }
    return facts;
  }

  StatementPreparer* Preparer() override { return this; }
  MarkedStore* Store() override { return this; }
  // Who may not ask INFO has said so by `probe`.
  SystemObserver* Observer() override { return options_.Text("probe") == "none" ? nullptr : this; }
  DataVerifier* Verifier() override { return this; }

  // Of a cluster the node of the URL.
  SystemFigures Observe() override {
    if (observing_ == nullptr) {
      Result<std::unique_ptr<RedisSession>> session = NewProbe(endpoint_, kObservePatience);
      if (!session) return {};
      observing_ = *std::move(session);
    }
    const Result<RespValue> info = Ask(observing_.get(), {"INFO"}, kObservePatience);
    if (info) return FiguresOfInfo(info->text, &rates_);
    observing_ = nullptr;  // a new connection next time
    return {};
  }
  SystemRemarks Examine(const std::vector<std::vector<std::string>>& samples) override {
    (void)samples;
    return LookAtInfo();
  }
  SystemRemarks ExamineAfter() override {
    observing_ = nullptr;
    return LookAtInfo();
  }

  // Of a cluster the node of the URL. Who may not ask CONFIG is told what INFO has.
  std::vector<Finding> Advise(std::uint64_t memory_bytes) override {
    Result<std::unique_ptr<RedisSession>> session = NewProbe(endpoint_, kObservePatience);
    if (!session) return NoAnswer(session.error().message);
    ServerSettings settings{.memory_bytes = memory_bytes};
    for (const std::string_view name : kRedisSettings) {
      const Result<RespValue> pair = Ask(session->get(), {"CONFIG", "GET", name}, kObservePatience);
      if (pair && pair->elements.size() == 2) settings.values.emplace(name, pair->elements[1].text);
    }
    const Result<RespValue> info = Ask(session->get(), {"INFO"}, kObservePatience);
    if (info) AddRedisInfo(info->text, &settings);
    std::vector<Finding> findings = JudgeSettings(RedisRules(), settings);
    if (memory_bytes == 0) findings.push_back(HugePagesElsewhere());
    return findings;
  }

  Result<std::vector<CheckResult>> Verify() override {
    std::vector<CheckResult> results;
    for (const RedisCheck& check : checks_) {
      const Result<std::string> answer = Answer(check);
      if (!answer) {
        return tl::unexpected<Error>(
            Error{answer.error().kind,
                  fmt::format("check {}: {}", Quote(check.value.name), answer.error().message)});
      }
      results.push_back(JudgeValue(check.value, *answer));
    }
    return results;
  }

  Status Prepare(StatementSet statements) override {
    auto made = MakeEach<RedisStatement>(statements, [](const StatementSpec& spec, SessionPhase) {
      return ReadOne(spec, RedisStatement::Read);
    });
    if (!made) return Failed(made);
    settings_.statements = *std::move(made);
    for (const StatementSpec& spec : statements.checks) {
      Result<RedisCheck> check = ReadOne(spec, ReadRedisCheck);
      if (!check) return Failed(check);
      checks_.push_back(*std::move(check));
    }
    return slots_ ? FindKeys(statements) : Status();
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    if (plan.phase == SessionPhase::kLoad) {
      if (Status marked = MarkNew(); !marked) return Failed(marked);
    }
    auto session =
        std::make_unique<RedisSession>(plan, Depth(), tls_, &settings_, endpoint_, slots_);
    if (Status up = session->Start(Patience()); !up) return Explain(up.error(), *endpoint_);
    return session;
  }

  Result<StoredData> Look() override {
    StoredData data;
    if (Status read = ReadDataset(&data); !read) return Failed(read);
    return data;
  }

  // Key by key: the database may hold what is not ours.
  Status Clear() override {
    for (const auto& node : Nodes()) {
      if (Status cleared = ClearNode(node); !cleared) return Failed(cleared);
    }
    return SetDataset(kUnfinishedDataset);
  }

  Status SetDataset(std::string_view mark) override {
    const std::string key = settings_.prefix + std::string(kDatasetKey);
    return OnNodeOf(key, [&](RedisSession* session) -> Status {
      const Result<RespValue> set = Ask(session, {"SET", key, mark});
      if (!set) return Failed(set);
      return {};
    });
  }

 private:
  // ---- options ----

  Status ReadOptions() {
    if (Status right = ToStatus(CheckOptions(options_)); !right) return right;
    const Url url = *ParseUrl(options_.Text("url"));
    settings_.user = options_.Text("user").empty() ? url.user : options_.Text("user");
    settings_.password =
        options_.Text("password").empty() ? url.password : options_.Text("password");
    settings_.prefix = options_.Text("prefix");
    settings_.resp3 = options_.Text("protocol") == "resp3";
    settings_.index = options_.Flag("index");
    settings_.cluster = options_.Flag("cluster");
    settings_.database = std::stoll("0" + DatabaseText(url));
    if (Status resolved = ResolveUrl(url); !resolved) return Failed(resolved);
    if (url.scheme != "rediss") return {};
    Result<std::shared_ptr<TlsContext>> tls = TlsContext::Make(options_);
    if (!tls) return Failed(tls);
    tls_ = *tls;
    return {};
  }

  Status ResolveUrl(const Url& url) {
    auto endpoint = url.scheme == "unix" ? Endpoint::Unix(url.path)
                                         : Endpoint::Tcp(url.host, url.port == 0 ? 6379 : url.port);
    if (!endpoint) return Failed(endpoint);
    endpoint_ = *std::move(endpoint);
    return {};
  }

  std::uint32_t Depth() const { return static_cast<std::uint32_t>(options_.Count("pipeline")); }

  // ---- asking by itself ----

  Ticks Patience() const { return std::max(timeout(), 10 * kSecond); }

  // "": it is not asked for, or the user may not ask.
  Result<std::string> AskVersion(RedisSession* session) {
    if (options_.Text("probe") == "none") return std::string();
    const Result<RespValue> info = Ask(session, {"INFO", "server"});
    if (info) return InfoValue(info->text, "redis_version");
    const std::string said = session->LastMessage();
    if (said.starts_with("NOPERM") || said.starts_with("ERR unknown command")) return std::string();
    return Failed(info);
  }

  // Where the statements of a cluster have their keys, by COMMAND GETKEYS.
  Status FindKeys(const StatementSet& statements) {
    Result<std::unique_ptr<RedisSession>> session = NewProbe(endpoint_);
    if (!session) return Failed(session);
    const AskForKeys ask = [&](const std::vector<std::string>& words) {
      return AskKeys(session->get(), words);
    };
    for (const SessionPhase phase : kSessionPhases) {
      for (std::size_t i = 0; i < statements[phase].size(); ++i)
        settings_.statements[phase][i].FindKey(statements[phase][i].arguments.size(), ask);
    }
    return {};
  }

  Result<std::vector<std::string>> AskKeys(RedisSession* session,
                                           const std::vector<std::string>& words) {
    std::vector<std::string_view> question = {"COMMAND", "GETKEYS"};
    question.insert(question.end(), words.begin(), words.end());
    const Result<RespValue> reply = Ask(session, question);
    std::vector<std::string> keys;
    if (!reply && session->LastMessage().find(kNoKeys) != std::string::npos) return keys;
    if (!reply) return Failed(reply);
    for (const RespValue& key : reply->elements) keys.push_back(key.text);
    return keys;
  }

  tl::unexpected<Error> Explain(const Error& error, const Endpoint& node) const {
    return tl::unexpected<Error>(
        Error{error.kind, fmt::format("Redis at {}: {}", node.text(), error.message)});
  }

  SystemRemarks LookAtInfo() {
    Result<std::unique_ptr<RedisSession>> session = NewProbe(endpoint_, kObservePatience);
    if (!session) return {};
    const Result<RespValue> info = Ask(session->get(), {"INFO"}, kObservePatience);
    return info ? RemarksOfInfo(info->text) : SystemRemarks();
  }

  // Of a cluster a command goes to the node of its second word, as the key most likely is.
  Result<std::string> Answer(const RedisCheck& check) {
    if (check.words.empty()) return CountKeys(check.pattern);
    std::string answer;
    const std::string key = check.words.size() > 1 ? check.words[1] : "";
    Status asked = OnNodeOf(key, [&](RedisSession* session) -> Status {
      const std::vector<std::string_view> words(check.words.begin(), check.words.end());
      const Result<RespValue> reply = Ask(session, words);
      if (!reply) return Failed(reply);
      answer = TextOf(*reply);
      return {};
    });
    if (!asked) return Failed(asked);
    return answer;
  }

  Result<std::string> CountKeys(const std::string& pattern) {
    std::size_t count = 0;
    for (const auto& node : Nodes()) {
      std::unordered_set<std::string> seen;  // SCAN may tell of a key twice
      Status scanned =
          EachPage(node, pattern, [&](RedisSession*, const std::vector<RespValue>& keys) {
            for (const RespValue& key : keys) seen.emplace(key.text);
            return Result<bool>(true);
          });
      if (!scanned) return Failed(scanned);
      count += seen.size();
    }
    return std::to_string(count);
  }

  // One connection to one node, whatever the cluster says.
  Result<std::unique_ptr<RedisSession>> NewProbe(const std::shared_ptr<Endpoint>& node) {
    return NewProbe(node, Patience());
  }
  Result<std::unique_ptr<RedisSession>> NewProbe(const std::shared_ptr<Endpoint>& node,
                                                 Ticks patience) {
    const SessionPlan plan{.connections = 1, .timeout = kClearPatience, .want_values = true};
    auto session = std::make_unique<RedisSession>(plan, 1, tls_, &settings_, node, std::nullopt);
    if (Status up = session->Start(patience); !up) return Explain(up.error(), *node);
    return session;
  }

  Result<RespValue> Ask(RedisSession* session, std::initializer_list<std::string_view> words) {
    return Ask(session, words, Patience());
  }
  Result<RespValue> Ask(RedisSession* session, const std::vector<std::string_view>& words) {
    return Ask(session, words, Patience());
  }
  Result<RespValue> Ask(RedisSession* session, const std::vector<std::string_view>& words,
                        Ticks patience) {
    const std::string wire = Command(words);
    const Result<std::string> reply = session->Ask(
        {.kind = OpKind::kStatement, .statement = RedisProtocol::kRawStatement, .value = wire},
        patience);
    if (!reply) return Explain(reply.error(), *endpoint_);
    return ParseResp(*reply);
  }

  Status FindNodes(RedisSession* session) {
    const Result<RespValue> reply = Ask(session, {"CLUSTER", "SLOTS"});
    if (!reply) return Failed(reply);
    Result<RedisSlots> slots = RedisSlots::Parse(*reply, endpoint_->host());
    if (!slots) return Explain(slots.error(), *endpoint_);
    slots_ = std::move(*slots);
    return {};
  }

  std::vector<std::shared_ptr<Endpoint>> Nodes() const {
    if (!slots_) return {endpoint_};
    std::vector<std::shared_ptr<Endpoint>> nodes;
    for (const RedisNode& node : slots_->Nodes()) {
      if (auto known = Endpoint::Tcp(node.host, node.port)) nodes.push_back(*std::move(known));
    }
    return nodes;
  }

  template <class Do>
  Status OnNodeOf(const std::string& key, Do what) {
    Result<std::shared_ptr<Endpoint>> node = endpoint_;
    if (slots_) {
      const RedisNode& owner = slots_->Nodes()[slots_->NodeOf(key)];
      node = Endpoint::Tcp(owner.host, owner.port);
      if (!node) return Failed(node);
    }
    Result<std::unique_ptr<RedisSession>> session = NewProbe(*node);
    if (!session) return Failed(session);
    return what(session->get());
  }

  // ---- the data set ----

  Status ReadDataset(StoredData* data) {
    const std::string key = settings_.prefix + std::string(kDatasetKey);
    Status read = OnNodeOf(key, [&](RedisSession* session) -> Status {
      const Result<RespValue> mark = Ask(session, {"GET", key});
      if (!mark) return Failed(mark);
      if (!mark->nil) data->dataset = mark->text;
      return {};
    });
    if (!read) return read;
    data->empty = true;
    for (const auto& node : Nodes()) {
      Status scanned = EachPage(node, [&](RedisSession*, const std::vector<RespValue>& keys) {
        data->empty =
            data->empty && std::all_of(keys.begin(), keys.end(), [&](const auto& found) {
              return found.text == key || found.text == settings_.prefix + std::string(kIndexKey);
            });
        return Result<bool>(data->empty);
      });
      if (!scanned) return scanned;
    }
    return {};
  }

  // A load that is interrupted leaves data that are known to be ours.
  Status MarkNew() {
    const std::string key = settings_.prefix + std::string(kDatasetKey);
    return OnNodeOf(key, [&](RedisSession* session) -> Status {
      const Result<RespValue> set = Ask(session, {"SET", key, kUnfinishedDataset, "NX"});
      if (!set) return Failed(set);
      return {};
    });
  }

  // Calls visit(session, keys) with the keys on a node that are called so, page by page, as long as
  // it returns true.
  template <class Visit>
  Status EachPage(const std::shared_ptr<Endpoint>& node, const std::string& pattern, Visit visit) {
    Result<std::unique_ptr<RedisSession>> session = NewProbe(node);
    if (!session) return Failed(session);
    std::string cursor = "0";
    do {
      const Result<RespValue> page =
          Ask(session->get(), {"SCAN", cursor, "MATCH", pattern, "COUNT", "10000"});
      if (!page) return Failed(page);
      if (page->elements.size() != 2) return Unreachable("SCAN was answered with something else");
      cursor = page->elements[0].text;
      const Result<bool> go_on = visit(session->get(), page->elements[1].elements);
      if (!go_on) return Failed(go_on);
      if (!*go_on) return {};
    } while (cursor != "0");
    return {};
  }

  // The same with our keys.
  template <class Visit>
  Status EachPage(const std::shared_ptr<Endpoint>& node, Visit visit) {
    return EachPage(node, EscapeGlob(settings_.prefix) + "*", visit);
  }

  Status ClearNode(const std::shared_ptr<Endpoint>& node) {
    return EachPage(node, [this](RedisSession* session, const std::vector<RespValue>& keys) {
      return Unlink(session, keys);
    });
  }

  // One by one in a cluster, where a command may only name keys of one slot.
  Result<bool> Unlink(RedisSession* session, const std::vector<RespValue>& keys) {
    const std::size_t at_once = slots_ ? 1 : keys.size();
    for (std::size_t i = 0; i < keys.size(); i += at_once) {
      std::string wire;
      AppendRespCount(1 + at_once, &wire);
      AppendRespWord("UNLINK", &wire);
      for (std::size_t k = i; k < i + at_once; ++k) AppendRespWord(keys[k].text, &wire);
      const Result<std::string> done = session->Ask(
          {.kind = OpKind::kStatement, .statement = RedisProtocol::kRawStatement, .value = wire},
          kClearPatience);
      if (!done) return Explain(done.error(), *endpoint_);
    }
    return true;
  }

  const OptionValues options_;
  RedisSettings settings_;
  std::shared_ptr<Endpoint> endpoint_;
  std::shared_ptr<TlsContext> tls_;
  std::optional<RedisSlots> slots_;
  std::vector<RedisCheck> checks_;
  std::unique_ptr<RedisSession> observing_;  // of Observe
  FigureRates rates_;
};

}  // namespace

extern const DriverInfo kRedisDriver;
constinit const DriverInfo kRedisDriver = {
    .name = "redis",
    .about =
        "Redis and what speaks its protocol, one server or a cluster, over TCP, TLS or a socket",
    .options = kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<RedisDriver>(options);
    },
    .language = {.words = kRedisWords,
                 .observes = true,
                 .check =
                     [](const StatementSpec& spec, Complaints* complaints) {
                       if (spec.use == StatementUse::kCheck)
                         ReadRedisCheck(spec, complaints);
                       else
                         RedisStatement::Read(spec, complaints);
                     },
                 .check_run = CheckRun},
    .check_options = CheckOptions,
};

}  // namespace mbench
