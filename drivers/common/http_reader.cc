// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/http_reader.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr std::size_t kMostChunkLine = 4096;  // a size with its extensions

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// Eight characters with the bit set that tells lower case from upper case. (It also makes some
// control characters into others of a name; no name has those.)
std::uint64_t LowerWord(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  return word | 0x2020202020202020;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A line of `in` from `at` on, without its end. Its data is null when it is not whole.
struct TextLine {
  std::string_view text;
  std::size_t next = 0;  // where the one behind it begins
};

TextLine LineAt(std::string_view in, std::size_t at) {
  const char* begin = in.data() + at;
  const auto* end = static_cast<const char*>(std::memchr(begin, '\n', in.size() - at));
  if (end == nullptr) return {};
  auto length = static_cast<std::size_t>(end - begin);
  const std::size_t next = at + length + 1;
  if (length > 0 && begin[length - 1] == '\r') --length;
  return {.text = {begin, length}, .next = next};
}

// As much of it as is there must fit.
bool LooksLikeHttp(std::string_view in) {
  constexpr std::string_view kStart = "HTTP/1.";
  if (in.size() >= kStart.size()) return std::memcmp(in.data(), kStart.data(), kStart.size()) == 0;
  const std::size_t size = std::min(in.size(), kStart.size());
  return in.substr(0, size) == kStart.substr(0, size);
}

// "HTTP/1.1 200 OK", of which LooksLikeHttp holds.
bool ReadStatusLine(std::string_view line, HttpHead* head) {
  if (line.size() < 12 || !IsDigit(line[7]) || line[8] != ' ') return false;
  if (!IsDigit(line[9]) || !IsDigit(line[10]) || !IsDigit(line[11])) return false;
  if (line.size() > 12 && line[12] != ' ') return false;
  head->status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  head->closes = line[7] == '0';
  return head->status >= 100;
}

bool ReadContentLength(std::string_view value, HttpHead* head) {
  std::int64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (error != std::errc() || end != value.data() + value.size() || !IsDigit(value[0])) {
    return false;
  }
  if (head->content_length != HttpHead::kNoLength && head->content_length != length) return false;
  head->content_length = length;
  return true;
}

void ReadConnection(std::string_view value, HttpHead* head) {
  for (const std::string_view token : Split(value, ',')) {
    if (IsNamed(Trim(token), "close")) head->closes = true;
    if (IsNamed(Trim(token), "keep-alive")) head->closes = false;
  }
}

// The last coding says how the body ends: chunked, or with the connection.
void ReadTransferEncoding(std::string_view value, HttpHead* head) {
  const std::size_t comma = value.rfind(',');
  const auto last = comma == std::string_view::npos ? value : Trim(value.substr(comma + 1));
  head->coded = true;
  head->chunked = IsNamed(last, "chunked");
}

// Without the blanks around it; never a view of nullptr.
std::string_view TrimValue(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The value when the header has that name, else a view of nullptr.
std::string_view ValueOf(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return {};
  if (!IsNamed(line.substr(0, name.size()), name)) return {};
  return TrimValue(line.substr(name.size() + 1));
}

bool ReadFraming(std::string_view line, HttpHead* head) {
  switch (Lower(line[0])) {
    case 'c':
      if (const auto value = ValueOf(line, "content-length"); value.data() != nullptr) {
        return ReadContentLength(value, head);
      }
      if (const auto value = ValueOf(line, "connection"); value.data() != nullptr) {
        // What most replies say, and what holds anyhow.
        if (value != "keep-alive" || head->closes) ReadConnection(value, head);
      }
      return true;
    case 't':
      if (const auto value = ValueOf(line, "transfer-encoding"); value.data() != nullptr) {
        ReadTransferEncoding(value, head);
      }
      return true;
    case ' ':  // what continues the line before it: long obsolete, and a way to hide a length
    case '\t':
      return false;
    default:
      return true;
  }
}

void NoteWanted(std::string_view line, std::span<const std::string> wanted,
                std::span<std::string_view> values) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto value = ValueOf(line, wanted[i]);
    if (value.data() != nullptr) values[i] = value;
  }
}

}  // namespace

bool IsNamed(std::string_view name, std::string_view lower) {
  if (name.size() != lower.size()) return false;
  if (name.size() >= 8 && name.size() <= 16) {  // as two words that may overlap
    const std::size_t last = name.size() - 8;
    return LowerWord(name.data()) == LowerWord(lower.data()) &&
           LowerWord(name.data() + last) == LowerWord(lower.data() + last);
  }
  return std::equal(name.begin(), name.end(), lower.begin(),
                    [](char a, char b) { return a == b || Lower(a) == b; });
}

