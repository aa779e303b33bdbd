// SPDX-License-Identifier: Apache-2.0
//
// What tests of the kafka driver share: an opened driver, and a cluster of librdkafka's own that
// fails as it is told.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <memory>
#include <string>
#include <vector>

#include "drivers/observer.h"
#include "drivers/watcher.h"
#include "tests/body_of.h"
#include "tests/drivers/answers.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

// Brokers in threads of this process. Topics are made when somebody asks for them.
class MockCluster {
 public:
  explicit MockCluster(int brokers = 1);
  ~MockCluster();
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  std::string Brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void MakeTopic(const std::string& name, int partitions = 1);
  // The next messages end so, one after another.
  void Fail(const std::vector<rd_kafka_resp_err_t>& errors);
  void SetRoundTrip(int milliseconds);
  void SetUp(bool up);

 private:
  rd_kafka_t* client_;
  rd_kafka_mock_cluster_t* cluster_;
};

class KafkaRig {
 public:
  explicit KafkaRig(const std::string& brokers, Options options = {});

  // "", or the message of what failed; its kind is in `kind`.
  std::string Open();
  std::string Prepare(std::vector<StatementSpec> statements);
  std::unique_ptr<Session> NewSession(const SessionPlan& plan = {.timeout = 10 * kSecond});
  // Opened, with these statements, and a session.
  std::unique_ptr<Session> Start(std::vector<StatementSpec> statements,
                                 const SessionPlan& plan = {.timeout = 10 * kSecond});
  Driver& driver() { return *driver_; }
  const DriverFacts& facts() const { return facts_; }
  ErrorKind kind = ErrorKind::kInvalid;

 private:
  std::string Keep(const Error& error);

  std::unique_ptr<Driver> driver_;
  DriverFacts facts_;
};

// A statement that sends to a topic, with what else it says.
StatementSpec Produce(const std::string& topic, std::map<std::string, std::string> more = {},
                      std::vector<std::string> arguments = {});
Op MessageOp(std::uint16_t statement = 0, std::uint32_t slot = 0,
             std::span<const std::string_view> arguments = {});
std::vector<Op> MessageOps(std::size_t count);

// A name that no other test has.
std::string OwnName(std::string_view what);

}  // namespace mbench::testing
