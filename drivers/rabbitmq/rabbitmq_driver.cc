// SPDX-License-Identifier: Apache-2.0
//
// RabbitMQ: options, connections that send, consumers, and how many messages wait in queues.
#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <random>
#include <utility>

#include "drivers/common/figure_rates.h"
#include "drivers/observer.h"
#include "drivers/rabbitmq/amqp_session.h"
#include "drivers/rabbitmq/rabbitmq_queues.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

using amqp::AmqpSession;
using Role = AmqpSession::Role;

constexpr std::uint16_t kDefaultPort = 5672, kDefaultTlsPort = 5671;
constexpr Ticks kLookTimeout = kSecond;  // of Observe

constexpr auto kRabbitUrls = std::to_array<UrlForm>({
    {.scheme = "amqp", .statement = "produce: mbench, value: \"{value}\""},
    {.scheme = "amqps", .statement = "produce: mbench, value: \"{value}\""},
});

constexpr auto kRabbitOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "amqp://127.0.0.1:5672",
     .help = "where the server listens: amqp://host:port/vhost, or amqps:// for TLS; no vhost: /",
     .choices = "amqp|amqps"},
    {.name = "user", .fallback = "", .help = "user name; empty: that of the URL, or guest"},
    {.name = "password",
     .fallback = "",
     .help = "password, as ${VAR}; nothing said of user and password: guest",
     .secret = true},
    PipelineOption("messages on one connection at most that wait for their confirms"),
}));

std::string VhostOf(const Url& url) { return url.path.size() <= 1 ? "/" : url.path.substr(1); }

std::vector<OptionMistake> CheckRabbitOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return {{"url", url.error().message}};
  if (url->raw_path.find('/', 1) != std::string::npos)
    mistakes.push_back({"url", fmt::format("its path {} has more than one part; it is the name of "
                                           "a vhost, in which / is written as %2F",
                                           Quote(url->path))});
  if (VhostOf(*url).size() > amqp::kLongestName)
    mistakes.push_back({"url", "the vhost is longer than 255 bytes"});
  if (const std::string parameter = WrongParameter(url->query, {}); !parameter.empty())
    mistakes.push_back({"url", parameter});
  if (!options.Text("password").empty() && options.Text("user").empty() && !url->has_user)
    mistakes.push_back({"password", "it has no user; say user"});
  return mistakes;
}

// Consumers of one queue.
struct Receivers {
  Receivers(const amqp::Consume& said, std::uint64_t run)
      : consume(said),
        prefix(ReceiversPrefix(said.queue, "")),
        feed("queue " + said.queue, run),
        subscription{.queue = said.queue,
                     .prefetch = said.prefetch,
                     .ack_every = said.ack_every,
                     .shared = said.members > 1,
                     .feed = &feed,
                     .redelivered = &redelivered} {}
  Receivers(const Receivers&) = delete;
  Receivers& operator=(const Receivers&) = delete;

  const amqp::Consume consume;
  const std::string prefix;  // of figures
  amqp::QueueFacts facts;
  MessageFeed feed;
  std::atomic<std::uint64_t> redelivered{0};
  const amqp::Subscription subscription;
};

