// SPDX-License-Identifier: Apache-2.0
//
// Typed access to the words of a statement, for the code of a driver that makes a request of it.
//
// The words are checked against the driver's table first; a word that is wrong there reads as if it
// were not said. Whatever else is wrong is added at its place, so that `mbench check` and the run
// come by the same code to the same answer.
//
//   Request ReadRequest(const StatementSpec& spec, Complaints* complaints) {
//     StatementReader reader({"redis", kWords}, spec, complaints);
//     Request request{.key = reader.Template("get"), .ttl = reader.Duration("ttl")};
//     if (request.ttl % kSecond != 0) reader.Complain("ttl", "expected whole seconds");
//     return request;
//   }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "drivers/words.h"
#include "harness/base/clock.h"
#include "harness/base/text_template.h"

namespace mbench {

struct DriverWords {
  std::string_view driver;
  std::span<const WordSpec> words;
};

class StatementReader {
 public:
  // A whole statement: a transaction without its steps.
  StatementReader(const DriverWords& table, const StatementSpec& statement, Complaints* complaints)
      : StatementReader(table, statement, statement.arguments, false, complaints) {}
  // A step of `transaction`.
  StatementReader(const DriverWords& table, const StatementSpec& step,
                  const StatementSpec& transaction, Complaints* complaints)
      : StatementReader(table, step, transaction.arguments, true, complaints) {}

  const StatementSpec& Statement() const { return statement_; }
  // nullptr: it has none, which was told.
  const WordSpec* Head() const { return head_; }
  // nullptr: the word is not said, or is not what it has to be.
  const ValueNode* Find(std::string_view word) const;
  // Of the table; nullptr: there is none that goes with the head.
  const WordSpec* FindSpec(std::string_view word) const {
    return FindWord(table_.words, word, where_, head_);
  }
  bool Says(std::string_view word) const { return Find(word) != nullptr; }

  // What a word says, else the fallback of the table. REQUIRES: the word is in the table.
  std::string Text(std::string_view word) const;
  TextTemplate Template(std::string_view word);  // of a list or a map: its JSON
  std::int64_t Count(std::string_view word) const;
  Ticks Duration(std::string_view word) const;
  bool Flag(std::string_view word) const;
  // A text with the placeholders of this statement; `node` is where it stands.
  TextTemplate Parse(std::string_view text, const ValueNode& node);

  void Complain(const ValueNode& node, std::string message) {
    complaints_->Add(node.place, std::move(message));
  }
  // At the value of a word, else at the statement.
  void Complain(std::string_view word, std::string message);
  Complaints* complaints() const { return complaints_; }
  // Whether nothing was wrong so far.
  bool Right() const { return complaints_->Count() == count_before_; }

 private:
  StatementReader(const DriverWords& table, const StatementSpec& statement,
                  std::span<const std::string> arguments, bool is_step, Complaints* complaints);
  const WordSpec& Spec(std::string_view word) const;

  const DriverWords table_;
  const StatementSpec& statement_;
  const std::span<const std::string> arguments_;
  const WordPlaces where_;
  const WordSpec* const head_;
  Complaints* const complaints_;
  const std::size_t count_before_;
};

// The same for a map below a word, by its own table; what is wrong there was told.
class WordMap {
 public:
  // `map`: nullptr: nothing is said.
  WordMap(std::span<const WordSpec> words, const ValueNode* map) : words_(words), map_(map) {}
  const ValueNode* Find(std::string_view word) const;
  // What a word says, else the fallback of the table. REQUIRES: the word is in the table.
  std::string Text(std::string_view word) const;
  std::int64_t Count(std::string_view word) const;
  Ticks Duration(std::string_view word) const;

 private:
  const WordSpec& Spec(std::string_view word) const;

  const std::span<const WordSpec> words_;
  const ValueNode* const map_;
};

// A choice in the spelling of the table: "read committed" of "read_committed".
std::string ChoiceText(const WordSpec& word, std::string_view said);

// For a run, whose statements were checked before: what `read(spec, complaints)` makes of one.
// Fails with kUsage when it is not right.
template <class Read>
auto ReadOne(const StatementSpec& spec, Read read)
    -> Result<std::invoke_result_t<Read, const StatementSpec&, Complaints*>> {
  ComplaintList complaints;
  auto made = read(spec, &complaints);
  if (Status right = complaints.ToStatus(TitleOf(spec, false)); !right) return Failed(right);
  return made;
}

}  // namespace mbench
