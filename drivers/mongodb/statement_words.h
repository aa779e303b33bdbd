// SPDX-License-Identifier: Apache-2.0
//
// The words that a statement can begin with, and the keys that go with each.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/mongodb/bson_template.h"

namespace mbench::mongodb {

// What the value of a key is. In a statement what is not a list or a map has lost its quotes.
enum class Shape { kMap, kList, kNumber, kFlag, kText, kMapOrText, kFlagOrMap };

struct Key {
  std::string_view name;
  Shape shape;
  std::string_view server_name = {};  // where the server calls it otherwise
};

// The words a statement can begin with, and the keys that go with each.
struct Word {
  std::string_view name;
  std::vector<Key> keys;
};

const std::vector<Word>& Words();

// Key -> value, of a statement or of an operation of bulkWrite.
using Members = std::map<std::string, Json>;

// The word of a statement; nullptr: it has none (NoWord).
const Word* FindWord(const StatementSpec& spec);
tl::unexpected<Error> NoWord();

// All keys of a statement but its word, each in its shape.
Result<Members> ReadMembers(const StatementSpec& spec, const Word& word);

// Fails when `name` is no key of the word.
Status CheckKey(std::string_view name, const Word& word);

}  // namespace mbench::mongodb
