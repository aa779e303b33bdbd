// SPDX-License-Identifier: Apache-2.0
//
// memcached, over the network or a socket of this host. A record is one item, in the format of
// drivers/record.h.
//
// The items cannot be listed, so whether a server is ours is known by one item alone, the mark:
// where it is there, everything may be flushed, and where it is not, nothing is.
#include <algorithm>
#include <array>
#include <utility>

#include "drivers/common/endpoint.h"
#include "drivers/common/stream_line.h"
#include "drivers/common/tls.h"
#include "drivers/marked_store.h"
#include "drivers/memcached/memcached_protocol.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr std::string_view kMarkKey = "mbench:dataset";
constexpr std::uint16_t kDefaultPort = 11211;

constexpr auto kOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "memcached://127.0.0.1:11211",
     .help = "where it listens: memcached://host:port or unix:/path/of/socket",
     .choices = "memcached|unix"},
    PipelineOption("requests in flight on one connection at most"),
    {.name = "probe",
     .type = OptionType::kChoice,
     .fallback = "version",
     .help = "what is asked before the run: its version, or nothing",
     .choices = "version|none"},
    {.name = "ttl",
     .type = OptionType::kDuration,
     .fallback = "0s",
     .help = "time to live of what is written, whole seconds up to 30 days; 0s: for ever"},
    {.name = "tls",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "whether to speak TLS (the server needs ssl, option -Z)"},
}));

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return {{"url", url.error().message}};
  if (url->has_user)
    mistakes.push_back({"url", "it names a user; the driver does not log in to memcached"});
  if (url->scheme != "unix" && !url->path.empty() && url->path != "/") {
    mistakes.push_back(
        {"url", fmt::format("it has the path {}; memcached has no databases", Quote(url->path))});
  }
  if (const std::string parameter = WrongParameter(url->query, {}); !parameter.empty())
    mistakes.push_back({"url", parameter});
  if (const auto ttl = memcached::TtlText(options.Duration("ttl")); !ttl)
    mistakes.push_back({"ttl", ttl.error().message});
  return mistakes;
}

void CheckRun(const OptionValues&, const RunWants& wants, Complaints* complaints) {
  if (wants.scan != nullptr)
    complaints->Add(wants.scan->place, "memcached has no order of keys, so it cannot scan them");
}

// REQUIRES: CheckOptions found nothing.
Result<std::shared_ptr<Endpoint>> EndpointOf(const std::string& text) {
  const Url url = *ParseUrl(text);
  if (url.scheme == "unix") return Endpoint::Unix(url.path);
  return Endpoint::Tcp(url.host, url.port == 0 ? kDefaultPort : url.port);
}

class MemcachedSession final : public StreamSession {
 public:
  MemcachedSession(const SessionPlan& plan, std::uint32_t depth, std::shared_ptr<TlsContext> tls,
                   const std::string& ttl, const std::vector<memcached::Statement>* statements)
      : StreamSession(plan, depth, std::move(tls)),
        protocol_(plan.fields, ttl, statements, &errors()) {}

 private:
  StreamProtocol& Protocol() override { return protocol_; }

  std::uint16_t Refuse(const Op& op) override {
    const std::string_view wrong = protocol_.WrongWith(op);
    return wrong.empty() ? 0 : errors().Code(wrong);
  }

  memcached::Protocol protocol_;
};

class MemcachedDriver final : public Driver, public StatementPreparer, public MarkedStore {
 public:
  explicit MemcachedDriver(const OptionValues& options) : options_(options) {}

  Result<DriverFacts> Open() override {
    if (Status ready = ReadOptions(); !ready) return Failed(ready);
    const auto session = Connect();
    if (!session) return Failed(session);
    if (options_.Text("probe") == "none") return DriverFacts{.system = "memcached", .scans = false};
    const auto version =
        Ask(**session, {.kind = OpKind::kStatement, .statement = memcached::kVersion});
    if (!version) return Failed(version);
    return DriverFacts{.system = "memcached " + version->substr(version->find(' ') + 1),
                       .scans = false};
  }

  StatementPreparer* Preparer() override { return this; }
  MarkedStore* Store() override { return this; }

  Status Prepare(StatementSet statements) override {
    auto made =
        MakeEach<memcached::Statement>(statements, [this](const StatementSpec& spec, SessionPhase) {
          return ReadOne(spec, [this](const StatementSpec& one, Complaints* complaints) {
            return memcached::ReadStatement(one, ttl_, complaints);
          });
        });
    if (!made) return Failed(made);
    statements_ = *std::move(made);
    return {};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    if (plan.records) {
      const auto own = Connect();
      if (!own) return Failed(own);
      if (const auto items = TakeIfEmpty(**own); !items) return Failed(items);
    }
    auto session = Connect(plan, static_cast<std::uint32_t>(options_.Count("pipeline")), ttl_);
    if (!session) return Failed(session);
    return std::unique_ptr<Session>(std::move(*session));
  }

