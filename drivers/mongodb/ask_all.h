// SPDX-License-Identifier: Apache-2.0
//
// The loop over the batches of an answer; included by those who ask.
#pragma once

#include "drivers/mongodb/mongodb_session.h"

namespace mbench::mongodb {

// REQUIRES: the command is in content_.
template <class Visit>
bool MongodbSession::AskAll(const Action& action, Visit visit, Fault* fault) {
  server_ = PickServer(action);
  const Ticks deadline = Clock::Now() + Plan().timeout;
  if (!Ask(action, action.kind, content_, fault)) {
    server_ = 0;
    return false;
  }
  std::int64_t id = ReadBatch(reply_.get(), visit);
  std::string own;  // of a command, whose answer says it
  if (action.as_written) own = CollectionOfCursor(reply_.get());
  has_cursor_ = !own.empty();
  const std::string_view collection = own.empty() ? action.collection : own;
  bool ok = true, any = true;
  const auto count = [&](const bson_iter_t& document) {
    any = true;
    visit(document);
  };
  while (id != 0 && any && Clock::Now() < deadline) {
    content_.clear();
    const std::size_t begin = BeginDocument(&content_);
    PutGetMore(id, collection, action.batch_size, &content_);
    EndDocument(begin, &content_);
    ok = Ask(action, Action::Kind::kReadAsIs, content_, fault);
    any = false;
    id = ok ? ReadBatch(reply_.get(), count) : 0;
  }
  // Out of time; or it would wait for documents that are still to come.
  if (id != 0) CloseCursor(action, collection, id);
  server_ = 0;
  return ok;
}

}  // namespace mbench::mongodb
