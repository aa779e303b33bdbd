// SPDX-License-Identifier: Apache-2.0
//
// The client protocol of NATS: lines of text, some with bytes behind them.
//
//   server   INFO {json}   MSG subject sid [reply] bytes   HMSG subject sid [reply] headers all
//            PING   PONG   +OK   -ERR 'what'
//   client   CONNECT {json}   SUB subject [queue] sid   PUB subject [reply] bytes
//            HPUB subject [reply] headers all   PING   PONG
//
// Thread: any; pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mbench::nats {

// The largest payload that a server can be set up to take.
inline constexpr std::size_t kLargestPayload = 64 * 1024 * 1024;

// ---- what a server says ----

enum class EventType : std::uint8_t { kInfo, kMessage, kPing, kPong, kOk, kError };

struct Event {
  EventType type = EventType::kOk;
  std::size_t size = 0;   // bytes of all of it
  std::string_view text;  // kInfo: its JSON; kError: what is wrong, without quotes
  // kMessage:
  std::string_view subject, reply, headers, payload;
  std::uint64_t sid = 0;  // of the subscription it came for
};

enum class Front : std::uint8_t { kWhole, kIncomplete, kMalformed };
// What `in` begins with; views are into it. kMalformed as soon as it can be known, so that nobody
// waits for the rest of something else.
Front ReadEvent(std::string_view in, Event* event);

// Of headers "NATS/1.0 503 No Responders\r\n...": 503; 0: they have none.
int StatusOf(std::string_view headers);
// Its words as a class: "exceeded maxwaiting".
std::string StatusTextOf(std::string_view headers);
// nullopt: there is none of that name.
std::optional<std::string_view> HeaderOf(std::string_view headers, std::string_view name);

// What is counted of "Permissions Violation for Publish to "a.b"": its class, in small letters and
// without values. `subject`: what stands in its quotes.
std::string ErrorClass(std::string_view text, std::string_view* subject = nullptr);

// What a server says of itself.
struct ServerInfo {
  std::string version;
  std::size_t max_payload = 1024 * 1024;  // bytes, headers among them
  bool headers = false, jetstream = false;
  bool tls_required = false, tls_available = false;
};
// nullopt: it is no such thing. What is left out stays as it is in `before`.
std::optional<ServerInfo> ReadInfo(std::string_view json, const ServerInfo& before = {});

// ---- what a client says ----

struct Login {
  std::string user, password, token;
  bool tls = false;
};
// With CONNECT and the end of its line.
void AppendConnect(const Login& login, std::string* out);
void AppendSubscribe(std::string_view subject, std::string_view queue, std::uint64_t sid,
                     std::string* out);
// `headers`: lines of "Name: value\r\n"; "": none.
void AppendPublish(std::string_view subject, std::string_view reply, std::string_view headers,
                   std::string_view payload, std::string* out);
// What headers take of max_payload. `lines`: bytes of all of them.
std::size_t HeaderBytes(std::size_t lines);

// ---- subjects ----

// Why nothing can be sent to it; "": it can.
std::string_view WrongSubject(std::string_view subject);
// Why nobody can subscribe to it, with * and > as they are meant; "": somebody can.
std::string_view WrongFilter(std::string_view filter);
// Whether all that `subject` stands for, with * and >, is also of `filter`.
bool Covers(std::string_view filter, std::string_view subject);
// Why streams, consumers and groups cannot be called so; "": they can.
std::string_view WrongName(std::string_view name);

// A stamp as a header carries it.
std::string HexOf(std::string_view bytes);
std::string BytesOfHex(std::string_view hex);  // "": it is none

}  // namespace mbench::nats