  Result<StoredData> Look() override {
    const auto session = Connect();
    if (!session) return Failed(session);
    const auto items = TakeIfEmpty(**session);
    if (!items) return Failed(items);
    const auto mark = ReadMark(**session);
    if (!mark) return Failed(mark);
    return StoredData{.dataset = *mark, .empty = *items <= 1 && !mark->empty()};
  }

  // Everything goes: what was not ours is gone too, if somebody has added to our data.
  Status Clear() override {
    const auto session = Connect();
    if (!session) return Failed(session);
    if (Status ours = CheckMark(**session); !ours) return ours;
    const auto flushed =
        Ask(**session, {.kind = OpKind::kStatement, .statement = memcached::kFlushAll});
    if (!flushed) return Failed(flushed);
    return WriteMark(**session, kUnfinishedDataset);
  }

  Status SetDataset(std::string_view mark) override {
    const auto session = Connect();
    if (!session) return Failed(session);
    if (Status ours = CheckMark(**session); !ours) return ours;
    return WriteMark(**session, mark.empty() ? kUnfinishedDataset : mark);
  }

 private:
  Status ReadOptions() {
    if (Status right = ToStatus(CheckOptions(options_)); !right) return right;
    ttl_ = *memcached::TtlText(options_.Duration("ttl"));
    if (options_.Flag("tls")) {
      auto tls = TlsContext::Make(options_);
      if (!tls) return Failed(tls);
      tls_ = *tls;
    }
    auto endpoint = EndpointOf(options_.Text("url"));
    if (!endpoint) return Failed(endpoint);
    endpoint_ = *std::move(endpoint);
    return {};
  }

  // ---- what is asked before and after a run ----

  Ticks Patience() const { return std::max(timeout(), 10 * kSecond); }

  // The mark lives for ever, whatever the time to live of records.
  Result<std::unique_ptr<MemcachedSession>> Connect() const {
    return Connect({.connections = 1, .timeout = Patience(), .want_values = true}, 1, "");
  }

  Result<std::unique_ptr<MemcachedSession>> Connect(const SessionPlan& plan, std::uint32_t depth,
                                                    const std::string& ttl) const {
    auto session =
        std::make_unique<MemcachedSession>(plan, depth, tls_, ttl, &statements_[plan.phase]);
    session->AddSystem(endpoint_);
    const Status started = session->Start(Patience());
    if (!started) return Explain(started.error());
    return session;
  }

  Result<std::string> Ask(MemcachedSession& session, const Op& op) const {
    auto answer = session.Ask(op, Patience());
    if (!answer) return Explain(answer.error());
    return answer;
  }

  Result<std::string> ReadMark(MemcachedSession& session) const {
    return Ask(session, {.kind = OpKind::kRead, .key = kMarkKey});
  }

  Status WriteMark(MemcachedSession& session, std::string_view mark) const {
    const auto written = Ask(session, {.kind = OpKind::kInsert, .key = kMarkKey, .value = mark});
    if (!written) return Failed(written);
    return {};
  }

  // A server without items is ours from here on; how many it had.
  Result<std::int64_t> TakeIfEmpty(MemcachedSession& session) const {
    const auto items = CountItems(session);
    if (!items || *items != 0) return items;
    if (Status marked = WriteMark(session, kUnfinishedDataset); !marked) return Failed(marked);
    return 0;
  }

  Status CheckMark(MemcachedSession& session) const {
    const auto mark = ReadMark(session);
    if (!mark) return Failed(mark);
    if (!mark->empty()) return {};
    return BadConfig(
        "the memcached at {} has no item {}: its data are not known to be of mbench, so they are "
        "left alone; give another one or restart it",
        endpoint_->text(), kMarkKey);
  }

  Result<std::int64_t> CountItems(MemcachedSession& session) const {
    const auto stats = Ask(session, {.kind = OpKind::kStatement, .statement = memcached::kStats});
    if (!stats) return Failed(stats);
    constexpr std::string_view kName = "STAT curr_items ";
    const std::size_t at = stats->find(kName);
    if (at == std::string::npos) {
      return Unreachable("memcached at {}: its stats have no curr_items", endpoint_->text());
    }
    return std::strtoll(stats->c_str() + at + kName.size(), nullptr, 10);
  }

  tl::unexpected<Error> Explain(const Error& error) const {
    return Unreachable("memcached at {}: {}", endpoint_->text(), error.message);
  }

  const OptionValues options_;
  std::string ttl_;
  std::shared_ptr<TlsContext> tls_;
  std::shared_ptr<Endpoint> endpoint_;
  ByPhase<std::vector<memcached::Statement>> statements_;
};

}  // namespace

extern const DriverInfo kMemcachedDriver;
constinit const DriverInfo kMemcachedDriver = {
    .name = "memcached",
    .about = "memcached 1.6 or later, by its meta commands",
    .options = kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<MemcachedDriver>(options);
    },
    .language = {.words = memcached::kWords,
                 .check =
                     [](const StatementSpec& spec, Complaints* complaints) {
                       memcached::ReadStatement(spec, "", complaints);
                     },
                 .check_run = CheckRun},
    .check_options = CheckOptions,
};

}  // namespace mbench
