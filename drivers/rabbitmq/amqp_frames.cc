// SPDX-License-Identifier: Apache-2.0
#include "drivers/rabbitmq/amqp_frames.h"

#include <algorithm>

namespace mbench::amqp {
namespace {

constexpr char kFrameEnd = '\xce';
constexpr std::string_view kStampHeader = "mbench";
constexpr std::uint16_t kBasic = 60;  // class of messages

// Properties of a message, by their bits.
constexpr unsigned kContentType = 1 << 15, kContentEncoding = 1 << 14, kHeaders = 1 << 13,
                   kDeliveryMode = 1 << 12, kPriority = 1 << 11, kCorrelationId = 1 << 10,
                   kReplyTo = 1 << 9, kExpiration = 1 << 8, kMessageId = 1 << 7, kMoreFlags = 1;
constexpr unsigned char kTransient = 1, kPersistent = 2;  // delivery modes

// ---- writing ----

void AppendNumber(std::uint64_t number, std::size_t bytes, std::string* out) {
  while (bytes-- > 0) out->push_back(static_cast<char>(number >> (8 * bytes) & 0xff));
}
void AppendShort(std::string_view text, std::string* out) {
  AppendNumber(text.size(), 1, out);
  out->append(text);
}
void AppendLong(std::string_view text, std::string* out) {
  AppendNumber(text.size(), 4, out);
  out->append(text);
}

// A frame whose size is known when it ends.
class FrameWriter {
 public:
  FrameWriter(FrameType type, std::uint16_t channel, std::string* out) : out_(out) {
    AppendNumber(static_cast<unsigned>(type), 1, out);
    AppendNumber(channel, 2, out);
    size_at_ = out->size();
    AppendNumber(0, 4, out);
  }
  FrameWriter(Method method, std::uint16_t channel, std::string* out)
      : FrameWriter(FrameType::kMethod, channel, out) {
    AppendNumber(static_cast<std::uint32_t>(method), 4, out);
  }
  ~FrameWriter() {
    std::string size;
    AppendNumber(out_->size() - size_at_ - 4, 4, &size);
    out_->replace(size_at_, 4, size);
    out_->push_back(kFrameEnd);
  }
  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;

  void Number(std::uint64_t number, std::size_t bytes) { AppendNumber(number, bytes, out_); }
  void Short(std::string_view text) { AppendShort(text, out_); }
  void Long(std::string_view text) { AppendLong(text, out_); }

