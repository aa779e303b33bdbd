// SPDX-License-Identifier: Apache-2.0
#include "drivers/kafka/kafka_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace mbench::kafka {
namespace {

constexpr std::size_t kLeastQueue = 100'000;  // messages; the default of librdkafka

// A class, with what to do where that is clear.
std::string ClassOf(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
      return "message too large (rdkafka.message.max.bytes, and max.message.bytes of the topic)";
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return "no such partition";
    default:
      return ErrorText(error);
  }
}

Outcome OutcomeOf(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return Outcome::kOk;
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
      return Outcome::kTimedOut;
    case RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED:
      return Outcome::kRejected;
    default:
      return Outcome::kFailed;
  }
}

}  // namespace

KafkaSession::KafkaSession(const SessionPlan& plan, Setup* setup, std::uint32_t number)
    : CallbackSession(plan),
      messages_(setup->messages[plan.phase]),
      statistics_(&setup->statistics),
      number_(number),
      unix_offset_ns_(UnixNs() - Clock::Now()) {}

Result<std::unique_ptr<KafkaSession>> KafkaSession::Start(const SessionPlan& plan,
                                                          Properties properties, Setup* setup,
                                                          std::uint32_t number) {
  std::unique_ptr<KafkaSession> session(new KafkaSession(plan, setup, number));
  if (std::ranges::none_of(session->messages_, &Message::Sends)) return session;
  if (Status made = session->MakeProducer(std::move(properties)); !made) return Failed(made);
  return session;
}

Status KafkaSession::MakeProducer(Properties properties) {
  properties["statistics.interval.ms"] = "1000";
  // Room for all that the run may have on its way.
  if (!properties.contains("queue.buffering.max.messages"))
    properties["queue.buffering.max.messages"] =
        fmt::format("{}", std::max<std::size_t>(kLeastQueue, Plan().connections));
  auto client =
      NewClient(RD_KAFKA_PRODUCER, properties,
                {.wanted = RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS});
  if (!client) return Failed(client);
  client_ = *std::move(client);
  queue_.reset(rd_kafka_queue_get_main(client_.get()));
  constexpr std::uint64_t kOne = 1;  // what an eventfd takes
  rd_kafka_queue_io_event_enable(queue_.get(), CallbackFd(), &kOne, sizeof(kOne));
  for (const Message& message : messages_) {
    topics_.emplace_back();
    if (!message.Sends()) continue;
    topics_.back().reset(rd_kafka_topic_new(client_.get(), message.topic.c_str(), nullptr));
    // So that its partitions are known before the first message comes.
    const rd_kafka_metadata_t* metadata = nullptr;
    if (rd_kafka_metadata(client_.get(), 0, topics_.back().get(), &metadata, 1000) ==
        RD_KAFKA_RESP_ERR_NO_ERROR)
      rd_kafka_metadata_destroy(metadata);
  }
  return {};
}

// What has not left is thrown away, and nobody waits for what has.
KafkaSession::~KafkaSession() {
  if (client_ == nullptr) return;
  rd_kafka_queue_io_event_enable(queue_.get(), -1, nullptr, 0);
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                                    RD_KAFKA_PURGE_F_NON_BLOCKING);
  topics_.clear();
  queue_.reset();
  statistics_->Forget(number_);
}

KafkaSession::Sent* KafkaSession::TakeSent() {
  if (free_.empty()) return &sent_.emplace_back();
  Sent* const sent = free_.back();
  free_.pop_back();
  return sent;
}

void KafkaSession::Render(const Message& message, const Op& op) {
  key_.clear();
  value_.clear();
  if (message.key) message.key->AppendTo(op.arguments, &key_);
  if (message.value) message.value->AppendTo(op.arguments, &value_);
}

bool KafkaSession::Start(const Op& op, CallbackToken token) {
  const Message& message = messages_[op.statement];
  if (message.polls != nullptr) return message.polls->Ask(callbacks(), token);
  Sent* const sent = TakeSent();
  *sent = {.token = token, .feed = message.feed};
  Render(message, op);
  sent->bytes = static_cast<std::uint32_t>(key_.size() + value_.size());
  if (sent->feed != nullptr) {
    const Ticks from = op.planned != 0 ? op.planned : Clock::Now();
    sent->number = sent->feed->ledger().Begin(op.statement, from);
  }
  const rd_kafka_resp_err_t error = Produce(op.statement, message, op, sent);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return true;
  if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
    if (sent->feed != nullptr) sent->feed->ledger().Abandon(sent->number);
    free_.push_back(sent);
    Serve();  // which makes room
    return false;
  }
  End(sent, error);
  return true;
}

