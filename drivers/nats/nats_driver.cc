// SPDX-License-Identifier: Apache-2.0
//
// NATS, core and JetStream: options, connections that send, clients that receive.
#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

#include "drivers/common/figure_rates.h"
#include "drivers/common/http_page.h"
#include "drivers/nats/jetstream.h"
#include "drivers/nats/nats_figures.h"
#include "drivers/nats/nats_options.h"
#include "drivers/nats/nats_pull.h"
#include "drivers/nats/nats_session.h"
#include "drivers/observer.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr std::uint16_t kDefaultPort = 4222;
constexpr Ticks kPatience = kSecond;  // of Observe

// Of a group with the same words, or of the clients of one statement.
struct Receivers {
  // `number`: among those of the run.
  Receivers(const nats::Message& message, std::uint64_t run, std::size_t number)
      : consume(*message.consume),
        prefix(ReceiversPrefix(consume.group, message.statement)),
        consumer(consume.group.empty() ? fmt::format("mbench-{:x}-{}", run, number)
                                       : consume.group),
        feed(ReceiversName(consume.group, consume.filter) +
                 (OfStream() ? fmt::format(" in stream {}", consume.stream) : ""),
             run),
        subscription{.subject = OfStream()
                                    ? fmt::format("_INBOX.mbench-deliver.{:x}.{}", run, number)
                                    : consume.filter,
                     .queue = OfStream() ? consumer : consume.group,
                     .ordered = consume.members == 1,
                     .jetstream = OfStream(),
                     .feed = &feed,
                     .redelivered = &redelivered} {}
  Receivers(const Receivers&) = delete;
  Receivers& operator=(const Receivers&) = delete;

  bool OfStream() const { return !consume.stream.empty(); }

  const nats::Consume consume;
  const std::string prefix;    // of figures
  const std::string consumer;  // of a stream
  MessageFeed feed;
  std::atomic<std::uint64_t> redelivered{0};
  const nats::Subscription subscription;
  bool made = false;  // the consumer, by us
};

