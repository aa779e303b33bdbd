// SPDX-License-Identifier: Apache-2.0
//
// Commands of Redis with placeholders, rendered once: what is the same for every op lies ready as
// bytes, and an op adds the lengths and the values of its arguments.
//
//   GET user:{id}  ->  "*2\r\n$3\r\nGET\r\n$"  <5 + length of id>  "\r\nuser:"  <id>  "\r\n"
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/text_template.h"

namespace mbench {

// Thread: any; immutable once its commands are added.
class RespTemplate {
 public:
  // One more command; its words are texts with placeholders.
  void Add(std::span<const TextTemplate> words);

  // REQUIRES: `values` has a value for every argument of the words.
  void AppendTo(std::span<const std::string_view> values, std::string* out) const;

 private:
  enum class Then : std::uint8_t { kNothing, kLength, kValue };
  // Constant bytes, then the length of a word or the value of an argument.
  struct Part {
    std::string bytes;
    Then then = Then::kNothing;
    std::size_t argument = 0;                 // kValue
    std::size_t constant = 0;                 // kLength: of the word without its arguments
    std::vector<std::size_t> arguments = {};  // kLength: of the word
  };

  void AddWord(const TextTemplate& word);
  std::string* Tail() { return &parts_.back().bytes; }
  void End(Part part);
  std::size_t MostBytes(std::span<const std::string_view> values) const;

  std::vector<Part> parts_ = std::vector<Part>(1);  // the last one ends with nothing
};

}  // namespace mbench