HttpRead ReadHead(std::string_view in, std::span<const std::string> wanted,
                  std::span<std::string_view> values, HttpHead* head) {
  *head = {};
  std::fill(values.begin(), values.end(), std::string_view());
  if (!LooksLikeHttp(in)) return HttpRead::kNotHttp;
  const char* const end = in.data() + in.size();
  for (const char* line = in.data();;) {
    const auto rest = static_cast<std::size_t>(end - line);
    const auto* newline = static_cast<const char*>(std::memchr(line, '\n', rest));
    if (newline == nullptr) break;
    const char* const stop = newline > line && newline[-1] == '\r' ? newline - 1 : newline;
    const std::string_view text(line, static_cast<std::size_t>(stop - line));
    if (head->status == 0) {
      if (!ReadStatusLine(text, head)) return HttpRead::kNotHttp;
    } else if (text.empty()) {
      head->size = static_cast<std::size_t>(newline + 1 - in.data());
      return head->size > kMostHeadBytes ? HttpRead::kHeadTooLong : HttpRead::kWhole;
    } else {
      if (!ReadFraming(text, head)) return HttpRead::kBadHeader;
      if (!wanted.empty()) NoteWanted(text, wanted, values);
    }
    line = newline + 1;
  }
  return in.size() > kMostHeadBytes ? HttpRead::kHeadTooLong : HttpRead::kIncomplete;
}

HttpBody BodyAfter(const HttpHead& head, bool bodyless) {
  if (bodyless || head.status < 200 || head.status == 204 || head.status == 304) return {};
  if (head.chunked) return {.part = HttpBody::Part::kChunkSize};
  if (head.coded || head.content_length == HttpHead::kNoLength) {
    return {.part = HttpBody::Part::kUntilEnd};
  }
  if (head.content_length == 0) return {};
  return {.part = HttpBody::Part::kLength, .left = static_cast<std::uint64_t>(head.content_length)};
}

namespace {

// Takes what there is of `left` bytes.
void TakeBytes(std::string_view in, HttpBody* body, std::size_t* consumed, std::string* text) {
  const std::string_view here = in.substr(
      *consumed, static_cast<std::size_t>(std::min<std::uint64_t>(body->left, in.size())));
  if (text != nullptr) text->append(here);
  body->left -= here.size();
  const std::uint64_t bytes = std::uint64_t{body->bytes} + here.size();
  body->bytes = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(bytes, std::numeric_limits<std::uint32_t>::max()));
  *consumed += here.size();
}

// "1a; name=value": the size in hexadecimal digits, and extensions that mean nothing to us.
bool ReadChunkSize(std::string_view line, HttpBody* body) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  const std::string_view rest(end, static_cast<std::size_t>(line.data() + line.size() - end));
  if (error != std::errc() || size > kMost) return false;
  if (!rest.empty() && rest[0] != ';' && rest[0] != ' ' && rest[0] != '\t') return false;
  body->left = size;
  body->part = size == 0 ? HttpBody::Part::kTrailer : HttpBody::Part::kChunkData;
  return true;
}

// One line of the framing of chunks.
HttpRead ReadChunkLine(std::string_view in, HttpBody* body, std::size_t* consumed) {
  const TextLine line = LineAt(in, *consumed);
  if (line.text.data() == nullptr) {
    return in.size() - *consumed > kMostChunkLine ? HttpRead::kBadChunk : HttpRead::kIncomplete;
  }
  *consumed = line.next;
  switch (body->part) {
    case HttpBody::Part::kChunkSize:
      return ReadChunkSize(line.text, body) ? HttpRead::kWhole : HttpRead::kBadChunk;
    case HttpBody::Part::kChunkEnd:
      body->part = HttpBody::Part::kChunkSize;
      return line.text.empty() ? HttpRead::kWhole : HttpRead::kBadChunk;
    default:
      if (line.text.empty()) body->part = HttpBody::Part::kDone;
      return HttpRead::kWhole;
  }
}

}  // namespace

HttpRead ReadBody(std::string_view in, bool at_end, HttpBody* body, std::size_t* consumed,
                  std::string* text) {
  for (;;) {
    switch (body->part) {
      case HttpBody::Part::kDone:
        return HttpRead::kWhole;
      case HttpBody::Part::kLength:
      case HttpBody::Part::kChunkData:
        TakeBytes(in, body, consumed, text);
        if (body->left > 0) return HttpRead::kIncomplete;
        body->part = body->part == HttpBody::Part::kLength ? HttpBody::Part::kDone
                                                           : HttpBody::Part::kChunkEnd;
        break;
      case HttpBody::Part::kUntilEnd:
        body->left = in.size() - *consumed;
        TakeBytes(in, body, consumed, text);
        if (!at_end) return HttpRead::kIncomplete;
        body->part = HttpBody::Part::kDone;
        break;
      case HttpBody::Part::kChunkSize:
      case HttpBody::Part::kChunkEnd:
      case HttpBody::Part::kTrailer:
        if (const HttpRead read = ReadChunkLine(in, body, consumed); read != HttpRead::kWhole) {
          return read;
        }
        break;
    }
  }
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), Lower);
  return lower;
}

}  // namespace mbench
