// SPDX-License-Identifier: Apache-2.0
//
// JetStream, the part of NATS that keeps messages: what it answers, and what is asked of it around
// a run. Its API is requests in JSON to subjects below $JS.API.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "drivers/nats/nats_session.h"
#include "harness/base/result.h"

namespace mbench::nats {

// The description of streams and consumers that we made: only what bears it is changed or deleted.
inline constexpr std::string_view kMark = "made by mbench";

// What became of a message that was sent to a stream.
struct PublishAck {
  bool duplicate = false;  // the stream had one with its Nats-Msg-Id, and keeps no second
  std::string error = {};  // class; "": the stream has it
  bool rejected = false;   // error: the server is overloaded
};
PublishAck ReadPublishAck(std::string_view json);

// What the subject says to which a delivered message is acknowledged.
struct Delivery {
  std::uint64_t delivered = 1;  // how often, this time counted
  std::uint64_t pending = 0;    // messages of the consumer behind it
};
// nullopt: it is none.
std::optional<Delivery> ReadDelivery(std::string_view ack_subject);

// How far a consumer is.
struct ConsumerState {
  std::int64_t pending = 0;  // not delivered yet
  std::int64_t unacked = 0;  // delivered, and not acknowledged
};

struct ConsumerSpec {
  std::string stream, name, filter;
  std::string deliver;          // the subject that its messages are sent to; "": they are pulled
  bool from_beginning = false;  // of the stream; else with what is sent from now on
  Ticks ack_wait = 30 * kSecond;
};

// Asks over a connection of its own. All block, and fail with kUnreachable when there is no answer,
// with kUsage otherwise. Thread: one at a time.
class JetStream {
 public:
  // `timeout`: of the ops of the session.
  JetStream(std::unique_ptr<NatsSession> session, Ticks timeout)
      : session_(std::move(session)), timeout_(timeout) {}

  // Makes the stream when it is not there; one that bears our mark gets the subjects it lacks, any
  // other has to have them.
  Status NeedStream(const Stream& stream, std::span<const std::string> subjects);
  // How it is kept, for people.
  Result<std::string> Describe(const std::string& stream);
  // How many messages there are for the consumer that was made. One of that name that bears our
  // mark is made anew; any other is left alone, and an error.
  Result<std::uint64_t> MakeConsumer(const ConsumerSpec& spec);
  Status DeleteConsumer(const std::string& stream, const std::string& name);
  Result<ConsumerState> LookAt(const std::string& stream, const std::string& name);

 private:
  struct Reply;
  Result<Reply> Ask(const std::string& subject, const std::string& request = "");
  Status AddSubjects(const Stream& stream, std::span<const std::string> subjects, Reply* found);

  const std::unique_ptr<NatsSession> session_;
  const Ticks timeout_;
};

}  // namespace mbench::nats
