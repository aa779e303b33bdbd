// SPDX-License-Identifier: Apache-2.0
//
// The facet of a driver that keeps records: whose they are, and which.
//
// A short text, the mark, stands beside the data, so that a later run knows what the store holds.
// No mark: the data are not ours, and nothing may touch them.
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace mbench {

// The mark of data whose load has not ended with SetDataset. A driver that makes a new store leaves
// it there at once, so that what an interrupted load leaves behind is known to be ours and can be
// cleared.
inline constexpr std::string_view kUnfinishedDataset = "unfinished";

struct StoredData {
  std::string dataset = {};  // the mark; "": none, these data are not ours
  bool empty = true;         // holds no records
};

// Thread: the conductor's, after Driver::Open.
class MarkedStore {
 public:
  virtual ~MarkedStore() = default;

  // What is there now.
  virtual Result<StoredData> Look() = 0;

  // Removes all records that mbench put there, so that a load starts from nothing; the mark is then
  // kUnfinishedDataset. Refuses to touch data without a mark. REQUIRES: no session is alive.
  virtual Status Clear() = 0;

  // Replaces the mark. To be called when a load is done: returns when the data are safely stored
  // and the system has finished what the load left it to do (compactions), at most a minute later.
  // Also called with texts that begin with kUnfinishedDataset while sessions load.
  virtual Status SetDataset(std::string_view mark) = 0;
};

}  // namespace mbench