class RabbitDriver final : public Driver,
                           public StatementPreparer,
                           public SystemObserver,
                           public WatcherSource {
 public:
  explicit RabbitDriver(const OptionValues& options) : options_(options) {}

  Result<DriverFacts> Open() override {
    if (Status read = ReadOptions(); !read) return Failed(read);
    const auto probe = Connect({.connections = 1, .timeout = timeout()}, Role::kAsk);
    if (!probe) return Failed(probe);
    server_ = (*probe)->ServerName();
    return DriverFacts{.system = server_, .scans = false, .verbs = false};
  }

  StatementPreparer* Preparer() override { return this; }
  SystemObserver* Observer() override { return this; }
  WatcherSource* Watchers() override { return this; }

  Status Prepare(StatementSet statements) override {
    auto messages = MakeEach<amqp::Message>(
        statements, [](const StatementSpec& spec, SessionPhase) -> Result<amqp::Message> {
          return ReadOne(spec, amqp::ReadMessage);
        });
    if (!messages) return Failed(messages);
    setup_.messages = *std::move(messages);
    if (RunMessages().empty()) return {};
    auto session =
        Connect({.connections = 1, .timeout = timeout(), .want_values = true}, Role::kAsk);
    if (!session) return Failed(session);
    amqp::Queues queues(session->get(), timeout());
    for (amqp::Message& message : RunMessages())
      if (Status found = FindPlaces(&message, &queues); !found) return found;
    return {};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    auto session = Connect(plan, Role::kSend);
    if (!session) return Failed(session);
    return std::unique_ptr<Session>(*std::move(session));
  }

  Result<std::vector<std::unique_ptr<Watcher>>> NewWatchers(const SessionPlan&) override {
    return NewMembers(receivers_, [this](Receivers& receivers) {
      return Connect({.connections = 1, .timeout = timeout()}, Role::kReceive,
                     &receivers.subscription);
    });
  }

  std::map<std::uint16_t, MessageCounts> Delivered() override { return DeliveredOf(RunMessages()); }

  SystemFigures Observe() override {
    SystemFigures figures, counted;
    bool answers = true;
    for (const Receivers& receivers : receivers_)
      receivers.feed.AddFigures(receivers.prefix, Ready(receivers, &answers), &figures, &counted);
    figures["blocked_connections"] = static_cast<double>(setup_.alarms.Look().now);
    rates_.Add(counted, &figures);
    return figures;
  }

  SystemRemarks Examine(const std::vector<std::vector<std::string>>&) override {
    SystemRemarks remarks;
    remarks.facts["server"] = server_;
    for (const auto& [queue, facts] : queues_)
      remarks.facts["queue " + queue + " is"] =
          fmt::format("{}{}", facts.type.empty() ? "of a type that is not known" : facts.type,
                      facts.made_now ? ", made for this run" : "");
    if (tls_ != nullptr && !options_.Flag("tls_verify"))
      remarks.warnings.emplace_back(kUnverifiedServer);
    return remarks;
  }

  SystemRemarks ExamineAfter() override {
    SystemRemarks remarks;
    // Those of an earlier run too: what harms this one is counted as doubled.
    for (const Receivers& receivers : receivers_)
      receivers.feed.AddFindings(fmt::format(", {} redelivered", receivers.redelivered.load()),
                                 &remarks);
    if (const auto alarms = setup_.alarms.Look(); alarms.times > 0)
      remarks.warnings.push_back(fmt::format(
          "the server took nothing from connections that send ({}), {} times, the longest for {}: "
          "what was due then waited, and its response time says so",
          Quote(alarms.reason), alarms.times, FormatDuration(alarms.longest)));
    return remarks;
  }

 private:
  std::vector<amqp::Message>& RunMessages() { return setup_.messages[SessionPhase::kRun]; }

  Status ReadOptions() {
    if (Status right = ToStatus(CheckRabbitOptions(options_)); !right) return right;
    const Url url = *ParseUrl(options_.Text("url"));
    const bool is_tls = url.scheme == "amqps";
    if (is_tls) {
      auto tls = TlsContext::Make(options_);
      if (!tls) return Failed(tls);
      tls_ = *tls;
    }
    const std::uint16_t fallback = is_tls ? kDefaultTlsPort : kDefaultPort;
    auto endpoint = Endpoint::Tcp(url.host, url.port == 0 ? fallback : url.port);
    if (!endpoint) return Failed(endpoint);
    endpoint_ = *std::move(endpoint);
    const std::string user = options_.Text("user").empty() ? url.user : options_.Text("user");
    const std::string password =
        options_.Text("password").empty() ? url.password : options_.Text("password");
    const bool is_guest = user.empty() && password.empty();
    setup_.login = {.user = is_guest ? "guest" : user,
                    .password = is_guest ? "guest" : password,
                    .vhost = VhostOf(url)};
    setup_.run = run_;
    return {};
  }

  Result<std::unique_ptr<AmqpSession>> Connect(const SessionPlan& plan, Role role,
                                               const amqp::Subscription* subscription = nullptr) {
    const auto depth =
        role == Role::kSend ? static_cast<std::uint32_t>(options_.Count("pipeline")) : 1;
    auto session = std::make_unique<AmqpSession>(plan, depth, tls_, &setup_, role, subscription);
    session->AddSystem(endpoint_);
    const Ticks patience = role == Role::kAsk ? plan.timeout : timeout();
    if (Status started = session->Start(patience); !started)
      return Unreachable("RabbitMQ at {}: {}", endpoint_->text(), Explain(started.error().message));
    return session;
  }

  // With what to do, where that is clear.
  std::string Explain(const std::string& why) const {
    const auto says = [&why](std::string_view part) { return why.find(part) != std::string::npos; };
    if (says("connection refused"))
      return why + "; start a server there, or say where one is (url)";
    if (says("this is not AMQP") || says("no answer in time"))
      return why +
             (tls_ != nullptr
                  ? "; give the port of a listener of AMQP with TLS, which is 5671 (url)"
                  : "; give the port of a listener of AMQP, which is 5672 and not that of the "
                    "management page (url), or say amqps:// for TLS");
    if (says("connection closed by the server") || says("connection reset"))
      return why + "; it may expect TLS (amqps://)";
    if (says("Login was refused") || says("ACCESS_REFUSED - Login"))
      return why + "; look at user and password (guest may come from the server's own host alone)";
    if (says("vhost"))
      return why +
             "; name another one in url, or make it and let the user in (rabbitmqctl "
             "add_vhost, set_permissions)";
    if (says("403 "))
      return why + "; let the user read and write there (rabbitmqctl set_permissions)";
    return why;
  }

  // Queues and exchange of a statement, and who receives.
  Status FindPlaces(amqp::Message* message, amqp::Queues* queues) {
    if (!message->exchange.empty())
      if (Status found = queues->FindExchange(message->exchange); !found) return found;
    for (const std::string& name : message->Queues()) {
      if (queues_.contains(name)) continue;
      auto facts = queues->Find(name, TypeOf(name));
      if (!facts) return Failed(facts);
      queues_[name] = *std::move(facts);
    }
    return message->consume ? FindReceivers(message, queues) : Status{};
  }

  // What any statement says; "": none does.
  std::string TypeOf(const std::string& queue) {
    for (const amqp::Message& message : RunMessages())
      if (!message.type.empty() && std::ranges::count(message.Queues(), queue) > 0)
        return message.type;
    return "";
  }

  // Statements with the same queue share who receives.
  Status FindReceivers(amqp::Message* message, amqp::Queues* queues) {
    const amqp::Consume& consume = *message->consume;
    auto found = std::ranges::find_if(receivers_, [&consume](const Receivers& one) {
      return one.consume.queue == consume.queue;
    });
    if (found == receivers_.end()) {
      const amqp::QueueFacts& facts = queues_[consume.queue];
      if (Status free = CheckIsFree(consume.queue, facts); !free) return free;
      found = receivers_.emplace(receivers_.end(), consume, run_);
      found->facts = facts;
    }
    message->feed = &found->feed;
    if (message->exchange.empty()) return {};
    return queues->Bind(consume.queue, message->exchange, message->bind);
  }

  // To receive is to take away, but for a stream.
  static Status CheckIsFree(const std::string& queue, const amqp::QueueFacts& facts) {
    const auto& [ready, consumers] = facts.state;
    if (facts.type == "stream" || (facts.is_ours && consumers == 0)) return {};
    if (ready == 0 && consumers == 0) return {};
    if (facts.is_ours)
      return BadConfig(
          "the queue {} has {} consumers, another run perhaps, and they would share "
          "what is sent; end them, or name another queue",
          Quote(queue), consumers);
    return BadConfig(
        "the queue {} was not made by mbench and has {} messages and {} consumers: to "
        "receive would take messages away from whoever they are for; name another "
        "queue, or one that is empty",
        Quote(queue), ready, consumers);
  }

  // Messages that wait in the queue; 0: nobody knows. A stream keeps what was received. `answers`:
  // whether the server does, or is not to be asked again for now.
  std::int64_t Ready(const Receivers& receivers, bool* answers) {
    const std::string& type = receivers.facts.type;
    if (!*answers || type.empty() || type == "stream") return 0;
    if (look_ == nullptr) {
      const SessionPlan plan{.connections = 1, .timeout = kLookTimeout, .want_values = true};
      auto session = Connect(plan, Role::kAsk);
      *answers = session.has_value();
      if (!session) return 0;
      look_ = *std::move(session);
    }
    const auto state = amqp::Queues(look_.get(), kLookTimeout).Look(receivers.consume.queue);
    *answers = state.has_value();
    return state ? state->ready : 0;
  }

  const OptionValues options_;
  const std::uint64_t run_ = std::uint64_t{std::random_device()()} << 32 | std::random_device()();
  std::shared_ptr<TlsContext> tls_;
  std::shared_ptr<Endpoint> endpoint_;
  std::string server_;
  amqp::Setup setup_;
  std::map<std::string, amqp::QueueFacts> queues_;
  std::list<Receivers> receivers_;
  std::unique_ptr<AmqpSession> look_;  // of Observe
  FigureRates rates_;                  // of Observe
};

