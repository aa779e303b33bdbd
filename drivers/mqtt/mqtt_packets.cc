// SPDX-License-Identifier: Apache-2.0
#include "drivers/mqtt/mqtt_packets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mbench::mqtt {
namespace {

constexpr std::uint8_t kSessionExpiry = 0x11, kCorrelation = 0x09;  // properties
constexpr std::size_t kLongestText = 65'535;

// ---- writing ----

void AppendTwo(std::size_t number, std::string* out) {
  out->push_back(static_cast<char>(number >> 8 & 0xff));
  out->push_back(static_cast<char>(number & 0xff));
}

void AppendText(std::string_view text, std::string* out) {
  AppendTwo(text.size(), out);
  out->append(text);
}

void AppendSize(std::size_t size, std::string* out) {
  do {
    const std::size_t more = size >> 7;
    out->push_back(static_cast<char>((size & 0x7f) | (more != 0 ? 0x80 : 0)));
    size = more;
  } while (size != 0);
}

void AppendHead(PacketType type, std::uint8_t flags, std::size_t size, std::string* out) {
  out->push_back(static_cast<char>(static_cast<unsigned>(type) << 4 | flags));
  AppendSize(size, out);
}

std::size_t PropertiesOf(const Publish& publish) {
  return publish.correlation.empty() ? 0 : 3 + publish.correlation.size();
}

// ---- reading ----

// From the front of a text; once something is missing, all else is.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::size_t Number(std::size_t bytes) {
    std::size_t number = 0;
    for (const char byte : Bytes(bytes)) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
  }
  std::string_view Text() { return Bytes(Number(2)); }
  std::size_t Size() {
    std::size_t size = 0;
    for (int shift = 0; shift <= 21; shift += 7) {
      const std::size_t byte = Number(1);
      size |= (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return size;
    }
    right_ = false;
    return 0;
  }
  std::string_view Bytes(std::size_t count) {
    if (count > rest_.size()) right_ = false;
    if (!right_) return {};
    const std::string_view bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }
  std::string_view Rest() const { return rest_; }
  bool AtEnd() const { return rest_.empty(); }
  bool right() const { return right_; }

 private:
  std::string_view rest_;
  bool right_ = true;
};

// Skips one; its value, when it is bytes or a text.
std::string_view ReadProperty(Reader* reader, std::uint8_t id, bool* known) {
  switch (id) {
    case 0x01:
    case 0x17:
    case 0x19:
    case 0x24:
    case 0x25:
    case 0x28:
    case 0x29:
    case 0x2a:
      reader->Bytes(1);
      return {};
    case 0x13:
    case 0x21:
    case 0x22:
    case 0x23:
      reader->Bytes(2);
      return {};
    case 0x02:
    case 0x11:
    case 0x18:
    case 0x27:
      reader->Bytes(4);
      return {};
    case 0x0b:
      reader->Size();
      return {};
    case 0x26:
      reader->Text();
      return reader->Text();
    case 0x03:
    case 0x08:
    case 0x09:
    case 0x12:
    case 0x15:
    case 0x16:
    case 0x1a:
    case 0x1c:
    case 0x1f:
      return reader->Text();
    default:
      *known = false;
      return {};
  }
}

// False: they are malformed.
bool ReadProperties(Reader* reader, std::string_view* correlation) {
  Reader properties(reader->Bytes(reader->Size()));
  if (!reader->right()) return false;
  bool known = true;
  while (known && properties.right() && !properties.AtEnd()) {
    const auto id = static_cast<std::uint8_t>(properties.Number(1));
    const std::string_view value = ReadProperty(&properties, id, &known);
    if (id == kCorrelation && correlation != nullptr) *correlation = value;
  }
  return known && properties.right();
}

// The return codes of a connack of 3.1.1, in the numbers of version 5.
std::uint8_t ReasonOf311(std::size_t code) {
  constexpr std::array<std::uint8_t, 6> kReasons = {0, 0x84, 0x85, 0x88, 0x86, 0x87};
  return code < kReasons.size() ? kReasons[code] : std::uint8_t{0x80};
}

}  // namespace

