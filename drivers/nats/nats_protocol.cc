// SPDX-License-Identifier: Apache-2.0
#include "drivers/nats/nats_protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"

namespace mbench::nats {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kHeadersBegin = "NATS/1.0";
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kLongestInfo = 1024 * 1024;  // a cluster names all its servers in it
constexpr std::size_t kLongestLine = 64 * 1024;
constexpr std::size_t kLongestSubject =
    2048;  // a server takes lines of 4 KiB unless told otherwise

constexpr auto kBegins =
    std::to_array<std::string_view>({"INFO ", "MSG ", "HMSG ", "PING", "PONG", "+OK", "-ERR"});

// Whether what has come can still become something that a server says.
bool MayBegin(std::string_view in) {
  return std::ranges::any_of(kBegins, [in](std::string_view begin) {
    const std::size_t size = std::min(begin.size(), in.size());
    return in.substr(0, size) == begin.substr(0, size);
  });
}

template <class Number>
bool ReadNumber(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

// Words of a line; at most six, where there are five at most in one that is right.
struct Words {
  std::array<std::string_view, 6> at;
  std::size_t count = 0;
};

Words WordsOf(std::string_view line) {
  Words words;
  while (words.count < words.at.size()) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.at[words.count++] = line.substr(0, end);
    line.remove_prefix(end);
  }
  return words;
}

// `line`: what stands behind MSG or HMSG; `rest`: what follows it.
Front ReadMessage(std::string_view line, std::string_view rest, bool has_headers, Event* event) {
  const Words words = WordsOf(line);
  const std::size_t numbers = has_headers ? 2 : 1;
  const std::size_t without_reply = 2 + numbers;
  if (words.count != without_reply && words.count != without_reply + 1) return Front::kMalformed;
  std::size_t header_bytes = 0, all = 0;
  if (!ReadNumber(words.at[1], &event->sid) || !ReadNumber(words.at[words.count - 1], &all) ||
      (has_headers && !ReadNumber(words.at[words.count - 2], &header_bytes)))
    return Front::kMalformed;
  if (header_bytes > all || all > 2 * kLargestPayload) return Front::kMalformed;
  if (rest.size() < all + kLineEnd.size()) return Front::kIncomplete;
  if (rest.substr(all, kLineEnd.size()) != kLineEnd) return Front::kMalformed;
  event->type = EventType::kMessage;
  event->subject = words.at[0];
  event->reply = words.count > without_reply ? words.at[2] : std::string_view();
  event->headers = rest.substr(0, header_bytes);
  event->payload = rest.substr(header_bytes, all - header_bytes);
  event->size += all + kLineEnd.size();
  return Front::kWhole;
}

std::string_view WithoutQuotes(std::string_view text) {
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'')
    return text.substr(1, text.size() - 2);
  return text;
}

void TakeFlag(const Json& json, const char* name, bool* flag) {
  if (const auto found = json.find(name); found != json.end() && found->is_boolean())
    *flag = found->get<bool>();
}

std::string_view WrongTokens(std::string_view subject, bool wild) {
  if (subject.empty()) return "subject is empty";
  if (subject.size() > kLongestSubject) return "subject is longer than 2 KiB";
  if (std::ranges::any_of(subject, [](unsigned char c) { return c <= ' ' || c == 0x7f; }))
    return "subject has a blank or a control character";
  const std::vector<std::string_view> tokens = Split(subject, '.');
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].empty()) return "subject has nothing between two dots, or at its begin or end";
    if (!wild && (tokens[i] == "*" || tokens[i] == ">"))
      return "subject has * or >, which are of filters";
    if (wild && tokens[i] == ">" && i + 1 < tokens.size()) return "filter has parts behind its >";
  }
  return "";
}

}  // namespace

Front ReadEvent(std::string_view in, Event* event) {
  *event = {};
  const std::size_t end = in.find('\n');
  if (end == std::string_view::npos) {
    const bool is_info = in.starts_with("INFO ");
    if (!MayBegin(in) || in.size() > (is_info ? kLongestInfo : kLongestLine))
      return Front::kMalformed;
    return Front::kIncomplete;
  }
  std::string_view line = in.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  event->size = end + 1;
  if (line.starts_with("MSG "))
    return ReadMessage(line.substr(4), in.substr(end + 1), false, event);
  if (line.starts_with("HMSG "))
    return ReadMessage(line.substr(5), in.substr(end + 1), true, event);
  if (line.starts_with("INFO ")) {
    event->type = EventType::kInfo;
    event->text = Trim(line.substr(5));
  } else if (line.starts_with("-ERR")) {
    event->type = EventType::kError;
    event->text = WithoutQuotes(Trim(line.substr(4)));
  } else if (line == "PING") {
    event->type = EventType::kPing;
  } else if (line == "PONG") {
    event->type = EventType::kPong;
  } else if (line != "+OK") {
    return Front::kMalformed;
  }
  return Front::kWhole;
}

int StatusOf(std::string_view headers) {
  if (!headers.starts_with(kHeadersBegin)) return 0;
  headers.remove_prefix(kHeadersBegin.size());
  const std::string_view line = Trim(headers.substr(0, headers.find('\r')));
  int status = 0;
  return ReadNumber(line.substr(0, line.find(' ')), &status) ? status : 0;
}

