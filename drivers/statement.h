// SPDX-License-Identifier: Apache-2.0
//
// Requests in a driver's own language, as they are written in a workload file:
//
//   statements:
//     get_product: {weight: 90, http: "GET /products/{key}", expect: {status: 200}, label:
//     json:/source} transfer:
//       weight: 10
//       isolation: serializable
//       transaction:
//         - {name: debit,  sql: "UPDATE accounts SET balance = balance - {amount} WHERE id =
//         {from}"}
//         - {name: credit, sql: "UPDATE accounts SET balance = balance + {amount} WHERE id = {to}"}
//
// A {name} in any text of a body is a placeholder: its value is drawn for every op and travels in
// Op::arguments. Drivers parse their texts with TextTemplate (harness/base/text_template.h).
#pragma once

#include <map>
#include <string>
#include <vector>

namespace mbench {

struct StatementSpec {
  std::string name;
  // Keys and values as written, but weight, label and transaction. What is not a scalar is JSON.
  std::map<std::string, std::string> body = {};
  std::string label = {};  // what splits its results (Completion::label), as the driver reads it
  // Names of all placeholders, each once: Op::arguments has their values in this order. Steps have
  // the arguments of their transaction.
  std::vector<std::string> arguments = {};
  std::vector<StatementSpec> steps = {};  // of a transaction; empty: one request
};

}  // namespace mbench
