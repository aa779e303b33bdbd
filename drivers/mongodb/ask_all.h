// SPDX-License-Identifier: Apache-2.0
//
// The loop over the batches of an answer; included by those who ask.
#pragma once

#include "drivers/mongodb/mongodb_session.h"

namespace mbench::mongodb {

// REQUIRES: the command is in content_.
template <class Visit>
bool MongodbSession::AskAll(Action::Kind kind, const std::string& database,
                            std::string_view collection, std::int32_t batch_size, Visit visit,
                            Fault* fault) {
  server_ = PickServer();
  const Ticks deadline = Clock::Now() + Plan().timeout;
  bool ok = Ask(kind, database, content_, fault);
  for (std::int64_t id = ok ? ReadBatch(reply_.get(), visit) : 0;
       id != 0 && Clock::Now() < deadline;) {
    content_.clear();
    const std::size_t begin = BeginDocument(&content_);
    PutGetMore(id, collection, batch_size, &content_);
    EndDocument(begin, &content_);
    ok = Ask(Action::Kind::kRead, database, content_, fault);
    id = ok ? ReadBatch(reply_.get(), visit) : 0;
  }
  server_ = 0;
  return ok;
}

}  // namespace mbench::mongodb
