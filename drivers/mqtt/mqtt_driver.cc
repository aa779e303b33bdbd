// SPDX-License-Identifier: Apache-2.0
//
// MQTT 3.1.1 and 5: options, clients that send, clients that receive.
#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <random>
#include <utility>

#include "drivers/common/figure_rates.h"
#include "drivers/mqtt/mqtt_session.h"
#include "drivers/observer.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr std::uint16_t kDefaultPort = 1883, kDefaultTlsPort = 8883;
constexpr std::uint32_t kSessionExpiryS = 3600;  // of a client that is not clean

constexpr auto kMqttUrls = std::to_array<UrlForm>({
    {.scheme = "mqtt", .option = "url", .statement = "produce: <path>, value: \"{value}\""},
    {.scheme = "mqtts", .option = "url", .statement = "produce: <path>, value: \"{value}\""},
});

constexpr auto kMqttOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "mqtt://127.0.0.1:1883",
     .help = "where the broker listens: mqtt://host:port, or mqtts:// for TLS",
     .choices = "mqtt|mqtts"},
    {.name = "user", .fallback = "", .help = "user name; empty: that of the URL, or none"},
    {.name = "password", .fallback = "", .help = "password, as ${VAR}", .secret = true},
    {.name = "version",
     .type = OptionType::kChoice,
     .fallback = "5",
     .help = "of the protocol",
     .choices = "5|3.1.1"},
    {.name = "client_id",
     .fallback = "mbench",
     .help = "what the ids of all clients begin with; a number follows"},
    {.name = "clean",
     .type = OptionType::kFlag,
     .fallback = "true",
     .help =
         "the broker forgets a client that is gone; false: it keeps its session, for an hour with "
         "version 5, and ids are the same in every run"},
    PipelineOption("messages in flight on one client at most; a broker may allow fewer"),
}));

std::vector<OptionMistake> CheckMqttOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return {{"url", url.error().message}};
  if (url->path.size() > 1)
    mistakes.push_back(
        {"url", fmt::format("it has the path {}; name topics in statements", Quote(url->path))});
  if (const std::string parameter = WrongParameter(url->query, {}); !parameter.empty())
    mistakes.push_back({"url", parameter});
  if (!options.Text("password").empty() && options.Text("user").empty() && !url->has_user)
    mistakes.push_back({"password", "it has no user; say user"});
  if (options.Text("client_id").empty())
    mistakes.push_back({"client_id", "it is empty; it tells our clients from those of others"});
  return mistakes;
}

// Of a group with the same words, or of the clients of one statement.
struct Receivers {
  Receivers(const mqtt::Message& message, std::uint64_t run)
      : consume(*message.consume),
        prefix(ReceiversPrefix(consume.group, message.statement)),
        feed(ReceiversName(consume.group, consume.filter), run),
        subscription{.filter = consume.group.empty()
                                   ? consume.filter
                                   : fmt::format("$share/{}/{}", consume.group, consume.filter),
                     .qos = consume.qos,
                     .shared = consume.members > 1,
                     .feed = &feed} {}
  Receivers(const Receivers&) = delete;
  Receivers& operator=(const Receivers&) = delete;

  const mqtt::Consume consume;
  const std::string prefix;  // of figures
  MessageFeed feed;
  const mqtt::Subscription subscription;
};

