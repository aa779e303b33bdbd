// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/batch.h"

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

void Batch::Read(std::string_view in) {
  results_.clear();
  error_ = {};
  Result result;
  Message message;
  while (CutMessage(in, &message) == Cut::kWhole) {
    in.remove_prefix(message.size);
    switch (message.type) {
      case 'D': {
        if (result.rows++ == 0) result.first_row = message.body;
        const std::size_t overhead = 2 + 4u * RowReader(message.body).Columns();
        if (message.body.size() > overhead)
          result.bytes += static_cast<std::uint32_t>(message.body.size() - overhead);
        break;
      }
      case 'C':
        result.tag = message.body;
        result.wrote = !message.body.starts_with("SELECT");
        if (result.rows == 0) result.rows = RowsOfTag(message.body);
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
}

}  // namespace mbench::postgres
