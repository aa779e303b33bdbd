// SPDX-License-Identifier: Apache-2.0
//
// Kafka by librdkafka: options, topics, producers, groups of consumers.
#include <algorithm>
#include <array>
#include <atomic>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <utility>

#include "drivers/common/figure_rates.h"
#include "drivers/kafka/kafka_cluster.h"
#include "drivers/kafka/kafka_member.h"
#include "drivers/kafka/kafka_polls.h"
#include "drivers/kafka/kafka_session.h"
#include "drivers/kafka/kafka_watcher.h"
#include "drivers/observer.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

// kafka://127.0.0.1:9092/orders
constexpr auto kKafkaUrls = std::to_array<UrlForm>({
    {.scheme = "kafka",
     .option = "brokers",
     .before_host = "",
     .statement = "produce: <path>, value: \"{value}\""},
});

constexpr auto kKafkaOptions = std::to_array<OptionSpec>({
    {.name = "brokers",
     .type = OptionType::kText,
     .fallback = "127.0.0.1:9092",
     .help = "where to begin: host:port, or several with commas between"},
    {.name = "acks",
     .type = OptionType::kChoice,
     .fallback = "all",
     .help = "who has to have a message: nobody, its leader, all replicas in sync",
     .choices = "0|1|all"},
    {.name = "compression",
     .type = OptionType::kChoice,
     .fallback = "none",
     .help = "of batches",
     .choices = "none|gzip|snappy|lz4|zstd"},
    {.name = "linger",
     .type = OptionType::kDuration,
     .fallback = "5ms",
     .help = "how long a message may wait for others to be sent with",
     .min = 0,
     .max = 900 * kSecond,
     .range = "0s to 15m"},
    {.name = "batch",
     .type = OptionType::kBytes,
     .fallback = "1MB",
     .help = "what is sent together at most, for one partition",
     .min = 1,
     .max = 2'147'483'647,
     .range = "1B to 2147483647B"},
    {.name = "idempotence",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help =
         "whether a message that is sent again is kept once, and in its order (needs acks: all)"},
    {.name = "partitioner",
     .type = OptionType::kChoice,
     .fallback = "consistent_random",
     .help = "which partition a message goes to; murmur2_random is that of Java's clients",
     .choices = "random|consistent|consistent_random|murmur2|murmur2_random|fnv1a|fnv1a_random"},
    {.name = "partitions",
     .type = OptionType::kCount,
     .fallback = "0",
     .help =
         "of topics that statements name and that are not there: they are made; 0: they have to "
         "be there",
     .min = 0,
     .max = 100'000,
     .range = "0 to 100k"},
    {.name = "replication",
     .type = OptionType::kCount,
     .fallback = "1",
     .help = "copies of each partition of topics that are made",
     .min = 1,
     .max = 1000,
     .range = "1 to 1000"},
    {.name = kafka::kOpenOption,
     .type = OptionType::kText,
     .fallback = "",
     .help = "any other property of librdkafka by its name: rdkafka: {security.protocol: sasl_ssl, "
             "sasl.mechanism: SCRAM-SHA-512, sasl.username: bench, sasl.password: \"${VAR}\"}"},
});

