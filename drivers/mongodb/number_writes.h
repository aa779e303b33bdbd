// SPDX-License-Identifier: Apache-2.0
//
// Writes that carry a number, in the field `mbench` of their document, by which they are known
// again: in the events of a change stream (watch), and in the documents after the run (verify).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/mongodb/statement_words.h"

namespace mbench::mongodb {

inline constexpr std::string_view kNumberField = "mbench";
// What the value is drawn by; no generator of a workload file can have that name.
inline constexpr std::string_view kNumberName = "mbench_number_of_the_write";

// Adds the number to what a statement writes; what deletes is left as it is. Fails with kUsage.
Status NumberWrites(std::string_view word, Members* members);

// Fails unless each write of the statement leaves one document that has its number.
Status CheckWatchable(std::string_view word, const Members& members);

// Why nobody can say afterwards what became of the writes of a statement.
struct Untraced {
  std::string why;     // "its filter names no _id"
  bool hides = false;  // they take documents away, or the numbers of others out of them
};
// Nothing: it can be said, or the statement writes nothing.
std::optional<Untraced> FindUntraced(std::string_view word, const Members& members);
std::optional<Untraced> FindUntracedCommand(const Json& command);  // of `command`
bool IsWrite(std::string_view word);

}  // namespace mbench::mongodb
