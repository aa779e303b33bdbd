// SPDX-License-Identifier: Apache-2.0
//
// Takes what is wrong with something a person wrote, each thing with its place, until all of it was
// looked at. The reader of a workload file shows them as a compiler does (config/mistakes.h).
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/place.h"
#include "harness/base/result.h"

namespace mbench {

class Complaints {
 public:
  virtual ~Complaints() = default;
  virtual void Add(const Place& place, std::string message) = 0;
  // Grows whenever something is found to be wrong: a reader compares it to know whether its part is
  // whole.
  virtual std::size_t Count() const = 0;
};

// Keeps the messages alone: for what was checked at its place before and is read once more.
class ComplaintList final : public Complaints {
 public:
  void Add(const Place&, std::string message) override { messages_.push_back(std::move(message)); }
  std::size_t Count() const override { return messages_.size(); }
  const std::vector<std::string>& Messages() const { return messages_; }
  // Fails with kUsage when there is a complaint; `what` stands in front of it.
  Status ToStatus(std::string_view what) const {
    if (messages_.empty()) return {};
    return BadConfig("{}: {}", what, fmt::join(messages_, "; "));
  }

 private:
  std::vector<std::string> messages_;
};

}  // namespace mbench