rd_kafka_resp_err_t KafkaSession::Produce(std::size_t index, const Message& message, const Op& op,
                                          Sent* sent) {
  std::int32_t partition = RD_KAFKA_PARTITION_UA;
  if (message.partition) {
    std::string text;
    message.partition->AppendTo(op.arguments, &text);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), partition);
    if (error != std::errc() || end != text.data() + text.size() || partition < 0)
      return RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
  }
  if (sent->feed != nullptr || !message.headers.empty())
    return ProduceWithHeaders(index, message, op, partition, sent);
  const int produced = rd_kafka_produce(topics_[index].get(), partition, RD_KAFKA_MSG_F_COPY,
                                        message.value ? value_.data() : nullptr, value_.size(),
                                        message.key ? key_.data() : nullptr, key_.size(), sent);
  return produced == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error();
}

rd_kafka_resp_err_t KafkaSession::ProduceWithHeaders(std::size_t index, const Message& message,
                                                     const Op& op, std::int32_t partition,
                                                     Sent* sent) {
  rd_kafka_headers_t* const headers = rd_kafka_headers_new(message.headers.size() + 1);
  const auto add = [&](std::string_view name, std::string_view value) {
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
    sent->bytes += static_cast<std::uint32_t>(name.size() + value.size());
  };
  for (const MessageHeader& header : message.headers) {
    header_.clear();
    header.value.AppendTo(op.arguments, &header_);
    add(header.name, header_);
  }
  if (sent->feed != nullptr) {
    const Ticks planned = op.planned != 0 ? op.planned : Clock::Now();
    add(kStampName, PackStamp({.run = sent->feed->run(),
                               .number = sent->number,
                               .planned_ns = planned + unix_offset_ns_,
                               .producer = number_}));
  }
  std::array<rd_kafka_vu_t, 7> parts;
  parts[0].vtype = RD_KAFKA_VTYPE_RKT;
  parts[0].u.rkt = topics_[index].get();
  parts[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  parts[1].u.i32 = partition;
  parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[2].u.mem = {message.value ? value_.data() : nullptr, value_.size()};
  parts[3].vtype = RD_KAFKA_VTYPE_KEY;
  parts[3].u.mem = {message.key ? key_.data() : nullptr, key_.size()};
  parts[4].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[4].u.i = RD_KAFKA_MSG_F_COPY;
  parts[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  parts[5].u.ptr = sent;
  parts[6].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[6].u.headers = headers;
  const ErrorPtr error(rd_kafka_produceva(client_.get(), parts.data(), parts.size()));
  if (error == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_headers_destroy(headers);  // ours again
  return rd_kafka_error_code(error.get());
}

void KafkaSession::Pump(Ticks until) {
  if (Serve() || until <= Clock::Now()) return;
  AwaitCallback(until);
  Serve();
}

// Whether a message has ended.
bool KafkaSession::Serve() {
  if (queue_ == nullptr) return false;
  bool ended = false;
  while (const EventPtr event{rd_kafka_queue_poll(queue_.get(), 0)}) {
    switch (rd_kafka_event_type(event.get())) {
      case RD_KAFKA_EVENT_DR:
        while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event.get()))
          Delivered(*message);
        ended = true;
        break;
      case RD_KAFKA_EVENT_STATS:
        statistics_->Keep(number_, rd_kafka_event_stats(event.get()));
        break;
      case RD_KAFKA_EVENT_ERROR:
        last_fault_ = rd_kafka_event_error_string(event.get());
        break;
      default:
        break;
    }
  }
  return ended;
}

void KafkaSession::Delivered(const rd_kafka_message_t& message) {
  End(static_cast<Sent*>(message._private), message.err);
}

void KafkaSession::End(Sent* sent, rd_kafka_resp_err_t error) {
  CallbackResult result{.outcome = OutcomeOf(error), .bytes_sent = sent->bytes};
  std::string error_class;
  if (result.outcome == Outcome::kFailed || result.outcome == Outcome::kRejected) {
    error_class = ClassOf(error);
    last_fault_ = error_class;
    result.error = error_class;
  }
  // One that was told as timed out is not waited for, though it arrived.
  const bool in_time = callbacks().Finish(sent->token, result);
  if (sent->feed != nullptr) {
    if (in_time && error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      sent->feed->ledger().Acknowledge(sent->number, Clock::Now());
    } else {
      sent->feed->ledger().Abandon(sent->number);
    }
  }
  free_.push_back(sent);
}

}  // namespace mbench::kafka