std::string StatusTextOf(std::string_view headers) {
  const std::string_view line = headers.substr(0, headers.find('\r'));
  const std::size_t words = line.find_first_not_of("0123456789 ", kHeadersBegin.size());
  return ErrorClass(words == std::string_view::npos ? "" : line.substr(words));
}

std::optional<std::string_view> HeaderOf(std::string_view headers, std::string_view name) {
  for (std::size_t at = headers.find('\n'); at != std::string_view::npos;) {
    std::string_view line = headers.substr(at + 1);
    const std::size_t end = line.find('\n');
    if (line.starts_with(name) && line.substr(name.size()).starts_with(':'))
      return Trim(line.substr(name.size() + 1, std::min(end, line.size()) - name.size() - 1));
    at = end == std::string_view::npos ? end : at + 1 + end;
  }
  return std::nullopt;
}

std::string ErrorClass(std::string_view text, std::string_view* subject) {
  const std::size_t quote = text.find('"');
  if (subject != nullptr && quote != std::string_view::npos)
    *subject = text.substr(quote + 1, text.rfind('"') - std::min(text.rfind('"'), quote + 1));
  text = Trim(text.substr(0, std::min(quote, text.find(':'))));
  std::string name;
  for (const char c : text.substr(0, 80)) {
    const bool printable = c >= ' ' && c < 0x7f;
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : printable ? c : '?';
  }
  return name.empty() ? "an error without a name" : name;
}

std::optional<ServerInfo> ReadInfo(std::string_view text, const ServerInfo& before) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  ServerInfo info = before;
  if (const auto found = json.find("version"); found != json.end() && found->is_string())
    info.version = found->get<std::string>();
  if (const auto found = json.find("max_payload");
      found != json.end() && found->is_number_unsigned() && found->get<std::uint64_t>() > 0)
    info.max_payload = found->get<std::size_t>();
  TakeFlag(json, "headers", &info.headers);
  TakeFlag(json, "jetstream", &info.jetstream);
  TakeFlag(json, "tls_required", &info.tls_required);
  TakeFlag(json, "tls_available", &info.tls_available);
  return info;
}

void AppendConnect(const Login& login, std::string* out) {
  // echo: who receives may be on the line of who sends. no_responders: a request that nobody takes
  // is answered at once.
  Json json = {{"verbose", false}, {"pedantic", false}, {"tls_required", login.tls},
               {"name", "mbench"}, {"lang", "c++"},     {"version", "1.0"},
               {"protocol", 1},    {"headers", true},   {"no_responders", true},
               {"echo", true}};
  if (!login.user.empty()) json["user"] = login.user;
  if (!login.user.empty()) json["pass"] = login.password;
  if (!login.token.empty()) json["auth_token"] = login.token;
  *out += "CONNECT ";
  *out += json.dump(-1, ' ', false, Json::error_handler_t::replace);
  *out += kLineEnd;
}

void AppendSubscribe(std::string_view subject, std::string_view queue, std::uint64_t sid,
                     std::string* out) {
  fmt::format_to(std::back_inserter(*out), "SUB {} {}{}{}\r\n", subject, queue,
                 queue.empty() ? "" : " ", sid);
}

std::size_t HeaderBytes(std::size_t lines) {
  return lines == 0 ? 0 : kHeadersBegin.size() + lines + 2 * kLineEnd.size();
}

void AppendPublish(std::string_view subject, std::string_view reply, std::string_view headers,
                   std::string_view payload, std::string* out) {
  const std::size_t header_bytes = HeaderBytes(headers.size());
  *out += headers.empty() ? "PUB " : "HPUB ";
  *out += subject;
  if (!reply.empty()) out->append(" ").append(reply);
  const auto add = [out](std::size_t number) {
    std::array<char, 24> digits{' '};
    const auto end = std::to_chars(digits.data() + 1, digits.data() + digits.size(), number).ptr;
    out->append(digits.data(), end);
  };
  if (!headers.empty()) add(header_bytes);
  add(header_bytes + payload.size());
  *out += kLineEnd;
  if (!headers.empty())
    out->append(kHeadersBegin).append(kLineEnd).append(headers).append(kLineEnd);
  out->append(payload).append(kLineEnd);
}

std::string_view WrongSubject(std::string_view subject) { return WrongTokens(subject, false); }
std::string_view WrongFilter(std::string_view filter) { return WrongTokens(filter, true); }

bool Covers(std::string_view filter, std::string_view subject) {
  const std::vector<std::string_view> of = Split(filter, '.'), tokens = Split(subject, '.');
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (i >= tokens.size()) return false;
    if (of[i] == ">") return true;
    if (tokens[i] == ">" || (of[i] != "*" && of[i] != tokens[i])) return false;
  }
  return of.size() == tokens.size();
}

std::string_view WrongName(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > 200) return "it is longer than 200 bytes";
  const bool right = std::ranges::all_of(name, [](unsigned char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view(".*>/\\\"").find(static_cast<char>(c)) == std::string_view::npos;
  });
  return right ? "" : "it may not have blanks, quotes, slashes and . * >";
}

std::string HexOf(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string BytesOfHex(std::string_view hex) {
  std::string bytes;
  if (hex.size() % 2 != 0) return bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (error != std::errc() || end != hex.data() + i + 2) return "";
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

}  // namespace mbench::nats
