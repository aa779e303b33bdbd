// SPDX-License-Identifier: Apache-2.0
//
// librdkafka's things with owners, and clients made from the options of the driver.
//
// An option of the driver is a property of librdkafka by another name (linger: linger.ms), or goes
// through as it is: rdkafka.sasl.mechanism is sasl.mechanism.
#pragma once

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/deleter.h"
#include "harness/base/clock.h"
#include "harness/base/options.h"

namespace mbench::kafka {

using ConfPtr = std::unique_ptr<rd_kafka_conf_t, Deleter<rd_kafka_conf_destroy>>;
using ClientPtr = std::unique_ptr<rd_kafka_t, Deleter<rd_kafka_destroy>>;
using QueuePtr = std::unique_ptr<rd_kafka_queue_t, Deleter<rd_kafka_queue_destroy>>;
using TopicPtr = std::unique_ptr<rd_kafka_topic_t, Deleter<rd_kafka_topic_destroy>>;
using EventPtr = std::unique_ptr<rd_kafka_event_t, Deleter<rd_kafka_event_destroy>>;
using MessagePtr = std::unique_ptr<rd_kafka_message_t, Deleter<rd_kafka_message_destroy>>;
using ListPtr = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                Deleter<rd_kafka_topic_partition_list_destroy>>;
using ErrorPtr = std::unique_ptr<rd_kafka_error_t, Deleter<rd_kafka_error_destroy>>;

// Below this name are the properties of librdkafka.
inline constexpr std::string_view kOpenOption = "rdkafka.*";

// Name of a property -> its value.
using Properties = std::map<std::string, std::string>;

// What every client of a run has: where the brokers are, and what was passed through.
Properties CommonProperties(const OptionValues& options);
// And one that produces; a message that is not delivered within `timeout` is given up.
Properties ProducerProperties(const OptionValues& options, Ticks timeout);

// What is wrong with the options, in the words of librdkafka where it is the judge.
std::vector<OptionMistake> CheckOptions(const OptionValues& options);

// What a client tells of, beside its messages: RD_KAFKA_EVENT_DR and so on, as bits.
struct ClientEvents {
  int wanted = RD_KAFKA_EVENT_ERROR;
  void* opaque = nullptr;  // of `on_rebalance`
  void (*on_rebalance)(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*,
                       void* opaque) = nullptr;
};

// Fails with kUsage when the properties do not go together.
Result<ClientPtr> NewClient(rd_kafka_type_t type, const Properties& properties,
                            const ClientEvents& events = {});

// What librdkafka says of an error, without "Local: " and "Broker: " in front.
std::string ErrorText(rd_kafka_resp_err_t error);

inline int Milliseconds(Ticks time) { return static_cast<int>(time / kMillisecond); }

}  // namespace mbench::kafka