Front ReadPacket(std::string_view in, Packet* packet) {
  std::size_t size = 0, head = 1;
  *packet = {};
  for (int shift = 0;; shift += 7, ++head) {
    if (shift > 21) return Front::kMalformed;
    if (head >= in.size()) return Front::kIncomplete;
    const auto byte = static_cast<unsigned char>(in[head]);
    size |= std::size_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) break;
  }
  ++head;
  const auto first = static_cast<unsigned char>(in[0]);
  *packet = {.type = static_cast<PacketType>(first >> 4),
             .flags = static_cast<std::uint8_t>(first & 0x0f),
             .size = head + size};
  if (in.size() < packet->size) return Front::kIncomplete;
  packet->body = in.substr(head, size);
  return Front::kWhole;
}

void AppendConnect(const Login& login, Version version, std::string* out) {
  const bool expires = version == Version::k5 && login.session_expiry_s != 0;
  std::string body;
  AppendText("MQTT", &body);
  body.push_back(static_cast<char>(version));
  body.push_back(static_cast<char>((login.clean ? 0x02 : 0) | (login.user.empty() ? 0 : 0x80) |
                                   (login.password.empty() ? 0 : 0x40)));
  AppendTwo(0, &body);  // no keep alive: who is silent stays
  if (version == Version::k5) {
    AppendSize(expires ? 5 : 0, &body);
    if (expires) {
      body.push_back(static_cast<char>(kSessionExpiry));
      AppendTwo(login.session_expiry_s >> 16, &body);
      AppendTwo(login.session_expiry_s & 0xffff, &body);
    }
  }
  AppendText(login.client_id, &body);
  if (!login.user.empty()) AppendText(login.user, &body);
  if (!login.password.empty()) AppendText(login.password, &body);
  AppendHead(PacketType::kConnect, 0, body.size(), out);
  out->append(body);
}

std::size_t SizeOf(const Publish& publish, Version version) {
  std::size_t size = 2 + publish.topic.size() + publish.payload.size() + (publish.qos > 0 ? 2 : 0);
  if (version == Version::k5) {
    const std::size_t properties = PropertiesOf(publish);
    size += properties + (properties < 128 ? 1 : 2);
  }
  return size;
}

void AppendPublish(const Publish& publish, Version version, std::string* out) {
  const auto flags = static_cast<std::uint8_t>(publish.qos << 1 | (publish.retain ? 1 : 0));
  AppendHead(PacketType::kPublish, flags, SizeOf(publish, version), out);
  AppendText(publish.topic, out);
  if (publish.qos > 0) AppendTwo(publish.id, out);
  if (version == Version::k5) {
    AppendSize(PropertiesOf(publish), out);
    if (!publish.correlation.empty()) {
      out->push_back(static_cast<char>(kCorrelation));
      AppendText(publish.correlation, out);
    }
  }
  out->append(publish.payload);
}

bool ReadPublish(const Packet& packet, Version version, Publish* publish) {
  Reader reader(packet.body);
  *publish = {.qos = static_cast<std::uint8_t>(packet.flags >> 1 & 3),
              .retain = (packet.flags & 1) != 0};
  publish->topic = reader.Text();
  if (publish->qos > 0) publish->id = static_cast<std::uint16_t>(reader.Number(2));
  if (version == Version::k5 && !ReadProperties(&reader, &publish->correlation)) return false;
  publish->payload = reader.Rest();
  return reader.right() && publish->qos < 3 && (publish->qos == 0 || publish->id != 0);
}

void AppendSubscribe(std::uint16_t id, std::string_view filter, std::uint8_t qos, Version version,
                     std::string* out) {
  const std::size_t properties = version == Version::k5 ? 1 : 0;
  AppendHead(PacketType::kSubscribe, 2, 2 + properties + 2 + filter.size() + 1, out);
  AppendTwo(id, out);
  if (properties != 0) AppendSize(0, out);
  AppendText(filter, out);
  out->push_back(static_cast<char>(qos));
}

