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
#include <vector>

namespace mbench {

// What the values of a placeholder are, for systems whose values have types. All travel as text;
// one without data (a null pointer) is missing: NULL.
enum class ArgumentType {
  kText,
  kInteger,  // a whole number of 64 bits, in decimal
  kDouble,
  kDecimal,  // must not be rounded
  kFlag,     // true or false
  kDate,     // 2026-01-31, with a time or without (harness/base/date.h)
  kPoint,    // [longitude, latitude]
};

struct StatementSpec {
  std::string name;
  // Keys and values as written, but weight, label and transaction. What is not a scalar is JSON.
  std::map<std::string, std::string> body = {};
  std::string label = {};  // what splits its results (Completion::label), as the driver reads it
  // Names of all placeholders, each once: Op::arguments has their values in this order. Steps have
  // the arguments of their transaction.
  std::vector<std::string> arguments = {};
  std::vector<ArgumentType> types = {};  // of `arguments`; empty: all texts
  // The values are drawn so often for each op, and stand in Op::arguments one set behind the other.
  // Above 1 only for statements whose body says `batch`. The last op of a load may have fewer.
  std::uint32_t batch = 1;
  std::vector<StatementSpec> steps = {};  // of a transaction; empty: one request
};

}  // namespace mbench
