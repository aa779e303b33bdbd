// SPDX-License-Identifier: Apache-2.0
//
// The frames and methods of AMQP 0-9-1 that a client sends and reads, as bytes. Knows no socket.
//
//   byte 0          type: method, head of a message, its body, heartbeat
//   bytes 1 to 2    channel; 0: the connection itself
//   bytes 3 to 6    size of what follows
//   ...             payload; of a method: class, number, arguments
//   0xce            the end
//
// A message is a method (publish, deliver, return), a head with its size and properties, and as
// many bodies as that takes.
//
// Format: AMQP 0-9-1, the specification and its grammar; confirms, nack and blocked are extensions
// of RabbitMQ.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mbench::amqp {

// What a client says first.
inline constexpr std::string_view kProtocolHeader{"AMQP\0\0\x09\x01", 8};
inline constexpr std::uint16_t kChannel = 1;  // the only one of a connection
inline constexpr std::size_t kFrameOverhead = 8;
inline constexpr std::size_t kLargestFrame = 131'072;  // whole; what RabbitMQ offers
inline constexpr std::size_t kSmallestFrame = 4096;    // that may be agreed on
inline constexpr std::size_t kLargestMessage = 536'870'912;
inline constexpr std::size_t kLongestName = 255;  // of a queue, an exchange, a routing key

enum class FrameType : std::uint8_t { kMethod = 1, kHead = 2, kBody = 3, kHeartbeat = 8 };

// Class << 16 | number.
enum class Method : std::uint32_t {
  kStart = 10 << 16 | 10,
  kStartOk = 10 << 16 | 11,
  kSecure = 10 << 16 | 20,
  kTune = 10 << 16 | 30,
  kTuneOk = 10 << 16 | 31,
  kOpen = 10 << 16 | 40,
  kOpenOk = 10 << 16 | 41,
  kClose = 10 << 16 | 50,
  kCloseOk = 10 << 16 | 51,
  kBlocked = 10 << 16 | 60,
  kUnblocked = 10 << 16 | 61,
  kChannelOpen = 20 << 16 | 10,
  kChannelOpenOk = 20 << 16 | 11,
  kChannelFlow = 20 << 16 | 20,
  kChannelFlowOk = 20 << 16 | 21,
  kChannelClose = 20 << 16 | 40,
  kChannelCloseOk = 20 << 16 | 41,
  kExchangeDeclare = 40 << 16 | 10,
  kExchangeDeclareOk = 40 << 16 | 11,
  kQueueDeclare = 50 << 16 | 10,
  kQueueDeclareOk = 50 << 16 | 11,
  kQueueBind = 50 << 16 | 20,
  kQueueBindOk = 50 << 16 | 21,
  kQos = 60 << 16 | 10,
  kQosOk = 60 << 16 | 11,
  kConsume = 60 << 16 | 20,
  kConsumeOk = 60 << 16 | 21,
  kCancel = 60 << 16 | 30,
  kPublish = 60 << 16 | 40,
  kReturn = 60 << 16 | 50,
  kDeliver = 60 << 16 | 60,
  kAck = 60 << 16 | 80,
  kNack = 60 << 16 | 120,
  kConfirmSelect = 85 << 16 | 10,
  kConfirmSelectOk = 85 << 16 | 11,
};

// ---- reading ----

struct Frame {
  FrameType type = FrameType::kMethod;
  std::uint16_t channel = 0;
  std::string_view payload;
  std::size_t size = 0;  // with all around it
};
enum class Front { kWhole, kIncomplete, kNotAmqp, kOtherVersion, kTooLarge, kBadEnd };
// The front of what has come. `largest`: of a whole frame.
Front ReadFrame(std::string_view in, std::size_t largest, Frame* frame);
// Of one that is neither whole nor incomplete, as a class of errors.
std::string_view NameOf(Front front);