// What several statements say together: a queue has one type, and its consumers are the same ones.
void CheckRabbitRun(const OptionValues&, const RunWants& wants, Complaints* complaints) {
  std::map<std::string, amqp::Message> types, consumers;
  for (const StatementSpec* const statement : wants.statements) {
    ComplaintList told;  // when the statement was checked
    const amqp::Message message = amqp::ReadMessage(*statement, &told);
    for (const std::string& queue : message.Queues()) {
      if (message.type.empty()) continue;
      const auto [first, is_new] = types.emplace(queue, message);
      if (is_new || first->second.type == message.type) continue;
      complaints->Add(statement->Find("type")->place,
                      fmt::format("the queue {} is a {} one in {}; say the same, or name another",
                                  Quote(queue), first->second.type, first->second.statement));
      break;
    }
    if (!message.consume) continue;
    const auto [first, is_new] = consumers.emplace(message.consume->queue, message);
    if (is_new || first->second.consume == message.consume) continue;
    complaints->Add(statement->Find("consume")->Head(),
                    fmt::format("consumers of the queue {} are those of {}, with other words; say "
                                "the same, or name another queue",
                                Quote(message.consume->queue), first->second.statement));
  }
}

}  // namespace

extern const DriverInfo kRabbitmqDriver;
constinit const DriverInfo kRabbitmqDriver = {
    .name = "rabbitmq",
    .about = "RabbitMQ (AMQP 0-9-1): messages to queues and exchanges, and consumers behind them",
    .options = kRabbitOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<RabbitDriver>(options);
    },
    .language = {.verbs = false,
                 .words = amqp::kWords,
                 .verifies_reads = false,
                 .check = amqp::CheckMessage,
                 .check_run = CheckRabbitRun},
    .check_options = CheckRabbitOptions,
    .urls = kRabbitUrls,
};

}  // namespace mbench
