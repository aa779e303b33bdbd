// SPDX-License-Identifier: Apache-2.0
//
// YAML that is written line by line, where every line knows which word of a command line it comes
// from, so that a mistake in it can be told in that word.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mbench {

// As a scalar of YAML in one line: plain where that is the same text, else in double quotes.
std::string YamlScalar(std::string_view text);

class YamlLines {
 public:
  // `line` without its end. `origin`: as mistakes should name it.
  void Add(std::string line, std::string_view origin);
  // "key: value", the value written as YamlScalar does.
  void AddPair(std::string_view before, std::string_view key, std::string_view value,
               std::string_view origin);

  const std::string& Text() const { return text_; }
  const std::vector<std::string>& Origins() const { return origins_; }  // one for each line

 private:
  std::string text_;
  std::vector<std::string> origins_;
};

}  // namespace mbench
