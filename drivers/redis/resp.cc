// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/resp.h"

#include <charconv>
#include <cstring>

namespace mbench {
namespace {

// Longer than any value Redis stores (512 MiB), or than a list anybody asks for.
constexpr std::int64_t kMostLength = std::int64_t{1} << 32;

// Decimal digits with an optional minus; false for anything else.
bool ParseNumber(std::string_view text, std::int64_t* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

bool HasLength(char type) {
  switch (type) {
    case '$':
    case '*':
    case '=':
    case '!':
    case '%':
    case '~':
    case '>':
      return true;
    default:
      return false;
  }
}

bool IsSimple(char type) {
  switch (type) {
    case '+':
    case '-':
    case ':':
    case '_':
    case '#':
    case ',':
    case '(':
      return true;
    default:
      return false;
  }
}

void AppendNumber(char type, std::size_t number, std::string* out) {
  char text[24];
  text[0] = type;
  char* end = std::to_chars(text + 1, text + sizeof text, number).ptr;
  *end++ = '\r';
  *end++ = '\n';
  out->append(text, static_cast<std::size_t>(end - text));
}

std::size_t ParseInto(std::string_view in, RespValue* value);

std::size_t ParseElements(std::string_view in, std::uint64_t count, RespValue* value) {
  std::size_t used = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    used += ParseInto(in.substr(used), &value->elements.emplace_back());
  }
  return used;
}

std::size_t ParseInto(std::string_view in, RespValue* value) {
  RespHead head;
  const std::size_t size = ReadRespHead(in, &head);
  if (size == kRespIncomplete || size == kRespMalformed) return in.size();
  value->type = head.type;
  value->nil = head.IsNil();
  if (head.IsList()) return size + ParseElements(in.substr(size), head.Elements(), value);
  if (value->nil) return size;
  if (!head.IsBlob()) {
    value->text = head.text;
    return size;
  }
  value->text = in.substr(size, static_cast<std::size_t>(head.number));
  return size + static_cast<std::size_t>(head.number) + 2;
}

}  // namespace

std::uint64_t RespHead::Elements() const {
  if (number < 0) return 0;
  return static_cast<std::uint64_t>(number) * (type == '%' ? 2 : 1);
}

std::size_t ReadRespHead(std::string_view in, RespHead* head) {
  if (in.empty()) return kRespIncomplete;
  const char type = in[0];
  const bool has_length = HasLength(type);
  if (!has_length && !IsSimple(type)) return kRespMalformed;
  const void* found = std::memchr(in.data(), '\n', in.size());
  if (found == nullptr) return in.size() > 64 * 1024 ? kRespMalformed : kRespIncomplete;
  const auto end = static_cast<std::size_t>(static_cast<const char*>(found) - in.data());
  if (end < 2 || in[end - 1] != '\r') return kRespMalformed;
  head->type = type;
  head->size = end + 1;
  head->text = in.substr(1, end - 2);
  head->number = 0;
  if (!has_length && type != ':') return head->size;
  if (!ParseNumber(head->text, &head->number)) return kRespMalformed;
  if (has_length && (head->number < -1 || head->number > kMostLength)) return kRespMalformed;
  return head->size;
}

// A loop over values still to come instead of recursion: a reply may be nested as deep as it likes.
std::size_t MeasureResp(std::string_view in, RespHead* head) {
  RespHead nested;
  std::size_t used = 0;
  for (std::uint64_t pending = 1; pending > 0; --pending) {
    RespHead* current = used == 0 ? head : &nested;
    const std::size_t size = ReadRespHead(in.substr(used), current);
    if (size == kRespIncomplete || size == kRespMalformed) return size;
    used += size;
    if (current->IsList()) {
      pending += current->Elements();
    } else if (current->IsBlob() && current->number >= 0) {
      const auto length = static_cast<std::size_t>(current->number);
      if (in.size() < used + length + 2) return kRespIncomplete;
      if (in[used + length] != '\r' || in[used + length + 1] != '\n') return kRespMalformed;
      used += length + 2;
    }
  }
  return used;
}

RespValue ParseResp(std::string_view in) {
  RespValue value;
  ParseInto(in, &value);
  return value;
}

void AppendRespCount(std::size_t words, std::string* out) { AppendNumber('*', words, out); }

void AppendRespSize(std::size_t bytes, std::string* out) { AppendNumber('$', bytes, out); }

void AppendRespWord(std::string_view word, std::string* out) {
  AppendNumber('$', word.size(), out);
  out->append(word);
  out->append("\r\n", 2);
}

void AppendRespWord(std::string_view first, std::string_view second, std::string* out) {
  AppendNumber('$', first.size() + second.size(), out);
  out->append(first);
  out->append(second);
  out->append("\r\n", 2);
}

}  // namespace mbench
