// SPDX-License-Identifier: Apache-2.0
//
// RESP, the protocol of Redis: version 2 and what version 3 adds.
// https://redis.io/docs/latest/develop/reference/protocol-spec/
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mbench {

// The first line of a value, and how much of the input the whole value takes.
struct RespHead {
  char type = 0;            // + - : $ * and those of RESP3
  std::size_t size = 0;     // of the line, with its \r\n
  std::string_view text;    // the line, without type and \r\n
  std::int64_t number = 0;  // $ * and alike: the length, -1 for nil; : the integer

  bool IsNil() const { return type == '_' || (number == -1 && (type == '$' || type == '*')); }
  bool IsError() const { return type == '-' || type == '!'; }
  bool IsPush() const { return type == '>'; }  // no reply: the server tells something by itself
  bool IsBlob() const { return type == '$' || type == '=' || type == '!'; }
  bool IsList() const { return type == '*' || type == '~' || type == '>' || type == '%'; }
  // Values that follow. REQUIRES: IsList().
  std::uint64_t Elements() const;
};

inline constexpr std::size_t kRespIncomplete = 0;
inline constexpr std::size_t kRespMalformed = static_cast<std::size_t>(-1);

// Bytes of the line, or one of the two above. Fills `head`.
std::size_t ReadRespHead(std::string_view in, RespHead* head);

// Bytes of the value `in` begins with, with all that is nested in it, or one of the two above.
// `head`: of the value itself.
std::size_t MeasureResp(std::string_view in, RespHead* head);

// Calls visit(const RespHead&, std::string_view blob) for each leaf of a value that MeasureResp has
// measured, in order, nested ones too. A nil has an empty blob.
template <class Visit>
void VisitResp(std::string_view in, Visit visit) {
  while (!in.empty()) {
    RespHead head;
    const std::size_t size = ReadRespHead(in, &head);
    if (size == kRespIncomplete || size == kRespMalformed) return;
    in.remove_prefix(size);
    if (head.IsList()) continue;
    std::string_view blob = head.text;
    if (head.IsBlob()) {
      const auto length = static_cast<std::size_t>(head.number < 0 ? 0 : head.number);
      blob = in.substr(0, length);
      if (head.number >= 0) in.remove_prefix(length + 2);
    }
    visit(head, blob);
  }
}

// A value as a tree, for what is asked once and not measured.
struct RespValue {
  char type = 0;
  bool nil = false;
  std::string text;
  std::vector<RespValue> elements;
};
// REQUIRES: MeasureResp says that `in` begins with a whole value.
RespValue ParseResp(std::string_view in);

// A command: *N, then its words with AppendRespWord.
void AppendRespCount(std::size_t words, std::string* out);
void AppendRespSize(std::size_t bytes, std::string* out);  // of a word that the caller appends
void AppendRespWord(std::string_view word, std::string* out);
void AppendRespWord(std::string_view first, std::string_view second, std::string* out);  // as one

}  // namespace mbench
