// SPDX-License-Identifier: Apache-2.0
//
// The words of a driver's statements, as a table.
//
// A driver states them once, as WordSpecs, beside its options. The checks of `mbench check`, the
// messages, `mbench drivers NAME` and the tables in its README all come from that table; what the
// words say together is for the driver's own reader (statement_reader.h).
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/statement.h"
#include "harness/base/complaints.h"
#include "harness/base/options.h"

namespace mbench {

enum class WordType : std::uint8_t {
  kText,
  kTemplate,  // text that may have {placeholders}
  kInteger,
  kCount,
  kDuration,
  kFlag,
  kChoice,
  kList,
  kMap,
  kTextOrList,
  kTextOrMap,
  kFlagOrMap,
  kAny,
};

// Where a word may stand, as bits.
using WordPlaces = std::uint8_t;
inline constexpr WordPlaces kInStatement = 1;    // of the run; no transaction
inline constexpr WordPlaces kInTransaction = 2;  // beside its steps
inline constexpr WordPlaces kInStep = 4;
inline constexpr WordPlaces kInLoad = 8;    // load_statement
inline constexpr WordPlaces kInSetUp = 16;  // before_load, after_load
inline constexpr WordPlaces kInCheck = 32;  // verify: {checks: ...}
inline constexpr WordPlaces kInRequest = kInStatement | kInStep | kInLoad | kInSetUp;
inline constexpr WordPlaces kInOne = kInStatement | kInLoad | kInSetUp;  // no transactions

struct WordSpec {
  std::string_view name;
  WordType type = WordType::kText;
  std::string_view help;          // a few words for people
  std::string_view example = {};  // of the value, as it would be written
  std::string_view fallback = {};
  std::string_view choices = {};  // kChoice: "primary|replica"; blanks may be written as _
  // Of numbers and durations, both inclusive; `range` says it to people.
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string_view range = {};
  // A statement has exactly one head, which says what it is: find, get, sql ...
  bool is_head = false;
  std::string_view of = {};  // the heads it goes with, "set|cas"; "": all
  bool required = false;
  bool generated = false;  // may be a placeholder, whatever its type is
  WordPlaces where = kInRequest;
  std::span<const WordSpec> words = {};  // of a map; empty: any
};

// What all drivers call the same.
constexpr WordSpec LabelWord(std::string_view help, std::string_view example,
                             std::string_view choices = {}) {
  return {.name = "label",
          .type = choices.empty() ? WordType::kText : WordType::kChoice,
          .help = help,
          .example = example,
          .choices = choices,
          .where = kInStatement};
}
// Of SQL.
constexpr WordSpec IsolationWord(std::string_view fallback) {
  return {.name = "isolation",
          .type = WordType::kChoice,
          .help = "of the transaction",
          .example = "serializable",
          .fallback = fallback,
          .choices = "read uncommitted|read committed|repeatable read|serializable",
          .where = kInTransaction};
}
// `words`: of its map, RetryTimesWord among them.
constexpr WordSpec RetryWord(std::string_view example, std::span<const WordSpec> words) {
  return {.name = "retry",
          .type = WordType::kMap,
          .help = "which failures begin the transaction anew, and how often",
          .example = example,
          .where = kInTransaction,
          .words = words};
}
constexpr WordSpec RetryTimesWord() {
  return {.name = "times",
          .type = WordType::kCount,
          .help = "how often at most",
          .example = "3",
          .fallback = "3",
          .min = 0,
          .max = 999,
          .range = "0 to 999"};
}

// What a run wants of its driver, and where it says so.
struct RunWants {
  std::vector<const StatementSpec*> statements = {};  // that are measured
  const ValueNode* scan = nullptr;                    // the weight of scans
  const ValueNode* verify_writes = nullptr;
};

// What is known of a driver's operations before anything is opened.
struct DriverLanguage {
  bool verbs = true;                     // reads, updates ... of records
  std::span<const WordSpec> words = {};  // of its statements; empty: it has none
  bool verifies_writes = false;          // verify: {writes: true}
  bool observes = false;  // says something of itself (observer.h), also when nothing is asked of it
  // Whether a read can be compared with what was written: verify: {reads: true}.
  bool verifies_reads = true;
  // All that can be wrong with a statement, with its words; nullptr: these alone. The code that
  // reads it for the run.
  void (*check)(const StatementSpec& statement, Complaints* complaints) = nullptr;
  // What a run wants that these options rule out, though both are right by themselves; nullptr:
  // nothing can be. Reaches for no system.
  void (*check_run)(const OptionValues& options, const RunWants& wants,
                    Complaints* complaints) = nullptr;
};

// "a count such as 100k", "true or false": how a message names what a word wants.
std::string Describe(const WordSpec& word);
// "a transaction, a step": where it may stand.
std::string DescribePlaces(WordPlaces where);

WordPlaces WordPlaceOf(const StatementSpec& statement, bool is_step);
// "statement 'pay'", "step 'debit'", "load_statement": for messages.
std::string TitleOf(const StatementSpec& statement, bool is_step);

// The head of a statement; nullptr: it has none. A word that also goes with another head is one
// only where no other is said: consume of kafka is a statement, and a part of one that says
// produce.
const WordSpec* FindHead(std::span<const WordSpec> words, const StatementSpec& statement,
                         bool is_step);
// The word of that name that goes with the head and may stand there; nullptr: there is none.
const WordSpec* FindWord(std::span<const WordSpec> words, std::string_view name, WordPlaces where,
                         const WordSpec* head);

// Adds what is wrong with the value of a word by itself.
void CheckValue(const WordSpec& word, const ValueNode& node, Complaints* complaints);

// Unknown words, wrong types, values out of range, words that are missing or do not go together.
// Of a transaction without its steps. `driver`: its name, for messages.
void CheckWords(std::string_view driver, std::span<const WordSpec> words,
                const StatementSpec& statement, bool is_step, Complaints* complaints);

// All of a statement that can be known to be wrong.
void CheckStatement(std::string_view driver, const DriverLanguage& language,
                    const StatementSpec& statement, Complaints* complaints);

}  // namespace mbench
