// SPDX-License-Identifier: Apache-2.0
//
// Requests in a driver's own language, as they are written in a workload file:
//
//   statements:
//     get_product:
//       {weight: 90, http: "GET /products/{key}", expect: {status: 200}, label: "json:/source"}
//     transfer:
//       weight: 10
//       isolation: serializable
//       transaction:
//       - {name: debit, sql: "UPDATE accounts SET balance = balance - {amount} WHERE id = {from}"}
//       - {name: credit, sql: "UPDATE accounts SET balance = balance + {amount} WHERE id = {to}"}
//
// A {name} in any text of a body is a placeholder: its value is drawn for every op and travels in
// Op::arguments. Drivers parse their texts with TextTemplate (harness/base/text_template.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/value_tree.h"
#include "harness/base/value_type.h"

namespace mbench {

// Those of a run are measured. kLoad writes records in the load phase; kSetUp is done once, around
// it; kCheck is asked once, when all is over.
enum class StatementUse { kRun, kLoad, kSetUp, kCheck };

struct StatementSpec {
  std::string name;
  double weight = 0;  // in the mix
  // A map of the driver's words: all that was written but name, weight and transaction.
  ValueNode body = {.kind = ValueNode::Kind::kMap};
  // Names of all placeholders, each once: Op::arguments has their values in this order. Steps have
  // the arguments of their transaction.
  std::vector<std::string> arguments = {};
  std::vector<ValueType> types = {};  // of `arguments`; empty: all texts
  // The values are drawn so often for each op, and stand in Op::arguments one set behind the other.
  // Above 1 only for statements whose body says `batch`. The last op of a load may have fewer.
  std::uint32_t batch = 1;
  StatementUse use = StatementUse::kRun;
  std::uint16_t system = 0;               // which of several systems it goes to; 0: the first
  std::vector<StatementSpec> steps = {};  // of a transaction; empty: one request
  Place place = {};                       // of its name, or of the whole

  // The value of a word; nullptr: it is not said.
  const ValueNode* Find(std::string_view word) const { return body.Child(word); }
  // What splits its results (Completion::label); "": nothing.
  std::string_view Label() const {
    const ValueNode* const label = Find("label");
    return label == nullptr ? std::string_view() : std::string_view(label->text);
  }
};

// Word -> its text, or what it holds as JSON; without the label.
inline std::map<std::string, std::string> TextsOf(const StatementSpec& statement) {
  std::map<std::string, std::string> texts;
  for (const ValueNode& word : statement.body.children)
    if (word.key != "label") texts.emplace(word.key, TextOf(word));
  return texts;
}

}  // namespace mbench
