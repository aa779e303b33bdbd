// SPDX-License-Identifier: Apache-2.0
//
// What is asked of a cluster around a run: whether it is there, which topics it has.
#pragma once

#include <map>
#include <string>

#include "drivers/kafka/kafka_client.h"
#include "harness/base/result.h"

namespace mbench::kafka {

struct ClusterFacts {
  int brokers = 0;
  std::map<std::string, int> topics;  // those that we may see, with their partitions
};

class Cluster {
 public:
  // Fails with kUsage when the options do not go together. Reaches for nobody yet.
  static Result<Cluster> Make(const OptionValues& options, Ticks timeout);

  // Fails with kUnreachable, saying why and what to do. Blocks for the time-out at most, and less
  // when all brokers refuse.
  Result<ClusterFacts> Ask();

  // Makes topics that are not there. Fails with kUsage when that is not allowed.
  Status MakeTopic(const std::string& name, int partitions, int replication);

  const std::string& brokers() const { return brokers_; }

 private:
  Cluster(ClientPtr client, std::string brokers, Ticks timeout)
      : client_(std::move(client)), brokers_(std::move(brokers)), timeout_(timeout) {}
  bool TakeFaults();

  ClientPtr client_;
  std::string brokers_;
  Ticks timeout_;
  std::string fault_;  // the last thing that kept us from the brokers
};

// What keeps a client from its brokers, in a line for people, from what librdkafka says.
std::string ExplainFault(const std::string& fault);

}  // namespace mbench::kafka
