// SPDX-License-Identifier: Apache-2.0
//
// One operation of the workload, from the moment it is chosen until its outcome is known.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/op.h"
#include "harness/plan/run_plan.h"

namespace mbench {

// Lives in a slot and is used again and again; its buffers keep their storage. `op` points into
// them, so a Request stays where it is.
struct Request {
  std::uint16_t op_index = 0;  // into Workload::OpNames(): what it is counted as
  Verb verb = Verb::kRead;     // kRmw: `op` is the read first, then the update
  bool is_statement = false;
  std::uint64_t record = 0;                   // number of the record
  std::uint64_t version = 0;                  // of what is written; of a statement its {version}
  std::uint16_t write_field = kAllFields;     // update, rmw: which field is written
  std::string key_storage;                    // op.key is in it
  std::string value;                          // op.value is all of it
  std::vector<std::string_view> arguments;    // statements: op.arguments is all of it
  std::vector<std::string> argument_storage;  // `arguments` point into it
  std::unique_ptr<char[]> point_text;         // and into this, with points of a fleet
  std::size_t point_room = 0;                 // its bytes
  Op op;
};

}  // namespace mbench