 private:
  std::string* const out_;
  std::size_t size_at_ = 0;
};

void AppendTextField(std::string_view name, std::string_view text, std::string* table) {
  AppendShort(name, table);
  table->push_back('S');
  AppendLong(text, table);
}

// ---- reading ----

// Skips the value of a field; its bytes, when it is a text or bytes.
std::string_view ReadField(Reader* reader, bool* known) {
  switch (reader->Number(1)) {
    case 't':
    case 'b':
    case 'B':
      reader->Bytes(1);
      return {};
    case 's':
    case 'u':
    case 'U':
      reader->Bytes(2);
      return {};
    case 'i':
    case 'I':
    case 'f':
      reader->Bytes(4);
      return {};
    case 'D':
      reader->Bytes(5);
      return {};
    case 'l':
    case 'L':
    case 'd':
    case 'T':
      reader->Bytes(8);
      return {};
    case 'A':
    case 'F':
      reader->Long();
      return {};
    case 'S':
    case 'x':
      return reader->Long();
    case 'V':
      return {};
    default:
      *known = false;
      return {};
  }
}

}  // namespace

std::uint64_t Reader::Number(std::size_t bytes) {
  std::uint64_t number = 0;
  for (const char byte : Bytes(bytes)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::string_view Reader::Bytes(std::uint64_t count) {
  if (count > rest_.size()) right_ = false;
  if (!right_) return {};
  const std::string_view bytes = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return bytes;
}

Front ReadFrame(std::string_view in, std::size_t largest, Frame* frame) {
  *frame = {};
  // A server that wants another version says so in the words of a client.
  const std::string_view head = in.substr(0, 4);
  if (!head.empty() && std::string_view("AMQP").starts_with(head))
    return head.size() == 4 ? Front::kOtherVersion : Front::kIncomplete;
  if (in.empty()) return Front::kIncomplete;
  frame->type = static_cast<FrameType>(in[0]);
  switch (frame->type) {
    case FrameType::kMethod:
    case FrameType::kHead:
    case FrameType::kBody:
    case FrameType::kHeartbeat:
      break;
    default:
      return Front::kNotAmqp;
  }
  if (in.size() < 7) return Front::kIncomplete;
  Reader reader(in.substr(1));
  frame->channel = static_cast<std::uint16_t>(reader.Number(2));
  const std::size_t size = reader.Number(4);
  if (size + kFrameOverhead > largest) return Front::kTooLarge;
  if (in.size() < size + kFrameOverhead) return Front::kIncomplete;
  frame->size = size + kFrameOverhead;
  frame->payload = in.substr(7, size);
  return in[7 + size] == kFrameEnd ? Front::kWhole : Front::kBadEnd;
}

std::string_view NameOf(Front front) {
  switch (front) {
    case Front::kOtherVersion:
      return "the server speaks another version of AMQP than 0-9-1";
    case Front::kTooLarge:
      return "a frame is larger than was agreed on";
    case Front::kBadEnd:
      return "a frame does not end as it has to";
    default:
      return "this is not AMQP";
  }
}

std::string_view TextIn(std::string_view table, std::string_view name, bool* right) {
  Reader reader(table);
  bool known = true;
  while (known && reader.right() && !reader.AtEnd()) {
    const std::string_view field = reader.Short();
    const std::string_view value = ReadField(&reader, &known);
    if (known && reader.right() && field == name) return value;
  }
  if (!known || !reader.right()) *right = false;
  return {};
}

bool ReadMethod(std::string_view payload, Method* method, std::string_view* arguments) {
  Reader reader(payload);
  *method = static_cast<Method>(reader.Number(4));
  if (!reader.right()) return false;
  *arguments = payload.substr(4);
  return true;
}

bool ReadStart(std::string_view arguments, Hello* hello) {
  Reader reader(arguments);
  reader.Number(2);  // of the protocol: 0-9, which is 0-9-1
  bool right = true;
  const std::string_view properties = reader.Long();
  hello->product = TextIn(properties, "product", &right);
  hello->version = TextIn(properties, "version", &right);
  std::string_view mechanisms = reader.Long();
  reader.Long();  // locales
  while (!mechanisms.empty()) {
    const std::string_view one = mechanisms.substr(0, mechanisms.find(' '));
    hello->takes_plain = hello->takes_plain || one == "PLAIN";
    mechanisms.remove_prefix(std::min(mechanisms.size(), one.size() + 1));
  }
  return right && reader.right();
}

bool ReadTune(std::string_view arguments, Tuning* tuning) {
  Reader reader(arguments);
  tuning->channels = static_cast<std::uint16_t>(reader.Number(2));
  tuning->frame = static_cast<std::uint32_t>(reader.Number(4));
  reader.Number(2);  // seconds between heartbeats
  return reader.right() && (tuning->frame == 0 || tuning->frame >= kSmallestFrame);
}

bool ReadClose(std::string_view arguments, Closing* closing) {
  Reader reader(arguments);
  closing->code = static_cast<std::uint16_t>(reader.Number(2));
  closing->text = reader.Short();
  return reader.right();
}

bool ReadConfirm(std::string_view arguments, Confirm* confirm) {
  Reader reader(arguments);
  confirm->tag = reader.Number(8);
  confirm->multiple = (reader.Number(1) & 1) != 0;
  return reader.right();
}

bool ReadDeliver(std::string_view arguments, Delivery* delivery) {
  Reader reader(arguments);
  reader.Short();  // which consumer
  delivery->tag = reader.Number(8);
  delivery->redelivered = (reader.Number(1) & 1) != 0;
  delivery->exchange = reader.Short();
  delivery->routing_key = reader.Short();
  return reader.right();
}

bool ReadReturn(std::string_view arguments, Closing* why) { return ReadClose(arguments, why); }

bool ReadDeclareOk(std::string_view arguments, QueueState* state) {
  Reader reader(arguments);
  reader.Short();
  state->ready = static_cast<std::uint32_t>(reader.Number(4));
  state->consumers = static_cast<std::uint32_t>(reader.Number(4));
  return reader.right();
}

bool ReadHead(std::string_view payload, Head* head) {
  Reader reader(payload);
  *head = {};
  if (reader.Number(2) != kBasic) return false;
  reader.Number(2);
  head->size = reader.Number(8);
  const std::uint64_t flags = reader.Number(2);
  for (std::uint64_t more = flags; (more & kMoreFlags) != 0 && reader.right();)
    more = reader.Number(2);
  bool right = true;
  if ((flags & kContentType) != 0) reader.Short();
  if ((flags & kContentEncoding) != 0) reader.Short();
  if ((flags & kHeaders) != 0) head->stamp = TextIn(reader.Long(), kStampHeader, &right);
  if ((flags & kDeliveryMode) != 0) reader.Number(1);
  if ((flags & kPriority) != 0) reader.Number(1);
  if ((flags & kCorrelationId) != 0) reader.Short();
  if ((flags & kReplyTo) != 0) reader.Short();
  if ((flags & kExpiration) != 0) reader.Short();
  if ((flags & kMessageId) != 0) head->message_id = reader.Short();
  return right && reader.right();
}

void AppendStartOk(const Login& login, std::string* out) {
  std::string capabilities, properties;
  for (const std::string_view one :
       {"authentication_failure_close", "basic.nack", "connection.blocked",
        "consumer_cancel_notify", "publisher_confirms"}) {
    AppendShort(one, &capabilities);
    capabilities += "t\1";
  }
  AppendTextField("product", "mbench", &properties);
  AppendShort("capabilities", &properties);
  properties.push_back('F');
  AppendLong(capabilities, &properties);
  std::string response;
  response.push_back('\0');
  response += login.user;
  response.push_back('\0');
  response += login.password;
  FrameWriter frame(Method::kStartOk, 0, out);
  frame.Long(properties);
  frame.Short("PLAIN");
  frame.Long(response);
  frame.Short("en_US");
}

void AppendTuneOk(const Tuning& tuning, std::string* out) {
  FrameWriter frame(Method::kTuneOk, 0, out);
  frame.Number(tuning.channels, 2);
  frame.Number(tuning.frame, 4);
  frame.Number(0, 2);
}

void AppendOpen(std::string_view vhost, std::string* out) {
  FrameWriter frame(Method::kOpen, 0, out);
  frame.Short(vhost);
  frame.Number(0, 2);
}

void AppendPlain(Method method, std::uint16_t channel, std::string* out) {
  FrameWriter frame(method, channel, out);
  if (method == Method::kChannelOpen || method == Method::kConfirmSelect) frame.Number(0, 1);
}

void AppendClose(std::string* out) {
  FrameWriter frame(Method::kClose, 0, out);
  frame.Number(200, 2);
  frame.Short("done");
  frame.Number(0, 4);
}

void AppendHeartbeat(std::string* out) { const FrameWriter frame(FrameType::kHeartbeat, 0, out); }

void AppendFlowOk(bool active, std::string* out) {
  FrameWriter frame(Method::kChannelFlowOk, kChannel, out);
  frame.Number(active ? 1 : 0, 1);
}

void AppendQueueDeclare(std::string_view queue, std::string_view type, bool passive,
                        std::string* out) {
  std::string arguments;
  if (!type.empty()) AppendTextField("x-queue-type", type, &arguments);
  FrameWriter frame(Method::kQueueDeclare, kChannel, out);
  frame.Number(0, 2);
  frame.Short(queue);
  frame.Number(passive ? 1 : 2, 1);  // passive, durable, exclusive, auto_delete, no_wait
  frame.Long(arguments);
}

void AppendExchangeDeclare(std::string_view exchange, std::string_view type, bool passive,
                           bool is_mark, std::string* out) {
  FrameWriter frame(Method::kExchangeDeclare, kChannel, out);
  frame.Number(0, 2);
  frame.Short(exchange);
  frame.Short(type);
  frame.Number(passive ? 1u : is_mark ? 2u | 4u | 8u : 2u, 1);  // passive, durable, auto, internal
  frame.Long("");
}

void AppendQueueBind(std::string_view queue, std::string_view exchange, std::string_view key,
                     std::string* out) {
  FrameWriter frame(Method::kQueueBind, kChannel, out);
  frame.Number(0, 2);
  frame.Short(queue);
  frame.Short(exchange);
  frame.Short(key);
  frame.Number(0, 1);
  frame.Long("");
}

void AppendQos(std::uint16_t prefetch, std::string* out) {
  FrameWriter frame(Method::kQos, kChannel, out);
  frame.Number(0, 4);
  frame.Number(prefetch, 2);
  frame.Number(0, 1);
}

void AppendConsume(std::string_view queue, bool no_ack, std::string* out) {
  FrameWriter frame(Method::kConsume, kChannel, out);
  frame.Number(0, 2);
  frame.Short(queue);
  frame.Short("");                  // the server gives it a name
  frame.Number(no_ack ? 2 : 0, 1);  // no_local, no_ack, exclusive, no_wait
  frame.Long("");
}

void AppendAck(std::uint64_t tag, std::string* out) {
  FrameWriter frame(Method::kAck, kChannel, out);
  frame.Number(tag, 8);
  frame.Number(1, 1);
}

void AppendPublish(const Publish& publish, std::size_t frame, std::string* out) {
  {
    FrameWriter method(Method::kPublish, kChannel, out);
    method.Number(0, 2);
    method.Short(publish.exchange);
    method.Short(publish.routing_key);
    method.Number(1, 1);  // mandatory
  }
  {
    FrameWriter head(FrameType::kHead, kChannel, out);
    head.Number(kBasic, 2);
    head.Number(0, 2);
    head.Number(publish.payload.size(), 8);
    head.Number((publish.stamp.empty() ? 0 : kHeaders) | kDeliveryMode | kMessageId, 2);
    if (!publish.stamp.empty()) {
      head.Number(1 + kStampHeader.size() + 1 + 4 + publish.stamp.size(), 4);
      head.Short(kStampHeader);
      head.Number('x', 1);
      head.Long(publish.stamp);
    }
    head.Number(publish.persistent ? kPersistent : kTransient, 1);
    head.Short(publish.message_id);
  }
  const std::size_t most = frame - kFrameOverhead;
  for (std::size_t at = 0; at < publish.payload.size(); at += most) {
    const std::string_view part = publish.payload.substr(at, most);
    AppendNumber(static_cast<unsigned>(FrameType::kBody), 1, out);
    AppendNumber(kChannel, 2, out);
    AppendLong(part, out);
    out->push_back(kFrameEnd);
  }
}

std::string_view WrongName(std::string_view name) {
  if (name.empty()) return "name is empty";
  if (name.size() > kLongestName) return "name longer than 255 bytes";
  return "";
}

}  // namespace mbench::amqp
