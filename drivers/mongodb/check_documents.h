// SPDX-License-Identifier: Apache-2.0
//
// Whether the documents of a statement can be BSON; what is wrong is told at the innermost value
// that has it:
//
//   w.yaml:12:24: error: '_id' is not right: Invalid input string "short" ...
//      12 |             _id: {$oid: short}
//         |                         ^~~~~
#pragma once

#include "drivers/mongodb/bson_template.h"
#include "drivers/statement_reader.h"

namespace mbench::mongodb {

bool CheckDocuments(StatementReader* reader, const Placeholders& placeholders);

}  // namespace mbench::mongodb