class NatsDriver final : public Driver,
                         public StatementPreparer,
                         public SystemObserver,
                         public WatcherSource {
 public:
  explicit NatsDriver(const OptionValues& options) : options_(options) {}

  Result<DriverFacts> Open() override {
    if (Status read = ReadOptions(); !read) return Failed(read);
    const auto probe = Connect({.connections = 1, .timeout = timeout()}, {});
    if (!probe) return Failed(probe);
    info_ = (*probe)->info();
    return DriverFacts{
        .system = fmt::format("nats-server {}", info_.version), .scans = false, .verbs = false};
  }

  StatementPreparer* Preparer() override { return this; }
  SystemObserver* Observer() override { return this; }
  WatcherSource* Watchers() override { return this; }

  Status Prepare(StatementSet statements) override {
    auto messages = MakeEach<nats::Message>(
        statements, [](const StatementSpec& spec, SessionPhase) -> Result<nats::Message> {
          return ReadOne(spec, nats::ReadMessage);
        });
    if (!messages) return Failed(messages);
    setup_.messages = *std::move(messages);
    for (nats::Message& message : RunMessages()) FindReceivers(&message);
    if (Status there = NeedStreams(); !there) return there;
    return MakePullGroups();
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    auto session = Connect(plan, {});
    if (!session) return Failed(session);
    return std::unique_ptr<Session>(*std::move(session));
  }

  Result<std::vector<std::unique_ptr<Watcher>>> NewWatchers(const SessionPlan&) override {
    for (Receivers& receivers : receivers_)
      if (Status made = MakeConsumer(&receivers); !made) return Failed(made);
    return NewMembers(receivers_, [this](Receivers& receivers) {
      return Connect({.connections = 1, .timeout = timeout()},
                     {.subscription = &receivers.subscription});
    });
  }

  std::map<std::uint16_t, MessageCounts> Delivered() override { return DeliveredOf(RunMessages()); }

  bool Exhausted() const override {
    return !pull_groups_.empty() &&
           pull_groups_.size() == setup_.messages[SessionPhase::kRun].size() &&
           std::ranges::all_of(pull_groups_, &nats::PullGroup::IsRead);
  }

  SystemFigures Observe() override {
    SystemFigures figures, counted;
    if (monitor_) {
      if (const auto page = monitor_->Get(kPatience)) {
        nats::ServerFigures of_server = nats::ReadVarz(*page);
        figures = std::move(of_server.now);
        counted = std::move(of_server.counted);
      }
    }
    bool answers = true;
    for (const Receivers& receivers : receivers_) {
      const std::int64_t pending =
          receivers.OfStream() ? PendingOf(receivers.consume.stream, receivers.consumer, &answers)
                               : 0;
      receivers.feed.AddFigures(receivers.prefix, pending, &figures, &counted);
      if (receivers.OfStream())
        counted[receivers.prefix + "_redelivered_per_s"] +=
            static_cast<double>(receivers.redelivered.load(std::memory_order_relaxed));
    }
    for (const nats::PullGroup& group : pull_groups_)
      group.AddFigures(PendingOf(group.pull().stream, group.pull().group, &answers), &figures,
                       &counted);
    rates_.Add(counted, &figures);
    return figures;
  }

  SystemRemarks Examine(const std::vector<std::vector<std::string>>&) override {
    SystemRemarks remarks;
    remarks.facts["version"] = info_.version;
    remarks.facts["max_payload"] = fmt::format("{}", info_.max_payload);
    if (tls_ != nullptr && !options_.Flag("tls_verify"))
      remarks.warnings.emplace_back(kUnverifiedServer);
    DescribeStreams(&remarks);
    LookAtServer(&remarks);
    return remarks;
  }

  SystemRemarks ExamineAfter() override {
    SystemRemarks remarks;
    for (Receivers& receivers : receivers_) {
      receivers.feed.AddFindings(
          receivers.OfStream() ? fmt::format(", {} delivered again", receivers.redelivered.load())
                               : "",
          &remarks);
      if (std::exchange(receivers.made, false))
        EndConsumer(receivers.consume.stream, receivers.consumer, &remarks);
    }
    for (const nats::PullGroup& group : pull_groups_) {
      group.AddFindings(&remarks);
      if (pulls_made_) EndConsumer(group.pull().stream, group.pull().group, &remarks);
    }
    pulls_made_ = false;
    if (!monitor_ || !slow_before_) return remarks;
    if (const auto page = monitor_->Get(kPatience)) {
      if (const std::uint64_t slow = nats::ReadVarz(*page).slow_consumers; slow > *slow_before_)
        remarks.warnings.push_back(
            fmt::format("the server has cut off {} clients that did not read what was there for "
                        "them (slow consumers)",
                        slow - *slow_before_));
    }
    return remarks;
  }

 private:
  std::vector<nats::Message>& RunMessages() { return setup_.messages[SessionPhase::kRun]; }

  Status ReadOptions() {
    if (Status right = ToStatus(nats::CheckOptions(options_)); !right) return right;
    const Url url = *ParseUrl(options_.Text("url"));
    if (url.scheme == "tls") {
      auto tls = TlsContext::Make(options_);
      if (!tls) return Failed(tls);
      tls_ = *tls;
    }
    auto endpoint = Endpoint::Tcp(url.host, url.port == 0 ? kDefaultPort : url.port);
    if (!endpoint) return Failed(endpoint);
    endpoint_ = *std::move(endpoint);
    setup_.login = {
        .user = options_.Text("user").empty() ? url.user : options_.Text("user"),
        .password = options_.Text("password").empty() ? url.password : options_.Text("password"),
        .token = options_.Text("token"),
        .tls = tls_ != nullptr};
    setup_.run = run_;
    admin_.patience = timeout();
    admin_.again = true;
    observing_.patience = std::min(timeout(), kPatience);
    if (options_.Text("monitor").empty()) return {};
    auto page = HttpPage::Make(VarzUrl(options_.Text("monitor")), options_);
    if (!page) return Failed(page);
    monitor_ = *std::move(page);
    return {};
  }

  static std::string VarzUrl(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url.ends_with("/varz") ? url : url + "/varz";
  }

  Result<std::unique_ptr<nats::NatsSession>> Connect(const SessionPlan& plan,
                                                     const nats::Role& role) {
    auto session = std::make_unique<nats::NatsSession>(
        plan, static_cast<std::uint32_t>(options_.Count("pipeline")), tls_, &setup_, role);
    session->AddSystem(endpoint_);
    if (Status started = session->Start(role.asks ? plan.timeout : timeout()); !started)
      return Unreachable("NATS server at {}: {}", endpoint_->text(),
                         nats::Explain(started.error().message));
    return session;
  }

  // Statements that say the same share who receives.
  void FindReceivers(nats::Message* message) {
    if (!message->consume) return;
    auto found = std::ranges::find_if(
        receivers_, [message](const Receivers& one) { return one.consume == *message->consume; });
    if (found == receivers_.end())
      found = receivers_.emplace(receivers_.end(), *message, run_, receivers_.size());
    message->feed = &found->feed;
  }

  // How it is before the run.
  void LookAtServer(SystemRemarks* remarks) {
    if (!monitor_) return;
    const auto page = monitor_->Get(kPatience);
    if (!page) {
      remarks->warnings.push_back(page.error().message +
                                  "; nothing is known of the server (monitor)");
    } else if (const nats::ServerFigures figures = nats::ReadVarz(*page); figures.now.empty()) {
      remarks->warnings.emplace_back(
          "the page of monitor is none of nats-server; give the port of its monitoring (http_port)");
    } else {
      slow_before_ = figures.slow_consumers;
    }
  }

  // ---- JetStream ----

  void DescribeStreams(SystemRemarks* remarks) {
    for (const nats::Message& message : RunMessages()) {
      if (!message.stream || remarks->facts.contains("stream " + message.stream->name)) continue;
      const auto told = Over(&admin_, [&message](nats::JetStream& jetstream) {
        return jetstream.Describe(message.stream->name);
      });
      if (told) remarks->facts["stream " + message.stream->name] = *told;
    }
  }

  Status NeedStreams() {
    std::map<std::string, std::pair<nats::Stream, std::vector<std::string>>> streams;
    for (const SessionPhase phase : kSessionPhases) {
      for (const nats::Message& message : setup_.messages[phase]) {
        if (!message.stream) continue;
        auto& [stream, subjects] = streams[message.stream->name];
        stream = *message.stream;
        if (std::ranges::find(subjects, message.subjects) == subjects.end())
          subjects.push_back(message.subjects);
      }
    }
    for (const auto& [name, needed] : streams) {
      if (Status there = Over(&admin_,
                              [&needed = needed](nats::JetStream& jetstream) {
                                return jetstream.NeedStream(needed.first, needed.second);
                              });
          !there)
        return there;
    }
    return {};
  }

  Status MakeConsumer(Receivers* receivers) {
    if (!receivers->OfStream()) return {};
    const auto made = Over(&admin_, [receivers](nats::JetStream& jetstream) {
      return jetstream.MakeConsumer({.stream = receivers->consume.stream,
                                     .name = receivers->consumer,
                                     .filter = receivers->consume.filter,
                                     .deliver = receivers->subscription.subject,
                                     .ack_wait = receivers->consume.ack_wait});
    });
    if (!made) return Failed(made);
    receivers->made = true;
    return {};
  }

  // A group for each statement that reads and sends nothing: no two name the same.
  Status MakePullGroups() {
    for (nats::Message& message : RunMessages()) {
      if (!message.pull) continue;
      const nats::Pull& pull = *message.pull;
      nats::PullGroup& group = pull_groups_.emplace_back(pull);
      const auto backlog = Over(&admin_, [&pull](nats::JetStream& jetstream) {
        return jetstream.MakeConsumer({.stream = pull.stream,
                                       .name = pull.group,
                                       .filter = pull.filter,
                                       .from_beginning = pull.from_beginning,
                                       .ack_wait = pull.ack_wait});
      });
      if (!backlog)
        return tl::unexpected<Error>(Error{
            backlog.error().kind,
            fmt::format("statement {}: {}", Quote(message.statement), backlog.error().message)});
      group.SetBacklog(*backlog);
      message.pulled = &group;
    }
    pulls_made_ = !pull_groups_.empty();
    return {};
  }

  void EndConsumer(const std::string& stream, const std::string& consumer, SystemRemarks* remarks) {
    const Status gone = Over(&admin_, [&stream, &consumer](nats::JetStream& jetstream) {
      return jetstream.DeleteConsumer(stream, consumer);
    });
    if (!gone)
      remarks->warnings.push_back(gone.error().message + "; it is gone in ten minutes by itself");
  }

  // Messages that the stream has for a consumer and did not send yet, as the server knows it. One
  // that does not answer is not asked for the next ones.
  std::int64_t PendingOf(const std::string& stream, const std::string& consumer, bool* answers) {
    if (!*answers) return 0;
    const auto state = Over(&observing_, [&stream, &consumer](nats::JetStream& jetstream) {
      return jetstream.LookAt(stream, consumer);
    });
    *answers = state.has_value();
    return state ? state->pending : 0;
  }

  // A connection over which JetStream is asked, made when somebody asks.
  struct Asking {
    Ticks patience = 0;
    bool again = false;
    std::mutex mutex;  // guards what follows
    std::optional<nats::JetStream> jetstream;
  };

  // What `ask` says. A connection on which nothing has been asked for long may have been lost since
  // then, so that with `again` it may be called twice.
  template <class Ask>
  auto Over(Asking* asking, Ask ask) -> decltype(ask(std::declval<nats::JetStream&>())) {
    const std::lock_guard lock(asking->mutex);
    if (asking->jetstream) {
      auto said = ask(*asking->jetstream);
      if (said || said.error().kind != ErrorKind::kUnreachable) return said;
      asking->jetstream.reset();
      if (!asking->again) return said;
    }
    auto session = Connect({.connections = 1, .timeout = asking->patience, .want_values = true},
                           {.asks = true});
    if (!session) return Failed(session);
    asking->jetstream.emplace(*std::move(session), asking->patience);
    return ask(*asking->jetstream);
  }

  const OptionValues options_;
  const std::uint64_t run_ = std::uint64_t{std::random_device()()} << 32 | std::random_device()();
  std::shared_ptr<TlsContext> tls_;
  std::shared_ptr<Endpoint> endpoint_;
  std::optional<HttpPage> monitor_;
  std::optional<std::uint64_t> slow_before_;
  nats::ServerInfo info_;  // when it was opened
  nats::Setup setup_;
  std::list<Receivers> receivers_;
  std::list<nats::PullGroup> pull_groups_;
  bool pulls_made_ = false;
  FigureRates rates_;  // of Observe
  // Beside the run, and around it: Observe has a thread of its own and may not wait for long.
  Asking observing_, admin_;
};

}  // namespace

extern const DriverInfo kNatsDriver;
constinit const DriverInfo kNatsDriver = {
    .name = "nats",
    .about = "NATS, core and JetStream: messages to subjects, and clients behind them",
    .options = nats::kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<NatsDriver>(options);
    },
    .language = {.verbs = false,
                 .words = nats::kWords,
                 .verifies_reads = false,
                 .check = nats::CheckMessage,
                 .check_run = nats::CheckRun},
    .check_options = nats::CheckOptions,
    .urls = nats::kUrls,
};

}  // namespace mbench