class KafkaDriver final : public Driver,
                          public StatementPreparer,
                          public SystemObserver,
                          public WatcherSource {
 public:
  explicit KafkaDriver(const OptionValues& options) : options_(options) {}

  Result<DriverFacts> Open() override {
    if (Status right = ToStatus(kafka::CheckOptions(options_)); !right) return Failed(right);
    auto cluster = kafka::Cluster::Make(options_, timeout());
    if (!cluster) return Failed(cluster);
    cluster_ = *std::move(cluster);
    auto facts = cluster_->Ask();
    if (!facts) return Failed(facts);
    facts_ = *std::move(facts);
    return DriverFacts{.system = fmt::format("Kafka, {} {}", facts_.brokers,
                                             facts_.brokers == 1 ? "broker" : "brokers"),
                       .scans = false,
                       .verbs = false};
  }

  StatementPreparer* Preparer() override { return this; }
  SystemObserver* Observer() override { return this; }
  WatcherSource* Watchers() override { return this; }

  Status Prepare(StatementSet statements) override {
    auto messages = MakeEach<kafka::Message>(
        statements, [](const StatementSpec& spec, SessionPhase) -> Result<kafka::Message> {
          return ReadOne(spec, kafka::ReadMessage);
        });
    if (!messages) return Failed(messages);
    setup_.messages = *std::move(messages);
    // One may be read that another statement makes.
    for (const bool sends : {true, false}) {
      for (kafka::Message& message : RunMessages()) {
        if (message.Sends() != sends) continue;
        if (Status there = FindTopic(message); !there) return there;
        FindFeed(&message);
      }
    }
    return {};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    auto session = kafka::KafkaSession::Start(
        plan, kafka::ProducerProperties(options_, plan.timeout), &setup_, sessions_++);
    if (!session) return Failed(session);
    return std::unique_ptr<Session>(*std::move(session));
  }

  Result<std::vector<std::unique_ptr<Watcher>>> NewWatchers(const SessionPlan&) override {
    std::vector<std::unique_ptr<Watcher>> watchers;
    for (kafka::Feed& feed : feeds_) {
      auto members = kafka::GroupMember::JoinAll(kafka::CommonProperties(options_), &feed,
                                                 facts_.topics[feed.topic()], timeout());
      if (!members) return Failed(members);
      if (feed.consume().alone) {
        StartPolls(&feed, *std::move(members));
        continue;
      }
      for (auto& member : *members)
        watchers.push_back(std::make_unique<kafka::GroupWatcher>(std::move(member), &feed));
    }
    return watchers;
  }

  std::map<std::uint16_t, MessageCounts> Delivered() override { return DeliveredOf(RunMessages()); }

  bool Exhausted() const override {
    return !polls_.empty() &&
           std::ranges::none_of(setup_.messages[SessionPhase::kRun], &kafka::Message::Sends) &&
           std::ranges::all_of(polls_, &kafka::GroupPolls::IsRead);
  }

  SystemFigures Observe() override {
    SystemFigures figures, counted;
    setup_.statistics.AddFigures(&figures);
    for (const kafka::Feed& feed : feeds_) feed.AddFigures(&figures, &counted);
    rates_.Add(std::move(counted), &figures);
    return figures;
  }

  SystemRemarks Examine(const std::vector<std::vector<std::string>>&) override {
    SystemRemarks remarks;
    remarks.facts["librdkafka"] = rd_kafka_version_str();
    remarks.facts["brokers"] = fmt::format("{}", facts_.brokers);
    for (const kafka::Message& message : RunMessages())
      remarks.facts["topic " + message.topic] =
          fmt::format("{} partitions", facts_.topics[message.topic]);
    const kafka::Properties properties = kafka::CommonProperties(options_);
    const auto verified = properties.find("enable.ssl.certificate.verification");
    if (verified != properties.end() && verified->second == "false")
      remarks.warnings.emplace_back(kUnverifiedServer);
    if (options_.Text("acks") == "0" && std::ranges::any_of(RunMessages(), &kafka::Message::Sends))
      remarks.warnings.emplace_back(
          "nobody acknowledges messages (acks: 0): ok says that they were sent, and their times end "
          "there");
    return remarks;
  }

  SystemRemarks ExamineAfter() override {
    for (kafka::Message& message : RunMessages()) message.polls = nullptr;
    polls_.clear();
    SystemRemarks remarks;
    for (const kafka::Feed& feed : feeds_) feed.AddFindings(&remarks);
    return remarks;
  }

 private:
  std::vector<kafka::Message>& RunMessages() { return setup_.messages[SessionPhase::kRun]; }

  // An op that is not answered should have found nothing before it runs out of time.
  void StartPolls(kafka::Feed* feed, std::vector<std::unique_ptr<kafka::GroupMember>> members) {
    const Ticks wait = std::min(feed->consume().wait, timeout() / 2);
    polls_.emplace_back(std::move(members), feed, wait);
    for (kafka::Message& message : RunMessages())
      if (message.consume && message.topic == feed->topic() && *message.consume == feed->consume())
        message.polls = &polls_.back();
  }

  // Makes it when it is not there and that is wanted.
  Status FindTopic(const kafka::Message& message) {
    if (facts_.topics.contains(message.topic)) return {};
    if (!message.Sends()) {
      return BadConfig(
          "statement {}: the brokers at {} have no topic {}, or we may not see it: there is nothing "
          "to read; name one that is there",
          Quote(message.statement), cluster_->brokers(), Quote(message.topic));
    }
    const auto partitions = static_cast<int>(options_.Count("partitions"));
    if (partitions == 0) {
      return BadConfig(
          "statement {}: the brokers at {} have no topic {}, or we may not see it; make it, or say "
          "partitions: 12 in driver, and it is made",
          Quote(message.statement), cluster_->brokers(), Quote(message.topic));
    }
    const auto replication = static_cast<int>(options_.Count("replication"));
    if (Status made = cluster_->MakeTopic(message.topic, partitions, replication); !made)
      return made;
    facts_.topics[message.topic] = partitions;
    return {};
  }

  // Statements that say the same of the same topic share a group.
  void FindFeed(kafka::Message* message) {
    if (!message->consume) return;
    const auto same = [message](const kafka::Feed& feed) {
      return feed.topic() == message->topic && feed.consume() == *message->consume;
    };
    auto feed = std::ranges::find_if(feeds_, same);
    if (feed == feeds_.end())
      feed = feeds_.emplace(feeds_.end(), message->topic, *message->consume, run_);
    if (message->Sends()) message->feed = &*feed;
  }

  const OptionValues options_;
  const std::uint64_t run_ = std::uint64_t{std::random_device()()} << 32 | std::random_device()();
  std::optional<kafka::Cluster> cluster_;
  kafka::ClusterFacts facts_;
  kafka::Setup setup_;
  std::list<kafka::Feed> feeds_;
  std::list<kafka::GroupPolls> polls_;
  std::atomic<std::uint32_t> sessions_{0};
  FigureRates rates_;  // of Observe
};