class MqttDriver final : public Driver,
                         public StatementPreparer,
                         public SystemObserver,
                         public WatcherSource {
 public:
  explicit MqttDriver(const OptionValues& options) : options_(options) {}

  Result<DriverFacts> Open() override {
    if (Status read = ReadOptions(); !read) return Failed(read);
    const auto probe = Connect({.connections = 1, .timeout = timeout()}, nullptr);
    if (!probe) return Failed(probe);
    return DriverFacts{
        .system = fmt::format("MQTT {}", options_.Text("version")), .scans = false, .verbs = false};
  }

  StatementPreparer* Preparer() override { return this; }
  SystemObserver* Observer() override { return this; }
  WatcherSource* Watchers() override { return this; }

  Status Prepare(StatementSet statements) override {
    auto messages = MakeEach<mqtt::Message>(
        statements, [](const StatementSpec& spec, SessionPhase) -> Result<mqtt::Message> {
          return ReadOne(spec, mqtt::ReadMessage);
        });
    if (!messages) return Failed(messages);
    setup_.messages = *std::move(messages);
    for (mqtt::Message& message : RunMessages()) FindReceivers(&message);
    return {};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    auto session = Connect(plan, nullptr);
    if (!session) return Failed(session);
    return std::unique_ptr<Session>(*std::move(session));
  }

  Result<std::vector<std::unique_ptr<Watcher>>> NewWatchers(const SessionPlan&) override {
    return NewMembers(receivers_, [this](Receivers& receivers) {
      return Connect({.connections = 1, .timeout = timeout()}, &receivers.subscription);
    });
  }

  std::map<std::uint16_t, MessageCounts> Delivered() override { return DeliveredOf(RunMessages()); }

  SystemFigures Observe() override {
    SystemFigures figures, counted;
    for (const Receivers& receivers : receivers_)
      receivers.feed.AddFigures(receivers.prefix, 0, &figures, &counted);
    rates_.Add(counted, &figures);
    return figures;
  }

  SystemRemarks Examine(const std::vector<std::vector<std::string>>&) override {
    SystemRemarks remarks;
    remarks.facts["version"] = options_.Text("version");
    if (tls_ != nullptr && !options_.Flag("tls_verify"))
      remarks.warnings.emplace_back(kUnverifiedServer);
    if (std::ranges::any_of(RunMessages(), [](const auto& message) { return message.qos == 0; }))
      remarks.warnings.emplace_back(
          "nobody acknowledges messages of qos: 0: ok says that they were sent, and their times end "
          "there");
    return remarks;
  }

  SystemRemarks ExamineAfter() override {
    SystemRemarks remarks;
    for (const Receivers& receivers : receivers_) receivers.feed.AddFindings("", &remarks);
    return remarks;
  }

 private:
  std::vector<mqtt::Message>& RunMessages() { return setup_.messages[SessionPhase::kRun]; }

  Status ReadOptions() {
    if (Status right = ToStatus(CheckMqttOptions(options_)); !right) return right;
    const Url url = *ParseUrl(options_.Text("url"));
    const bool is_tls = url.scheme == "mqtts";
    if (is_tls) {
      auto tls = TlsContext::Make(options_);
      if (!tls) return Failed(tls);
      tls_ = *tls;
    }
    const std::uint16_t fallback = is_tls ? kDefaultTlsPort : kDefaultPort;
    auto endpoint = Endpoint::Tcp(url.host, url.port == 0 ? fallback : url.port);
    if (!endpoint) return Failed(endpoint);
    endpoint_ = *std::move(endpoint);
    setup_.version = options_.Text("version") == "5" ? mqtt::Version::k5 : mqtt::Version::k311;
    setup_.login = {
        .client_id = options_.Text("client_id"),
        .user = options_.Text("user").empty() ? url.user : options_.Text("user"),
        .password = options_.Text("password").empty() ? url.password : options_.Text("password"),
        .clean = options_.Flag("clean"),
        .session_expiry_s = options_.Flag("clean") ? 0 : kSessionExpiryS};
    setup_.own_ids = options_.Flag("clean");
    setup_.run = run_;
    return {};
  }

  Result<std::unique_ptr<mqtt::MqttSession>> Connect(const SessionPlan& plan,
                                                     const mqtt::Subscription* subscription) {
    auto session = std::make_unique<mqtt::MqttSession>(
        plan, static_cast<std::uint32_t>(options_.Count("pipeline")), tls_, &setup_, subscription);
    session->AddSystem(endpoint_);
    if (Status started = session->Start(timeout()); !started)
      return Unreachable("MQTT broker at {}: {}", endpoint_->text(),
                         Explain(started.error().message));
    return session;
  }

  // With what to do, where that is clear.
  std::string Explain(const std::string& why) const {
    const auto says = [&why](std::string_view part) { return why.find(part) != std::string::npos; };
    if (says("connection refused"))
      return why + "; start a broker there, or say where one is (url)";
    if (says("this is not MQTT") || says("no answer in time"))
      return why + (tls_ != nullptr
                        ? "; give the port of a listener of MQTT with TLS (url)"
                        : "; give the port of a listener of MQTT (url), or say mqtts:// for TLS");
    if (says("connection closed by the server") || says("connection reset"))
      return why + "; it may expect TLS (mqtts://), or another version";
    if (says("user or password") || says("not authorized"))
      return why + "; look at user and password, and at what the broker allows";
    return why;
  }

  // Statements that say the same share who receives.
  void FindReceivers(mqtt::Message* message) {
    if (!message->consume) return;
    auto found = std::ranges::find_if(
        receivers_, [message](const Receivers& one) { return one.consume == *message->consume; });
    if (found == receivers_.end()) found = receivers_.emplace(receivers_.end(), *message, run_);
    message->feed = &found->feed;
  }

  const OptionValues options_;
  const std::uint64_t run_ = std::uint64_t{std::random_device()()} << 32 | std::random_device()();
  std::shared_ptr<TlsContext> tls_;
  std::shared_ptr<Endpoint> endpoint_;
  mqtt::Setup setup_;
  std::list<Receivers> receivers_;
  FigureRates rates_;  // of Observe
};

// What several statements say together.
void CheckMqttRun(const OptionValues&, const RunWants& wants, Complaints* complaints) {
  CheckGroups(wants, mqtt::ReadMessage, complaints);
}

}  // namespace

extern const DriverInfo kMqttDriver;
constinit const DriverInfo kMqttDriver = {
    .name = "mqtt",
    .about = "MQTT 3.1.1 and 5: messages to topics, and clients behind them",
    .options = kMqttOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<MqttDriver>(options);
    },
    .language = {.verbs = false,
                 .words = mqtt::kWords,
                 .verifies_reads = false,
                 .check = mqtt::CheckMessage,
                 .check_run = CheckMqttRun},
    .check_options = CheckMqttOptions,
    .urls = kMqttUrls,
};

}  // namespace mbench