void AppendAck(PacketType type, std::uint16_t id, std::string* out) {
  AppendHead(type, type == PacketType::kPubrel ? 2 : 0, 2, out);
  AppendTwo(id, out);
}

bool ReadAck(const Packet& packet, Version version, Ack* ack) {
  Reader reader(packet.body);
  *ack = {};
  if (packet.type == PacketType::kConnack) {
    ack->had_session = (reader.Number(1) & 1) != 0;
    const std::size_t code = reader.Number(1);
    // An older broker answers a newer client in its own way.
    const bool is_5 = version == Version::k5 && code >= 0x80;
    ack->reason = is_5 ? static_cast<std::uint8_t>(code) : ReasonOf311(code);
    return reader.right();
  }
  if (packet.type != PacketType::kDisconnect)
    ack->id = static_cast<std::uint16_t>(reader.Number(2));
  if (!reader.right()) return false;
  if (packet.type == PacketType::kSuback) {
    if (version == Version::k5 && !ReadProperties(&reader, nullptr)) return false;
    ack->reason = static_cast<std::uint8_t>(reader.Number(1));
    return reader.right();
  }
  // Where all is well the reason may be left out.
  if (!reader.AtEnd()) ack->reason = static_cast<std::uint8_t>(reader.Number(1));
  return true;
}

std::string ReasonName(std::uint8_t reason) {
  constexpr auto kNames = std::to_array<std::pair<std::uint8_t, std::string_view>>({
      {0x80, "unspecified error"},
      {0x81, "malformed packet"},
      {0x82, "protocol error"},
      {0x83, "refused by the broker"},
      {0x84, "the broker does not speak this version of MQTT (version)"},
      {0x85, "client id not valid"},
      {0x86, "wrong user or password"},
      {0x87, "not authorized"},
      {0x88, "server unavailable"},
      {0x89, "server busy"},
      {0x8a, "banned"},
      {0x8b, "server shutting down"},
      {0x8d, "keep alive timeout"},
      {0x8e, "another client came with the same client id"},
      {0x8f, "topic filter not valid"},
      {0x90, "topic name not valid"},
      {0x93, "too many messages in flight (pipeline)"},
      {0x95, "message too large for the broker (message_size_limit, max_packet_size)"},
      {0x96, "message rate too high"},
      {0x97, "quota exceeded"},
      {0x98, "closed by an operator"},
      {0x99, "payload format not valid"},
      {0x9a, "the broker keeps no retained messages (retain)"},
      {0x9b, "the broker does not have this quality of service (qos)"},
      {0x9e, "the broker has no shared subscriptions (group)"},
      {0x9f, "connection rate exceeded"},
      {0xa2, "the broker has no wildcards (filter)"},
  });
  const auto found =
      std::ranges::find(kNames, reason, &std::pair<std::uint8_t, std::string_view>::first);
  return found == kNames.end() ? fmt::format("reason {}", reason) : std::string(found->second);
}

std::string_view WrongTopic(std::string_view topic) {
  if (topic.empty()) return "topic is empty";
  if (topic.size() > kLongestText) return "topic longer than 65535 bytes";
  if (topic.find_first_of("+#") != std::string_view::npos)
    return "topic has + or #, which are of filters";
  if (topic.find('\0') != std::string_view::npos) return "topic has a zero byte";
  return "";
}

// + is a whole level, # the last one.
std::string_view WrongFilter(std::string_view filter) {
  if (filter.empty()) return "filter is empty";
  if (filter.size() > kLongestText) return "filter longer than 65535 bytes";
  if (filter.find('\0') != std::string_view::npos) return "filter has a zero byte";
  for (std::size_t i = 0; i < filter.size(); ++i) {
    if (filter[i] != '+' && filter[i] != '#') continue;
    const bool begins = i == 0 || filter[i - 1] == '/';
    const bool ends = i + 1 == filter.size() || (filter[i] == '+' && filter[i + 1] == '/');
    if (!begins || !ends) return "+ has to be a whole level of a filter, and # its last one";
  }
  return "";
}

}  // namespace mbench::mqtt
