// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/resp_template.h"

#include <charconv>
#include <cstring>
#include <utility>

#include "drivers/redis/resp.h"

namespace mbench {
namespace {

constexpr std::size_t kMostDigits = 20;

char* Put(std::string_view bytes, char* at) {
  std::memcpy(at, bytes.data(), bytes.size());
  return at + bytes.size();
}

}  // namespace

void RespTemplate::Add(std::span<const TextTemplate> words) {
  AppendRespCount(words.size(), Tail());
  for (const TextTemplate& word : words) AddWord(word);
}

// What the last part has so far is the constant bytes of `part`, and a new last one begins.
void RespTemplate::End(Part part) {
  part.bytes = std::move(*Tail());
  parts_.back() = std::move(part);
  parts_.emplace_back();
}

void RespTemplate::AddWord(const TextTemplate& word) {
  if (word.IsConstant()) return AppendRespWord(word.Pieces()[0].text, Tail());
  Part length{.then = Then::kLength};
  for (const TextTemplate::Piece& piece : word.Pieces()) {
    length.constant += piece.text.size();
    if (piece.argument != TextTemplate::kNoArgument) length.arguments.push_back(piece.argument);
  }
  Tail()->push_back('$');
  End(std::move(length));
  Tail()->append("\r\n");
  for (const TextTemplate::Piece& piece : word.Pieces()) {
    Tail()->append(piece.text);
    if (piece.argument != TextTemplate::kNoArgument)
      End({.then = Then::kValue, .argument = piece.argument});
  }
  Tail()->append("\r\n");
}

std::size_t RespTemplate::MostBytes(std::span<const std::string_view> values) const {
  std::size_t most = 0;
  for (const Part& part : parts_) {
    most += part.bytes.size();
    if (part.then == Then::kLength) most += kMostDigits;
    if (part.then == Then::kValue) most += values[part.argument].size();
  }
  return most;
}

void RespTemplate::AppendTo(std::span<const std::string_view> values, std::string* out) const {
  const std::size_t before = out->size();
  out->resize(before + MostBytes(values));
  char* at = out->data() + before;
  for (const Part& part : parts_) {
    at = Put(part.bytes, at);
    if (part.then == Then::kValue) at = Put(values[part.argument], at);
    if (part.then != Then::kLength) continue;
    std::size_t length = part.constant;
    for (const std::size_t argument : part.arguments) length += values[argument].size();
    at = std::to_chars(at, at + kMostDigits, length).ptr;
  }
  out->resize(static_cast<std::size_t>(at - out->data()));
}

}  // namespace mbench