// From the front of bytes; once something is missing, all else is.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t Number(std::size_t bytes);
  std::string_view Bytes(std::uint64_t count);
  std::string_view Short() { return Bytes(Number(1)); }
  std::string_view Long() { return Bytes(Number(4)); }
  bool AtEnd() const { return rest_.empty(); }
  bool right() const { return right_; }

 private:
  std::string_view rest_;
  bool right_ = true;
};

// Of a table, what is a text or bytes; "": it is not there, or something else. False in `right`:
// the table is malformed before it.
std::string_view TextIn(std::string_view table, std::string_view name, bool* right);

// The methods below are read from the arguments, which stand behind the number of the method. False
// (all Read functions): it is malformed.
bool ReadMethod(std::string_view payload, Method* method, std::string_view* arguments);

struct Hello {
  std::string_view product, version;  // of the server; "": it does not say
  bool takes_plain = false;           // a user with a password
};
bool ReadStart(std::string_view arguments, Hello* hello);

struct Tuning {
  std::uint16_t channels = 0;  // at most; 0: any number
  std::uint32_t frame = 0;     // bytes of a whole one; 0: any number
};
bool ReadTune(std::string_view arguments, Tuning* tuning);

// Of a channel and of a connection.
struct Closing {
  std::uint16_t code = 0;
  std::string_view text;
};
bool ReadClose(std::string_view arguments, Closing* closing);

// Ack and nack of the server.
struct Confirm {
  std::uint64_t tag = 0;
  bool multiple = false;  // this one, and all before it
};
bool ReadConfirm(std::string_view arguments, Confirm* confirm);

struct Delivery {
  std::uint64_t tag = 0;
  bool redelivered = false;
  std::string_view exchange, routing_key;
};
bool ReadDeliver(std::string_view arguments, Delivery* delivery);

// Why a message came back; which one, its head says.
bool ReadReturn(std::string_view arguments, Closing* why);

struct QueueState {
  std::uint32_t ready = 0, consumers = 0;
};
bool ReadDeclareOk(std::string_view arguments, QueueState* state);

// The head of a message.
struct Head {
  std::uint64_t size = 0;       // of its body
  std::string_view message_id;  // "": none
  std::string_view stamp;       // the header `mbench`; "": none
};
bool ReadHead(std::string_view payload, Head* head);

// ---- writing: each appends whole frames ----

struct Login {
  std::string user, password, vhost;
};
void AppendStartOk(const Login& login, std::string* out);
void AppendTuneOk(const Tuning& tuning, std::string* out);  // no heartbeats are asked for
void AppendOpen(std::string_view vhost, std::string* out);
// Without arguments, or with none but zeros.
void AppendPlain(Method method, std::uint16_t channel, std::string* out);
void AppendClose(std::string* out);
void AppendHeartbeat(std::string* out);
void AppendFlowOk(bool active, std::string* out);

// `type`: of a queue ("quorum"), "": nothing is said. Durable.
// REQUIRES, here and below: names are kLongestName at most.
void AppendQueueDeclare(std::string_view queue, std::string_view type, bool passive,
                        std::string* out);
// Durable. `is_mark`: it goes with the last of its queues, and nobody may send to it.
void AppendExchangeDeclare(std::string_view exchange, std::string_view type, bool passive,
                           bool is_mark, std::string* out);
void AppendQueueBind(std::string_view queue, std::string_view exchange, std::string_view key,
                     std::string* out);
void AppendQos(std::uint16_t prefetch, std::string* out);
void AppendConsume(std::string_view queue, bool no_ack, std::string* out);
void AppendAck(std::uint64_t tag, std::string* out);  // and all before it

struct Publish {
  std::string_view exchange, routing_key;
  std::string_view payload;
  std::string_view message_id = {};
  std::string_view stamp = {};  // "": none
  bool persistent = true;
};
// Mandatory: one that goes to no queue comes back. `frame`: the largest whole one.
void AppendPublish(const Publish& publish, std::size_t frame, std::string* out);

// Why a name cannot be one, or "" when it can.
std::string_view WrongName(std::string_view name);

}  // namespace mbench::amqp
