// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/kafka/rig.h"

#include <unistd.h>

#include <atomic>

namespace mbench::testing {

MockCluster::MockCluster(int brokers)
    : client_(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), nullptr, 0)),
      cluster_(rd_kafka_mock_cluster_new(client_, brokers)) {}

MockCluster::~MockCluster() {
  rd_kafka_mock_cluster_destroy(cluster_);
  rd_kafka_destroy(client_);
}

void MockCluster::MakeTopic(const std::string& name, int partitions) {
  EXPECT_EQ(rd_kafka_mock_topic_create(cluster_, name.c_str(), partitions, 1),
            RD_KAFKA_RESP_ERR_NO_ERROR);
}

void MockCluster::Fail(const std::vector<rd_kafka_resp_err_t>& errors) {
  constexpr std::int16_t kProduce = 0;  // of the protocol
  rd_kafka_mock_push_request_errors_array(cluster_, kProduce, errors.size(), errors.data());
}

void MockCluster::SetRoundTrip(int milliseconds) {
  rd_kafka_mock_broker_set_rtt(cluster_, 1, milliseconds);
}

void MockCluster::SetUp(bool up) {
  (up ? rd_kafka_mock_broker_set_up : rd_kafka_mock_broker_set_down)(cluster_, 1);
}

KafkaRig::KafkaRig(const std::string& brokers, Options options) {
  options["brokers"] = brokers;
  driver_ = MakeDriver("kafka", options);
}

std::string KafkaRig::Keep(const Error& error) {
  kind = error.kind;
  return error.message;
}

std::string KafkaRig::Open() {
  const auto facts = driver_->Open();
  if (!facts) return Keep(facts.error());
  facts_ = *facts;
  return "";
}

std::string KafkaRig::Prepare(std::vector<StatementSpec> statements) {
  StatementSet set;
  set[SessionPhase::kRun] = std::move(statements);
  const Status prepared = driver_->Preparer()->Prepare(std::move(set));
  return prepared ? "" : Keep(prepared.error());
}

std::unique_ptr<Session> KafkaRig::NewSession(const SessionPlan& plan) {
  auto session = driver_->NewSession(plan);
  EXPECT_TRUE(session) << session.error().message;
  return session ? std::move(*session) : nullptr;
}

std::unique_ptr<Session> KafkaRig::Start(std::vector<StatementSpec> statements,
                                         const SessionPlan& plan) {
  const std::string opened = Open();
  EXPECT_EQ(opened, "");
  if (!opened.empty()) return nullptr;
  const std::string prepared = Prepare(std::move(statements));
  EXPECT_EQ(prepared, "");
  return prepared.empty() ? NewSession(plan) : nullptr;
}

StatementSpec Produce(const std::string& topic, std::map<std::string, std::string> more,
                      std::vector<std::string> arguments) {
  more["produce"] = topic;
  return {.name = "order", .weight = 1, .body = BodyOf(more), .arguments = std::move(arguments)};
}

Op MessageOp(std::uint16_t statement, std::uint32_t slot,
             std::span<const std::string_view> arguments) {
  return {.kind = OpKind::kStatement, .statement = statement, .slot = slot, .arguments = arguments};
}

std::vector<Op> MessageOps(std::size_t count) {
  std::vector<Op> ops;
  for (std::size_t i = 0; i < count; ++i)
    ops.push_back(MessageOp(0, static_cast<std::uint32_t>(1000 + 7 * i)));
  return ops;
}

std::string OwnName(std::string_view what) {
  static std::atomic<int> number{0};
  return fmt::format("{}_{}_{}", what, getpid(), ++number);
}

}  // namespace mbench::testing
