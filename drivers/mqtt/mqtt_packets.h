// SPDX-License-Identifier: Apache-2.0
//
// The packets of MQTT 3.1.1 and 5 that a client sends and reads, as bytes. Knows no socket.
//
//   byte 0         type << 4 | flags
//   1 to 4 bytes   size of what follows, seven bits each, the lowest first
//   version 5      most packets have properties: their size, then id and value of each
//
// Format: OASIS, MQTT Version 3.1.1 and MQTT Version 5.0, section 2 and 3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mbench::mqtt {

enum class PacketType : std::uint8_t {
  kConnect = 1,
  kConnack = 2,
  kPublish = 3,
  kPuback = 4,
  kPubrec = 5,
  kPubrel = 6,
  kPubcomp = 7,
  kSubscribe = 8,
  kSuback = 9,
  kPingresp = 13,
  kDisconnect = 14,
};

enum class Version : std::uint8_t { k311 = 4, k5 = 5 };

inline constexpr std::size_t kLargest = 268'435'455;  // bytes behind the size of a packet

// The front of what has come.
struct Packet {
  PacketType type = PacketType::kConnect;
  std::uint8_t flags = 0;
  std::string_view body;
  std::size_t size = 0;  // with its head; 0: not known yet, nor is anything else of it
};
enum class Front { kWhole, kIncomplete, kMalformed };
Front ReadPacket(std::string_view in, Packet* packet);

struct Login {
  std::string client_id;
  std::string user, password;  // "": none
  bool clean = true;
  // Seconds that the broker keeps the session of a client that is not clean (version 5).
  std::uint32_t session_expiry_s = 0;
};
void AppendConnect(const Login& login, Version version, std::string* out);

struct Publish {
  std::string_view topic, payload;
  std::string_view correlation = {};  // a property of version 5; "": none
  std::uint16_t id = 0;               // 0: of qos 0
  std::uint8_t qos = 0;
  bool retain = false;
};
// Bytes behind the head of the packet.
std::size_t SizeOf(const Publish& publish, Version version);
// REQUIRES: SizeOf is kLargest at most, and the topic is a valid one.
void AppendPublish(const Publish& publish, Version version, std::string* out);
// False: it is malformed.
bool ReadPublish(const Packet& packet, Version version, Publish* publish);

void AppendSubscribe(std::uint16_t id, std::string_view filter, std::uint8_t qos, Version version,
                     std::string* out);
// PUBACK, PUBREC, PUBREL, PUBCOMP.
void AppendAck(PacketType type, std::uint16_t id, std::string* out);

// What answers a packet of ours: to which, and how it ended. From 128 on a reason is a failure.
struct Ack {
  std::uint16_t id = 0;  // of a connack, and a disconnect: 0
  std::uint8_t reason = 0;
  bool had_session = false;  // of a connack: the broker knew this client
};
// CONNACK, SUBACK, DISCONNECT, and those of AppendAck. False: it is malformed.
bool ReadAck(const Packet& packet, Version version, Ack* ack);

// A reason of a failure in words: "not authorized". Those of a connack of 3.1.1 have numbers of
// their own, which ReadAck has made those of version 5.
std::string ReasonName(std::uint8_t reason);

// Why nothing can be sent to a topic, or "" when it can; the same of a filter.
std::string_view WrongTopic(std::string_view topic);
std::string_view WrongFilter(std::string_view filter);

}  // namespace mbench::mqtt
