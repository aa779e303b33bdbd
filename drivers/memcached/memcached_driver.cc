// SPDX-License-Identifier: Apache-2.0
//
// memcached, over the network or a socket of this host. A record is one item, in the format of
// drivers/record.h.
//
// The items cannot be listed, so whether a server is ours is known by one item alone, the mark:
// where it is there, everything may be flushed, and where it is not, nothing is.
#include <array>
#include <utility>

#include "drivers/common/address.h"
#include "drivers/common/stream_line.h"
#include "drivers/common/tls.h"
#include "drivers/marked_store.h"
#include "drivers/memcached/memcached_protocol.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr std::string_view kMarkKey = "mbench:dataset";
constexpr std::uint16_t kDefaultPort = 11211;
constexpr Ticks kPatience = 10 * kSecond;

constexpr auto kOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "memcached://127.0.0.1:11211",
     .help = "where it listens: memcached://host:port or unix:/path/of/socket",
     .choices = "memcached|unix"},
    PipelineOption("requests in flight on one connection at most"),
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
  if (const auto ttl = memcached::TtlText(options.Duration("ttl")); !ttl)
    mistakes.push_back({"ttl", ttl.error().message});
  return mistakes;
}

// REQUIRES: CheckOptions found nothing.
Result<SocketAddress> AddressOf(const std::string& text) {
  const Url url = *ParseUrl(text);
  if (url.scheme == "unix") return UnixAddress(url.path);
  return ResolveTcp(url.host, url.port == 0 ? kDefaultPort : url.port);
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
    const auto version =
        Ask(**session, {.kind = OpKind::kStatement, .statement = memcached::kVersion});
    if (!version) return Failed(version);
    const auto items = CountItems(**session);
    if (!items) return Failed(items);
    if (*items == 0) {
      if (Status marked = WriteMark(**session, kUnfinishedDataset); !marked) return Failed(marked);
    }
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
    auto session = Connect(plan, static_cast<std::uint32_t>(options_.Count("pipeline")), ttl_);
    if (!session) return Failed(session);
    return std::unique_ptr<Session>(std::move(*session));
  }

  Result<StoredData> Look() override {
    const auto session = Connect();
    if (!session) return Failed(session);
    const auto items = CountItems(**session);
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
    auto address = AddressOf(options_.Text("url"));
    if (!address) return Failed(address);
    address_ = *address;
    return {};
  }

  // ---- what is asked before and after a run ----

  // The mark lives for ever, whatever the time to live of records.
  Result<std::unique_ptr<MemcachedSession>> Connect() const {
    return Connect({.connections = 1, .timeout = kPatience, .want_values = true}, 1, "");
  }

  Result<std::unique_ptr<MemcachedSession>> Connect(const SessionPlan& plan, std::uint32_t depth,
                                                    const std::string& ttl) const {
    auto session =
        std::make_unique<MemcachedSession>(plan, depth, tls_, ttl, &statements_[plan.phase]);
    session->AddSystem(address_);
    const Status started = session->Start(kPatience);
    if (!started) return Explain(started.error());
    return session;
  }

  Result<std::string> Ask(MemcachedSession& session, const Op& op) const {
    auto answer = session.Ask(op, kPatience);
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

  Status CheckMark(MemcachedSession& session) const {
    const auto mark = ReadMark(session);
    if (!mark) return Failed(mark);
    if (!mark->empty()) return {};
    return BadConfig(
        "the memcached at {} has no item {}: its data are not known to be of mbench, so they are "
        "left alone; give another one or restart it",
        address_.text, kMarkKey);
  }

  Result<std::int64_t> CountItems(MemcachedSession& session) const {
    const auto stats = Ask(session, {.kind = OpKind::kStatement, .statement = memcached::kStats});
    if (!stats) return Failed(stats);
    constexpr std::string_view kName = "STAT curr_items ";
    const std::size_t at = stats->find(kName);
    if (at == std::string::npos) {
      return Unreachable("memcached at {}: its stats have no curr_items", address_.text);
    }
    return std::strtoll(stats->c_str() + at + kName.size(), nullptr, 10);
  }

  tl::unexpected<Error> Explain(const Error& error) const {
    return Unreachable("memcached at {}: {}", address_.text, error.message);
  }

  const OptionValues options_;
  std::string ttl_;
  std::shared_ptr<TlsContext> tls_;
  SocketAddress address_;
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
                     }},
    .check_options = CheckOptions,
};

}  // namespace mbench