// What both statements and options say.
void CheckKafkaRun(const OptionValues& options, const RunWants& wants, Complaints* complaints) {
  std::map<std::string, kafka::Message> groups;
  for (const StatementSpec* const statement : wants.statements) {
    const ValueNode* const consume = statement->Find("consume");
    if (consume == nullptr) continue;
    if (options.Text("acks") == "0" && statement->Find("produce") != nullptr) {
      complaints->Add(consume->Head(),
                      "with acks: 0 nobody knows which messages have to come; say acks: 1 or acks: "
                      "all in driver");
    }
    ComplaintList told;  // when the statement was checked
    const kafka::Message message = kafka::ReadMessage(*statement, &told);
    if (!message.consume) continue;
    const auto [group, is_new] = groups.emplace(message.consume->group, message);
    if (is_new ||
        (group->second.topic == message.topic && group->second.consume == message.consume))
      continue;
    complaints->Add(
        consume->Head(),
        fmt::format("group {} is that of {}, with another topic or other words; give it "
                    "another name",
                    Quote(message.consume->group), group->second.statement));
  }
}

}  // namespace

extern const DriverInfo kKafkaDriver;
constinit const DriverInfo kKafkaDriver = {
    .name = "kafka",
    .about =
        "Kafka by librdkafka: messages to topics, and groups of consumers behind them or alone",
    .options = kKafkaOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<KafkaDriver>(options);
    },
    .language = {.verbs = false,
                 .words = kafka::kWords,
                 .verifies_reads = false,
                 .check = kafka::CheckMessage,
                 .check_run = CheckKafkaRun},
    .check_options = kafka::CheckOptions,
    .urls = kKafkaUrls,
};

}  // namespace mbench
