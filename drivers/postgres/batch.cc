// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/batch.h"

#include <algorithm>

#include "drivers/postgres/wire.h"

namespace mbench::postgres {

std::size_t Batch::Find(std::string_view in, std::size_t* scanned) {
  Message message;
  for (;;) {
    switch (CutMessage(in.substr(*scanned), &message)) {
      case Cut::kPart:
        return 0;
      case Cut::kBad:
        return kBad;
      case Cut::kWhole:
        *scanned += message.size;
        if (message.type == 'Z') return *scanned;
        if (message.type == 'E' && EndsConnection(message.body)) return *scanned;
    }
  }
}

void Batch::NoteRows(Result* result) {
  const std::optional<std::uint64_t> counted = RowsOfTag(result->tag);
  if (result->rows == 0) result->rows = counted.value_or(0);
  result->items = counted ? result->rows : std::max<std::uint64_t>(1, result->rows);
}

void Batch::Read(std::string_view in) {
  results_.clear();
  error_ = {};
  size_ = in.size();
  Result result;
  Message message;
  while (CutMessage(in, &message) == Cut::kWhole) {
    in.remove_prefix(message.size);
    result.size += message.size;
    switch (message.type) {
      case 'D':
        if (result.rows++ == 0) result.first_row = message.body;
        break;
      case 'C':
        result.tag = message.body;
        result.wrote = !message.body.starts_with("SELECT");
        NoteRows(&result);
        [[fallthrough]];
      case 'I':  // an empty query
        results_.push_back(result);
        result = {};
        break;
      case 'E':
        if (error_.empty()) error_ = message.body;
        break;
      case 'Z':
        status_ = message.body.empty() ? 'I' : message.body[0];
        break;
      default:  // ParseComplete, BindComplete, notices ...
        break;
    }
  }
  rest_ = result.size;
}

}  // namespace mbench::postgres
