// SPDX-License-Identifier: Apache-2.0
//
// MQTT clients of one worker: each is a connection with a session of its own at the broker.
//
//     CONNECT -> <- CONNACK   SUBSCRIBE -> <- SUBACK      (one that receives)
//
//     qos 0   PUBLISH ->                                    ends when it has left for the socket
//     qos 1   PUBLISH -> <- PUBACK                          ends with the PUBACK
//     qos 2   PUBLISH -> <- PUBREC  PUBREL -> <- PUBCOMP    ends with the PUBCOMP
//
// Packets have numbers, so a late answer is told from the one that is waited for: a message that
// runs out of time does not end its connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "drivers/common/byte_line.h"
#include "drivers/common/message_feed.h"
#include "drivers/mqtt/mqtt_packets.h"
#include "drivers/mqtt/mqtt_statement.h"
#include "drivers/statement_set.h"

namespace mbench::mqtt {

// What all clients of a run share; stays as it is while they are there.
struct Setup {
  Version version = Version::k5;
  Login login;           // client_id: what those of all clients begin with
  bool own_ids = false;  // a number of the run is in them, so that no other run has the same
  std::uint64_t run = 0;
  ByPhase<std::vector<Message>> messages;
  std::atomic<std::uint32_t> clients{0};  // made so far
};

// What the clients of a session receive.
struct Subscription {
  std::string filter;  // with $share/GROUP/ in front, of a group
  std::uint8_t qos = 0;
  bool shared = false;  // with other clients, so that nothing comes in an order
  MessageFeed* feed = nullptr;
};

class MqttLine final : public ByteLine {
 public:
  MqttLine(class MqttSession* session, std::size_t group, std::uint32_t number);

 private:
  enum class Stage : std::uint8_t { kConnect, kSubscribe, kOpen };

  void OnReady(std::uint32_t events) override;
  void OnOpen() override;
  std::size_t OnBytes(std::string_view in, bool at_end) override;
  void Send(Call* call) override;
  void Flush() override;
  bool Abandon(Call* call) override;
  void Disconnect() override;

  void Take(const Packet& packet);
  void TakeHello(const Packet& packet);
  void TakeAnswer(const Packet& packet);
  void TakePublish(const Packet& packet);
  void See(const Publish& publish, Ticks now);
  void Answered(Call* call, std::uint8_t reason, Ticks now);
  void FinishSent();
  Call* Find(std::uint16_t id) const;
  std::uint16_t NextId();
  bool IsPlausible(const Packet& packet) const;
  void Malformed();

  MqttSession* const owner_;
  const std::uint32_t number_;
  Stage stage_ = Stage::kConnect;
  std::uint16_t last_id_ = 0;
  std::size_t alone_ = 0;                  // calls that nobody answers, which have not ended yet
  std::set<std::uint16_t> half_received_;  // of qos 2: seen, and may come again
};

class MqttSession final : public ByteSession {
 public:
  // `setup` outlives it. `subscription`: nullptr: it sends; else it receives.
  MqttSession(const SessionPlan& plan, std::uint32_t depth, std::shared_ptr<TlsContext> tls,
              Setup* setup, const Subscription* subscription = nullptr);

  std::string LastMessage() const override { return last_message_; }

 private:
  friend class MqttLine;
  std::unique_ptr<Line> NewLine(std::size_t group) override;
  std::uint16_t Refuse(const Op& op) override;

  Setup* const setup_;
  const Subscription* const subscription_;
  const std::vector<Message>& messages_;
  const std::int64_t unix_offset_ns_;  // of ticks
  std::string topic_, payload_;        // of the message at hand
  std::string last_message_;
};

}  // namespace mbench::mqtt
