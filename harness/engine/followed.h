// SPDX-License-Identifier: Apache-2.0
//
// What statements say of themselves for the ledger: which key and version they write or read.
//
//   put: {..., writes: {key: "{key}", version: "{version}"}}
//   get: {..., reads: {key: "{key}", version: json:/price}}    the driver takes it from the reply
//
// In the ledger a key is a number: a plain one stands for itself, any other text for its hash, and
// then the text is kept for whoever reads the key back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/base/text_template.h"
#include "harness/plan/run_plan.h"

namespace mbench {

struct FollowedStatement {
  struct Write {
    TextTemplate key, version;
  };
  std::optional<Write> write;
  std::optional<TextTemplate> read;  // its key
};

// As the statements of the mix. REQUIRES: they were checked (harness/config/check_ledger.cc).
std::vector<FollowedStatement> FollowedStatements(const MixPlan& mix);

// What a run's ledger is told.
struct WhatIsFollowed {
  bool verbs = false;                         // their writes
  bool reads = false;                         // of verbs
  std::vector<FollowedStatement> statements;  // as those of the mix; empty: none
  explicit operator bool() const { return verbs || !statements.empty(); }
};

// Of the text of a key.
std::uint64_t KeyNumber(std::string_view text);

// Of the text of a version, as it was sent or as a system shows it: a whole number for itself, also
// where it comes back as 12.00; a hash of any other.
std::uint64_t VersionNumber(std::string_view text);

// Texts of keys that are no plain numbers. Thread: one.
class KeyTexts {
 public:
  static constexpr std::size_t kMost = std::size_t{1} << 20;

  // `number`: of `text`. What comes when there are kMost is not kept.
  void Keep(std::uint64_t number, std::string_view text);
  void Add(const KeyTexts& other);
  // Nothing: it was not kept.
  std::optional<std::string> Find(std::uint64_t number) const;

 private:
  std::unordered_map<std::uint64_t, std::string> texts_;
};

}  // namespace mbench
